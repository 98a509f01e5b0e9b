//! Logs, metrics and alarms.

use super::views::views;
use super::{Node, View};
use crate::cfn::Gather as _;

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
        comparison: text "ComparisonOperator",
        missing_data: text "TreatMissingData" or "missing",
        actions: list "AlarmActions",
    }
}

impl<'a> Alarm<'a> {
    /// The metrics that it watches, its own or those of its queries: the names, and the lists of dimensions.
    #[must_use]
    pub fn metrics(self) -> Vec<(Node<'a>, Node<'a>)> {
        let queries = self.property("Metrics").known_items();
        let metrics = queries.iter().map(|query| query.at("MetricStat/Metric"));
        let queried = metrics.map(|metric| (metric.get("MetricName"), metric.get("Dimensions")));
        let own = (self.property("MetricName"), self.property("Dimensions"));
        queried.chain([own]).filter(|(name, _)| !name.is_absent()).gather()
    }
}
