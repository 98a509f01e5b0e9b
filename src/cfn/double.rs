//! Doubles as text and back: exactly, and in little code.
//!
//! The standard library and `serde_json` do the same faster, with tables and several algorithms of tens of kilobytes, which
//! weigh too much for WASM. Doubles are rare in templates, and most are short: those take the fast way here too.

use std::cmp::Ordering;

/// Every whole number up to here is a double.
const EXACT_WHOLE: u64 = 1 << 53;

/// The highest power of ten that is a double without rounding.
const EXACT_POWER: i32 = 22;

/// So many digits decide how any decimal number rounds; whether anything but zeros follows is all that counts of the rest.
const MOST_DIGITS: usize = 800;

/// The exponent of two of the smallest double above zero.
const LEAST_EXPONENT: i32 = -1074;

/// A whole number of any size, the lowest digits (of 32 bits) first, without zeros at the end.
#[derive(Clone, Default)]
struct Big(Vec<u32>);

impl Big {
    fn from(number: u64) -> Self {
        let mut big = Self::default();
        big.carry(number);
        big
    }

    /// `self = self * factor + summand`.
    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for digit in &mut self.0 {
            // Below 2^32 * 2^32, since both factors and the carry are below 2^32.
            carry = u64::from(*digit).wrapping_mul(u64::from(factor)).wrapping_add(carry);
            *digit = low(carry);
            carry >>= 32;
        }
        self.carry(carry);
    }

    fn carry(&mut self, mut rest: u64) {
        while rest > 0 {
            self.0.push(low(rest));
            rest >>= 32;
        }
    }

    fn times_power_of_ten(&mut self, power: u32) {
        for _ in 0..power {
            self.multiply_add(10, 0);
        }
    }

    fn times_power_of_two(&mut self, power: u32) {
        if self.0.is_empty() {
            return;
        }
        self.multiply_add(1 << (power % 32), 0);
        self.0.splice(0..0, (0..power / 32).map(|_| 0));
    }

    fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.0.resize(self.0.len().max(other.0.len()), 0);
        let mut carry = 0;
        let others = other.0.iter().chain(std::iter::repeat(&0));
        for (digit, other) in sum.0.iter_mut().zip(others) {
            carry += u64::from(*digit) + u64::from(*other);
            *digit = low(carry);
            carry >>= 32;
        }
        sum.carry(carry);
        sum
    }

    /// Takes `other` off, which is not larger.
    fn take(&mut self, other: &Self) {
        let mut borrowed = false;
        let others = other.0.iter().chain(std::iter::repeat(&0));
        for (digit, other) in self.0.iter_mut().zip(others) {
            let (rest, first) = digit.overflowing_sub(*other);
            let (rest, second) = rest.overflowing_sub(u32::from(borrowed));
            *digit = rest;
            borrowed = first || second;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn bits(&self) -> i32 {
        let whole = i32::try_from(self.0.len()).unwrap_or(i32::MAX).saturating_mul(32);
        whole.saturating_sub(self.0.last().map_or(0, |digit| digit.leading_zeros().cast_signed()))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
const fn low(number: u64) -> u32 {
    number as u32
}

/// The double nearest to a decimal number as JSON and YAML write it: digits, perhaps with a sign, a fraction and an
/// exponent. Infinite when it is too large for a double; nothing when `text` is no number.
#[must_use]
pub fn read(text: &str) -> Option<f64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = whole.bytes().chain(fraction.bytes());
    if mantissa.len() <= usize::from(mantissa.contains('.')) || !digits.clone().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let size = nearest(&mut digits, exponent.saturating_sub(places));
    Some(if negative { -size } else { size })
}

/// An exponent; one that is beyond all doubles stays far beyond them.
fn read_exponent(text: &str) -> Option<i32> {
    const FAR: i32 = 1 << 27;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let add = |number: i32, digit: u8| (number * 10 + i32::from(digit - b'0')).min(FAR);
    let exponent = digits.bytes().fold(0, add);
    Some(if negative { -exponent } else { exponent })
}

/// The double nearest to `digits * 10^exponent`.
fn nearest(digits: &mut dyn Iterator<Item = u8>, mut exponent: i32) -> f64 {
    let mut number = Big::default();
    let mut taken = 0;
    for digit in digits {
        let value = u32::from(digit.wrapping_sub(b'0'));
        if taken < MOST_DIGITS {
            number.multiply_add(10, value);
            taken += usize::from(!number.0.is_empty());
        } else {
            // One digit more stands for all that follow.
            exponent = exponent.saturating_add(1);
            if value > 0
                && taken == MOST_DIGITS
                && let Some(lowest) = number.0.first_mut()
            {
                *lowest |= 1;
            }
        }
    }
    if number.0.is_empty() || exponent < -2000 {
        return 0.0;
    }
    if exponent > 400 {
        return f64::INFINITY;
    }
    match *number.0.as_slice() {
        [low] => exact(u64::from(low), exponent),
        [low, high] => exact((u64::from(high) << 32) | u64::from(low), exponent),
        _ => None,
    }
    .unwrap_or_else(|| rounded(number, exponent))
}

/// The fast way: when both are exact, a single operation rounds once.
fn exact(number: u64, exponent: i32) -> Option<f64> {
    if number > EXACT_WHOLE || exponent.abs() > EXACT_POWER {
        return None;
    }
    let power = (0..exponent.abs()).fold(1.0, |power, _| power * 10.0);
    #[expect(clippy::cast_precision_loss, reason = "checked: at most 2^53")]
    let number = number as f64;
    Some(if exponent < 0 { number / power } else { number * power })
}

/// The slow way, with whole numbers: `number * 10^exponent` rounded to the nearest double, ties to even.
fn rounded(mut number: Big, exponent: i32) -> f64 {
    let mut divisor = Big::from(1);
    if exponent < 0 {
        divisor.times_power_of_ten(exponent.unsigned_abs());
    } else {
        number.times_power_of_ten(exponent.unsigned_abs());
    }
    // The quotient lies between 2^(power - 1) and 2^(power + 1).
    let power = number.bits() - divisor.bits();
    // So that the last bit of the quotient's whole part is the last bit of the double, or the one below it.
    let mut last = (power - 53).max(LEAST_EXPONENT);
    if last < 0 {
        number.times_power_of_two(last.unsigned_abs());
    } else {
        divisor.times_power_of_two(last.unsigned_abs());
    }
    let mut quotient = divide(&mut number, &divisor);
    let mut rest = !number.0.is_empty();
    let mut double = number;
    double.multiply_add(2, 0);
    let mut half = double.compare(&divisor);
    if quotient >= EXACT_WHOLE {
        // One bit too many: it says on which side of the half the rest is.
        half = match (quotient & 1, rest) {
            (0, _) => Ordering::Less,
            (_, false) => Ordering::Equal,
            (_, true) => Ordering::Greater,
        };
        quotient >>= 1;
        last += 1;
        rest = true;
    }
    if rest && (half == Ordering::Greater || (half == Ordering::Equal && quotient & 1 == 1)) {
        quotient += 1;
    }
    assembled(quotient, last)
}

/// The whole part of `number / divisor`, which is below 2^55; the remainder stays in `number`.
fn divide(number: &mut Big, divisor: &Big) -> u64 {
    let mut quotient = 0;
    for bit in (0..55).rev() {
        let mut part = divisor.clone();
        part.times_power_of_two(bit);
        if number.compare(&part) != Ordering::Less {
            number.take(&part);
            quotient |= 1 << bit;
        }
    }
    quotient
}

/// `mantissa * 2^exponent`, of which nothing is lost; infinite when it is too large.
fn assembled(mut mantissa: u64, mut exponent: i32) -> f64 {
    if mantissa >= EXACT_WHOLE {
        // Rounding up went past 53 bits: the lowest is zero.
        mantissa >>= 1;
        exponent += 1;
    }
    if exponent > 971 {
        return f64::INFINITY;
    }
    let hidden = EXACT_WHOLE >> 1;
    if mantissa < hidden {
        return f64::from_bits(mantissa);
    }
    let biased = u64::from(exponent.saturating_sub(LEAST_EXPONENT).saturating_add(1).unsigned_abs());
    f64::from_bits((biased << 52) | (mantissa & (hidden - 1)))
}

/// The fewest digits that read as the same double, the nearest to it among those, and the exponent of ten of the first
/// digit. For doubles above zero.
///
/// Source of the method: Steele and White, "How to print floating-point numbers accurately", as Burger and Dybvig have it.
fn shortest(number: f64) -> (Vec<u8>, i32) {
    let bits = number.to_bits();
    let (biased, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let exponent = LEAST_EXPONENT.saturating_add(i32::try_from(biased.saturating_sub(1)).unwrap_or_default());
    let mantissa = if biased == 0 { fraction } else { fraction | (1 << 52) };
    // The gap below a power of two is half as wide as the one above it.
    let narrow = u32::from(fraction == 0 && biased > 1);
    let even = mantissa & 1 == 0;
    // The number is `rest / scale`, the halves of the gaps above and below are `above / scale` and `below / scale`.
    let (mut rest, mut scale, mut below) = (Big::from(mantissa), Big::from(1), Big::from(1));
    rest.times_power_of_two(1 + narrow);
    scale.times_power_of_two(1 + narrow);
    if exponent < 0 {
        scale.times_power_of_two(exponent.unsigned_abs());
    } else {
        rest.times_power_of_two(exponent.unsigned_abs());
        below.times_power_of_two(exponent.unsigned_abs());
    }
    let mut above = below.clone();
    above.times_power_of_two(narrow);
    // The power of ten, or one less: the logarithm of two, rounded down.
    let bits = (64 - i32::try_from(mantissa.leading_zeros()).unwrap_or_default()).saturating_add(exponent);
    let mut power = (bits - 1).saturating_mul(1233) >> 12;
    if power < 0 {
        for big in [&mut rest, &mut above, &mut below] {
            big.times_power_of_ten(power.unsigned_abs());
        }
    } else {
        scale.times_power_of_ten(power.unsigned_abs());
    }
    let is_over = |rest: &Big, above: &Big, scale: &Big, factor: u32| {
        let mut limit = scale.clone();
        limit.multiply_add(factor, 0);
        let order = rest.plus(above).compare(&limit);
        order == Ordering::Greater || (order == Ordering::Equal && even)
    };
    while is_over(&rest, &above, &scale, 10) {
        scale.multiply_add(10, 0);
        power += 1;
    }
    while !is_over(&rest, &above, &scale, 1) {
        for big in [&mut rest, &mut above, &mut below] {
            big.multiply_add(10, 0);
        }
        power -= 1;
    }
    let mut digits = Vec::new();
    loop {
        let mut digit = b'0';
        while rest.compare(&scale) != Ordering::Less {
            rest.take(&scale);
            digit += 1;
        }
        let order = rest.compare(&below);
        let low = order == Ordering::Less || (order == Ordering::Equal && even);
        let high = is_over(&rest, &above, &scale, 1);
        if low || high {
            let mut double = rest.clone();
            double.multiply_add(2, 0);
            let nearer_above = match double.compare(&scale) {
                Ordering::Less => false,
                Ordering::Equal => digit & 1 == 1,
                Ordering::Greater => true,
            };
            digits.push(if high && (!low || nearer_above) { digit + 1 } else { digit });
            return (digits, power);
        }
        digits.push(digit);
        for big in [&mut rest, &mut above, &mut below] {
            big.multiply_add(10, 0);
        }
    }
}

/// The shortest text that reads as the same double, with a decimal point or an exponent so that it reads as a double, as
/// JSON has it: `0.5`, `1.0`, `1e+16`, `-1.8881545897087846e+289`. The number must be finite.
#[must_use]
pub fn written(number: f64) -> String {
    laid_out(number, true)
}

/// The same digits as people write them, without an exponent: `0.5`, `1`, `100000000000000000000`.
#[must_use]
pub fn shown(number: f64) -> String {
    laid_out(number, false)
}

fn laid_out(number: f64, for_json: bool) -> String {
    let mut text = String::new();
    if number.is_sign_negative() {
        text.push('-');
    }
    if number == 0.0 {
        text.push_str(if for_json { "0.0" } else { "0" });
        return text;
    }
    let (digits, power) = shortest(number.abs());
    // Where the decimal point stands, counted from the first digit.
    let point = power.saturating_add(1);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let has_exponent = for_json && !(-4..=16).contains(&point);
    let point_within = if has_exponent { 1 } else { point };
    if point_within <= 0 {
        text.push_str("0.");
        text.extend((point_within..0).map(|_| '0'));
    }
    for (place, digit) in (0..).zip(&digits) {
        if place == point_within && point_within > 0 {
            text.push('.');
        }
        text.push(char::from(*digit));
    }
    if has_exponent {
        text.push_str(if power < 0 { "e" } else { "e+" });
        text.push_str(&power.to_string());
    } else if point_within >= count {
        text.extend((count..point_within).map(|_| '0'));
        text.push_str(if for_json { ".0" } else { "" });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_same(number: f64) {
        assert_eq!(written(number), serde_json::to_string(&number).unwrap());
        // The two differ in the last digit where two of them are equally near.
        assert_eq!(shown(number).len(), number.to_string().len());
        assert_eq!(read(&shown(number)).map(f64::to_bits), Some(number.to_bits()), "{number:e}");
        assert_eq!(read(&written(number)).map(f64::to_bits), Some(number.to_bits()), "{number:e}");
        assert_eq!(read(&format!("{number:e}")).map(f64::to_bits), Some(number.to_bits()), "{number:e}");
    }

    #[test]
    fn hard_doubles_are_written_and_read() {
        let tiny = f64::from_bits(1);
        for number in [0.0, -0.0, 1.0, 0.1, 0.3, 1e16, 1e17, 1e-4, 1e-5, 123_456.789, 1e21, 1e22, 1e23, 5e-324, tiny] {
            assert_same(number);
        }
        for number in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, -1.888_154_589_708_784_6e289, 9_007_199_254_740_993.0] {
            assert_same(number);
        }
        for exponent in 0..=2046 {
            assert_same(f64::from_bits(exponent << 52));
            assert_same(f64::from_bits((exponent << 52) | 1));
            assert_same(f64::from_bits((exponent << 52) | ((1 << 52) - 1)));
        }
    }

    #[test]
    fn hard_texts_are_read() {
        let half = format!("{}5{}1", "0.", "0".repeat(2000));
        let halfway = "9007199254740993";
        let above = format!("{halfway}.{}1", "0".repeat(1000));
        let long = format!("1{}e-1200", "0".repeat(1200));
        let texts = [half.as_str(), halfway, &above, &long, "2.4703282292062327e-324", "2.4703282292062328e-324"];
        let texts = texts.into_iter().chain(["1.7976931348623158e308", "1.7976931348623159e308", "1e400", "1e-400"]);
        for text in texts.chain(["0e999999999999", "1e999999999999", "1e-999999999999", "00.10", "+1.5E+3"]) {
            assert_eq!(read(text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
        }
        assert_eq!(["", ".", "-", "1e", "1e+", "x", "1.2.3", "inf", "0x1"].map(read), [None; 9]);
    }

    proptest! {
        #[test]
        fn doubles_are_written_and_read_as_others_do(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                assert_same(number);
            }
        }

        #[test]
        fn decimals_are_read_as_the_standard_library_reads_them(text in "-?[0-9]{1,40}(\\.[0-9]{1,30})?(e-?[0-9]{1,3})?") {
            prop_assert_eq!(read(&text).map(f64::to_bits), text.parse().ok().map(f64::to_bits));
        }
    }
}
