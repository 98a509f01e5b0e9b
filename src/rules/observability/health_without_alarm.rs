//! A Network Load Balancer whose targets' health nobody watches.

use crate::model::Gather as _;
use crate::model::{Alarm, Field, LoadBalancer, Model, OrderedSet, ResourceId, Template, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1612", "health-without-alarm", Info {
        pitfalls: [96],
        summary: "A Network Load Balancer whose targets' health nobody watches",
        why: "When targets fail, clients notice first unless an alarm does. AWS recommends one on the number of healthy targets and one on that of unhealthy ones.",
        example: "Resources:
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Protocol: TCP, Port: 443, DefaultActions: [{ Type: forward, TargetGroupArn: targets }] }
  HealthyHostCount:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: HealthyHostCount
      Dimensions:
        - { Name: LoadBalancer, Value: !GetAtt Balancer.LoadBalancerFullName }
        - { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: LessThanThreshold
      Threshold: 1
      TreatMissingData: breaching
",
        instead: "Resources:
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internal } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Balancer, Protocol: TCP, Port: 443, DefaultActions: [{ Type: forward, TargetGroupArn: targets }] }
  HealthyHostCount:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: HealthyHostCount
      Dimensions:
        - { Name: LoadBalancer, Value: !GetAtt Balancer.LoadBalancerFullName }
        - { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: LessThanThreshold
      Threshold: 1
      TreatMissingData: breaching
  UnHealthyHostCount:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: UnHealthyHostCount
      Dimensions:
        - { Name: LoadBalancer, Value: !GetAtt Balancer.LoadBalancerFullName }
        - { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
",
        source: "Elastic Load Balancing user guide for Network Load Balancers, CloudWatch metrics",
        check: check,
    }
}

const WATCHED: [&str; 2] = ["HealthyHostCount", "UnHealthyHostCount"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let watched = Watched::of(model);
    for balancer in model.all::<LoadBalancer<'a>>().filter(|balancer| balancer.is_network()) {
        let has_macros = model.template_of(balancer.id()).is_none_or(Template::has_macros);
        if has_macros || balancer.listeners().next().is_none() {
            continue;
        }
        let is_missing = |name: &&str| !watched.has(name, balancer.id());
        let missing: Vec<String> =
            WATCHED.iter().filter(|name| is_missing(name)).map(|name| format!("`{name}`")).gather();
        if !missing.is_empty() {
            findings
                .report(balancer.id(), "", format!("no alarm watches {} of the load balancer", missing.join(" and ")))
                .help("alarm when the healthy targets are too few, and when there are unhealthy ones");
        }
    }
}

/// The metrics that alarms watch, with the load balancer, or nothing when that is not known.
pub(super) struct Watched(OrderedSet<(String, Option<ResourceId>)>);

impl Watched {
    pub(super) fn of<'a>(model: &'a Model<'a>) -> Self {
        let mut watched = OrderedSet::new();
        for alarm in model.all::<Alarm<'a>>() {
            for (name, dimensions) in alarm.metrics() {
                let Field::Known(name) = name.text() else { continue };
                let dimensions = dimensions.known_items();
                let balancer =
                    dimensions.iter().find(|item| item.get("Name").text().is_known_and(|name| name == "LoadBalancer"));
                let resource = balancer.and_then(|dimension| dimension.get("Value").resource());
                watched.insert((name.into_owned(), resource));
            }
        }
        Self(watched)
    }

    pub(super) fn has(&self, name: &str, balancer: ResourceId) -> bool {
        self.0.contains(&(name.to_owned(), Some(balancer))) || self.0.contains(&(name.to_owned(), None))
    }
}
