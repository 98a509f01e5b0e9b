//! CloudWatch Logs: retention, names and classes of log groups, and the options of the `awslogs` driver.

use std::ops::RangeInclusive;

/// The days that a log group can keep its events; without a value it keeps them for ever.
///
/// Source: botocore 1.44.5, shape `Days` of CloudWatch Logs.
pub const RETENTION_DAYS: &[u32] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Whether a log group can keep its events for so many days.
#[must_use]
pub fn is_retention(days: u32) -> bool {
    RETENTION_DAYS.binary_search(&days).is_ok()
}

/// The shortest retention, in days, that keeps events at least as long as asked for; the longest when none does.
#[must_use]
pub fn retention_of_at_least(days: u32) -> u32 {
    let long_enough = RETENTION_DAYS.iter().find(|retention| **retention >= days);
    long_enough.or(RETENTION_DAYS.last()).copied().unwrap_or(days)
}

/// The classes of log groups; the first is the default, and none can be changed later. Events in `DELIVERY` are kept for
/// one day and cannot be queried.
///
/// Source: botocore 1.44.5, shape `LogGroupClass` of CloudWatch Logs.
pub const CLASSES: &[&str] = &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"];

/// How many characters the name of a log group has. Source: botocore 1.44.5, shape `LogGroupName`.
pub const NAME_LENGTH: RangeInclusive<usize> = 1..=512;

/// What is wrong with the name of a log group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It is empty or longer than 512 characters.
    Length,
    /// It has a character other than letters, digits, and `.`, `-`, `_`, `/`, `#`.
    Character(char),
    /// It begins with `aws/`, which is kept for AWS. (`/aws/` is not.)
    Reserved,
}

impl std::fmt::Display for NameError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length => formatter.write_str("it does not have 1 to 512 characters"),
            Self::Character(stray) => write!(formatter, "it has the character `{stray}`"),
            Self::Reserved => formatter.write_str("it begins with `aws/`, which AWS keeps for itself"),
        }
    }
}

/// Checks the name of a log group.
///
/// Source: botocore 1.44.5, shape `LogGroupName` and operation `CreateLogGroup` of CloudWatch Logs.
///
/// # Errors
///
/// The first thing that AWS would refuse.
pub fn check_log_group_name(name: &str) -> Result<(), NameError> {
    if !NAME_LENGTH.contains(&name.chars().count()) {
        return Err(NameError::Length);
    }
    let is_stray = |letter: &char| !letter.is_ascii_alphanumeric() && !".-_/#".contains(*letter);
    if let Some(stray) = name.chars().find(is_stray) {
        return Err(NameError::Character(stray));
    }
    if name.starts_with("aws/") { Err(NameError::Reserved) } else { Ok(()) }
}

/// An option of the `awslogs` driver.
#[derive(Debug, PartialEq, Eq)]
pub struct AwslogsOption {
    /// Its key.
    pub key: &'static str,
    /// Whether a container on Fargate must set it.
    pub is_required: bool,
    /// What it is when not set; `None` when nothing takes its place.
    pub default: Option<&'static str>,
}

const fn option(key: &'static str, is_required: bool, default: Option<&'static str>) -> AwslogsOption {
    AwslogsOption { key, is_required, default }
}

/// The options of the `awslogs` driver, sorted by key.
///
/// The default of `mode` can be changed for a whole account and Region by the account setting `defaultLogDriverMode`.
/// Source: botocore 1.44.5, shape `LogConfiguration` of ECS.
pub const AWSLOGS_OPTIONS: &[AwslogsOption] = &[
    option("awslogs-create-group", false, Some("false")),
    option("awslogs-datetime-format", false, None),
    option("awslogs-group", true, None),
    option("awslogs-multiline-pattern", false, None),
    option("awslogs-region", true, None),
    option("awslogs-stream-prefix", true, None),
    option("max-buffer-size", false, Some("10m")),
    option("mode", false, Some("non-blocking")),
];

/// Options of the `awslogs` driver of which only one may be set. Same source.
pub const AWSLOGS_EXCLUSIVE: [&str; 2] = ["awslogs-datetime-format", "awslogs-multiline-pattern"];

/// How messages reach the driver. `blocking` holds the application up while CloudWatch Logs cannot be reached;
/// `non-blocking` loses messages when the buffer is full. Same source.
pub const AWSLOGS_MODES: &[&str] = &["non-blocking", "blocking"];

/// The option of the `awslogs` driver with this key.
#[must_use]
pub fn awslogs_option(key: &str) -> Option<&'static AwslogsOption> {
    AWSLOGS_OPTIONS.iter().find(|option| option.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_is_one_of_the_values_of_aws() {
        assert!(RETENTION_DAYS.is_sorted());
        assert!(is_retention(365) && !is_retention(0) && !is_retention(2) && !is_retention(3654));
        assert_eq!(retention_of_at_least(0), 1);
        assert_eq!(retention_of_at_least(90), 90);
        assert_eq!(retention_of_at_least(366), 400);
        assert_eq!(retention_of_at_least(9999), 3653);
    }

    #[test]
    fn names_of_log_groups_have_few_characters() {
        assert_eq!(check_log_group_name("/aws/ecs/payments_1.a#b-c"), Ok(()));
        assert_eq!(check_log_group_name(""), Err(NameError::Length));
        assert_eq!(check_log_group_name(&"a".repeat(513)), Err(NameError::Length));
        assert_eq!(check_log_group_name("pay ments"), Err(NameError::Character(' ')));
        assert_eq!(check_log_group_name("zahlungen-ü"), Err(NameError::Character('ü')));
        assert_eq!(check_log_group_name("aws/payments"), Err(NameError::Reserved));
    }

    #[test]
    fn options_are_found_by_key() {
        assert!(AWSLOGS_OPTIONS.is_sorted_by(|left, right| left.key < right.key));
        assert!(awslogs_option("awslogs-stream-prefix").is_some_and(|option| option.is_required));
        assert!(AWSLOGS_EXCLUSIVE.iter().all(|key| awslogs_option(key).is_some()));
        assert_eq!(awslogs_option("mode").and_then(|option| option.default), AWSLOGS_MODES.first().copied());
        assert_eq!(awslogs_option("awslogs-endpoint"), None);
    }
}
