//! Schedules as AWS writes them: `rate(…)`, `cron(…)` and `at(…)`.

use crate::cfn::Gather as _;

/// What a schedule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule<'a> {
    /// Again and again, so many hours apart (rounded up).
    Rate {
        /// Hours.
        hours: i64,
    },
    /// At certain times: minute, hour, day of the month, month, day of the week, year.
    Cron {
        /// The minute.
        minute: &'a str,
        /// The hour.
        hour: &'a str,
    },
    /// Once.
    At,
}

/// Reads a schedule.
///
/// Source: Application Auto Scaling user guide, "Scheduled actions", and Secrets Manager user guide, "Schedule expressions".
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Schedule<'_>, &'static str> {
    let Some((kind, rest)) = text.split_once('(') else {
        return Err("it is none of `rate(…)`, `cron(…)` and `at(…)`");
    };
    let Some(body) = rest.strip_suffix(')') else { return Err("it does not end with `)`") };
    match kind {
        "rate" => rate(body),
        "cron" => cron(body),
        "at" if is_moment(body) => Ok(Schedule::At),
        "at" => Err("its moment is not like `2027-01-31T18:00:00`"),
        _ => Err("it is none of `rate(…)`, `cron(…)` and `at(…)`"),
    }
}

fn rate(body: &str) -> Result<Schedule<'static>, &'static str> {
    let wrong = "it is not like `rate(12 hours)`";
    let (count, unit) = body.split_once(' ').ok_or(wrong)?;
    let count = count.parse::<i64>().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or(wrong)?;
    let hours = match unit {
        "minute" | "minutes" => (count + 59) / 60,
        "hour" | "hours" => count,
        "day" | "days" => count * 24,
        _ => return Err("its unit is none of `minutes`, `hours` and `days`"),
    };
    Ok(Schedule::Rate { hours })
}

fn cron(body: &str) -> Result<Schedule<'_>, &'static str> {
    let fields: Vec<&str> = body.split(' ').gather();
    let [minute, hour, day, _, weekday, _] = fields.as_slice() else {
        return Err("it does not have six fields: minute, hour, day of the month, month, day of the week, year");
    };
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "*/,?#-".contains(character);
    if fields.iter().any(|field| field.is_empty() || !field.chars().all(is_allowed)) {
        return Err("one of its fields has a character that it may not have");
    }
    if (*day == "?") == (*weekday == "?") {
        return Err("exactly one of day of the month and day of the week is `?`");
    }
    Ok(Schedule::Cron { minute, hour })
}

/// Whether `text` is like `2027-01-31T18:00:00`.
fn is_moment(text: &str) -> bool {
    const PATTERN: &str = "0000-00-00T00:00:00";
    let fits = |(character, pattern): (char, char)| match pattern {
        '0' => character.is_ascii_digit(),
        separator => character == separator,
    };
    text.len() == PATTERN.len() && text.chars().zip(PATTERN.chars()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_that_aws_documents_are_read() {
        assert_eq!(parse("rate(4 hours)"), Ok(Schedule::Rate { hours: 4 }));
        assert_eq!(parse("rate(1 day)"), Ok(Schedule::Rate { hours: 24 }));
        assert_eq!(parse("rate(90 minutes)"), Ok(Schedule::Rate { hours: 2 }));
        assert_eq!(parse("cron(0 8 1 * ? *)"), Ok(Schedule::Cron { minute: "0", hour: "8" }));
        assert_eq!(parse("cron(0/30 9-17 ? * MON-FRI *)"), Ok(Schedule::Cron { minute: "0/30", hour: "9-17" }));
        assert_eq!(parse("at(2027-01-31T18:00:00)"), Ok(Schedule::At));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = [
            "",
            "daily",
            "every(1 day)",
            "rate(1 day",
            "rate(day)",
            "rate(0 days)",
            "rate(-1 days)",
            "rate(2 weeks)",
            "cron(0 8 * * *)",
            "cron(0 8 * * * *)",
            "cron(0 8 ? * ? *)",
            "cron(0  8 * * ? *)",
            "cron(0 8 é * ? *)",
            "at(2027-01-31)",
            "at(2027-01-31 18:00:00)",
        ];
        for text in wrong {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
