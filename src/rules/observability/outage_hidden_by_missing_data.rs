//! An alarm that takes missing data the wrong way.

use crate::aws::cloudwatch::{self, Reported};
use crate::diagnostics::Severity;
use crate::model::{Alarm, Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1610", "outage-hidden-by-missing-data", Warning {
        pitfalls: [96],
        summary: "An alarm that takes missing data the wrong way",
        why: "The number of healthy targets, or of running tasks, is not reported when there are none: missing data is then the worst news. A count of errors is not reported while there are none: missing data is then good news.",
        example: "Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: HealthyHostCount
      Dimensions: [{ Name: LoadBalancer, Value: net/api/0123456789abcdef }, { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: LessThanThreshold
      Threshold: 1
      TreatMissingData: notBreaching
",
        instead: "Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: HealthyHostCount
      Dimensions: [{ Name: LoadBalancer, Value: net/api/0123456789abcdef }, { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: LessThanThreshold
      Threshold: 1
      TreatMissingData: breaching
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, CloudWatch metrics; Amazon CloudWatch user guide, how alarms treat missing data",
        check: check,
    }
}

/// Metrics whose absence means that nothing runs.
const SIGNS_OF_LIFE: &[&str] = &["HealthyHostCount", "RunningTaskCount"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for alarm in model.all::<Alarm<'a>>() {
        let (Field::Known(namespace), Field::Known(name)) = (alarm.namespace(), alarm.metric()) else { continue };
        let Some(metric) = cloudwatch::find(&namespace, &name) else { continue };
        let Field::Known(missing) = alarm.missing_data() else { continue };
        let watches = |direction: &str| alarm.comparison().is_known_and(|operator| operator.starts_with(direction));
        if SIGNS_OF_LIFE.contains(&metric.name) && watches("LessThan") && missing != "breaching" {
            let found = findings.report(
                alarm.id(),
                place(alarm),
                format!("the alarm stays silent when `{name}` is missing because nothing runs"),
            );
            found.mend_setting("TreatMissingData", "breaching").help("set `TreatMissingData: breaching`");
            if missing == "missing" {
                found.severity(Severity::Info);
            }
        } else if metric.reported == Some(Reported::WhenNonzero) && watches("GreaterThan") && missing == "breaching" {
            findings
                .report(
                    alarm.id(),
                    place(alarm),
                    format!("the alarm goes off whenever `{name}` is zero, since it is not reported then"),
                )
                .mend_setting("TreatMissingData", "notBreaching")
                .help("set `TreatMissingData: notBreaching`");
        }
    }
}

fn place(alarm: Alarm<'_>) -> &'static str {
    if alarm.property("TreatMissingData").is_absent() { "" } else { "TreatMissingData" }
}
