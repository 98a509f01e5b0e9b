//! Logs, metrics and alarms.

use super::views::views;

views! {
    /// A log group.
    LogGroup = "AWS::Logs::LogGroup" {
        name: text "LogGroupName",
        retention: int "RetentionInDays",
        key: one "KmsKeyId",
    }
    /// An alarm.
    Alarm = "AWS::CloudWatch::Alarm" {
        namespace: text "Namespace",
        metric: text "MetricName",
        dimensions: list "Dimensions",
        missing_data: text "TreatMissingData" or "missing",
        actions: list "AlarmActions",
    }
}
