//! Prices that people ask for before they connect, where a source gives them. A price that is not here is unknown, never
//! zero and never that of another Region.

/// When these prices were read from the AWS Price List API.
pub const AS_OF: &str = "2026-09-21";

/// Hours of a month, as AWS counts in its examples.
pub const HOURS_PER_MONTH: u32 = 730;

/// A price in hundred-thousandths of a US dollar, so that sums are exact.
pub type HundredThousandths = u32;

/// What an interface endpoint costs for each hour and Availability Zone. Source: the price table of xbill9/zombiescan, read
/// from the AWS Price List API, for the Regions in which an independent reading agrees.
const ENDPOINT_HOUR: &[(&str, HundredThousandths)] =
    &[("eu-central-1", 1200), ("eu-west-1", 1100), ("eu-west-2", 1100), ("us-east-1", 1000), ("us-west-2", 1000)];

/// What an interface endpoint costs for each gigabyte, in both directions, up to the first petabyte of a month. Source: AWS
/// PrivateLink pricing (Price List of 2026-09-17).
pub const ENDPOINT_GIGABYTE: HundredThousandths = 1000;

/// What an interface endpoint costs for each hour and Availability Zone of a Region.
#[must_use]
pub fn endpoint_hour(region: &str) -> Option<HundredThousandths> {
    let index = ENDPOINT_HOUR.binary_search_by(|(name, _)| (*name).cmp(region)).ok()?;
    ENDPOINT_HOUR.get(index).map(|(_, price)| *price)
}

/// What costs so much an hour costs in a month, in dollars and cents.
#[must_use]
pub fn per_month(hour: HundredThousandths) -> String {
    let cents = (hour * HOURS_PER_MONTH + 500) / 1000;
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A price as people write it, without digits that say nothing: `0.011`.
#[must_use]
pub fn dollars(price: HundredThousandths) -> String {
    let digits = format!("{}.{:05}", price / 100_000, price % 100_000);
    let short = digits.trim_end_matches('0');
    // Cents are always written.
    let shortest = digits.find('.').map_or(digits.len(), |point| point + 3);
    digits.chars().take(short.len().max(shortest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Region;

    #[test]
    fn the_table_is_sorted_and_its_regions_exist() {
        assert!(ENDPOINT_HOUR.is_sorted_by(|left, right| left.0 < right.0));
        for (region, price) in ENDPOINT_HOUR {
            assert!(Region::find(region).is_some(), "{region}");
            assert_eq!(endpoint_hour(region), Some(*price));
        }
        assert_eq!(endpoint_hour("cn-north-1"), None);
    }

    #[test]
    fn a_month_is_rounded_to_cents() {
        // The worked values of AWS's examples: 730 hours.
        assert_eq!(per_month(1000), "7.30");
        assert_eq!(per_month(1155), "8.43");
    }

    #[test]
    fn prices_are_written_as_people_do() {
        for (price, written) in [(1000, "0.01"), (1100, "0.011"), (1155, "0.01155"), (1_460_000, "14.60"), (0, "0.00")]
        {
            assert_eq!(dollars(price), written);
        }
    }
}
