//! An alarm that nobody hears.

use crate::model::glob::Pattern;
use crate::model::policy::{Caller, PolicyDocument, Principal, Statement};
use crate::model::{
    Alarm, Attribute, Field, Gather as _, Key, Model, OrderedSet, Relation, ResourceId, Topic, View, may_have_more,
    text_with_holes,
};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1614", "alarm-unheard", Warning {
        pitfalls: [96],
        summary: "An alarm or a rule of EventBridge that cannot publish to its topic",
        why: "CloudWatch publishes as `cloudwatch.amazonaws.com`. Where the policy of the topic or of its key leaves that out, \
              the alarm goes off and nobody hears of it; the AWS managed key of SNS can let nobody in.",
        example: "Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: alias/aws/sns } }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: UnHealthyHostCount
      Dimensions: [{ Name: LoadBalancer, Value: net/api/0123456789abcdef }, { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
      AlarmActions: [!Ref Topic]
",
        instead: "Resources:
  Topic: { Type: AWS::SNS::Topic }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/NetworkELB
      MetricName: UnHealthyHostCount
      Dimensions: [{ Name: LoadBalancer, Value: net/api/0123456789abcdef }, { Name: TargetGroup, Value: targetgroup/api/0123456789abcdef }]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
      Threshold: 0
      TreatMissingData: notBreaching
      AlarmActions: [!Ref Topic]
",
        source: "AWS re:Post, CloudWatch alarms and encrypted topics, and alarms whose notifications do not arrive",
        check: check,
    }
}

/// As whom CloudWatch publishes.
const PUBLISHER: &str = "cloudwatch.amazonaws.com";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    rules(model, findings);
    let mut told = OrderedSet::new();
    for alarm in model.all::<Alarm<'a>>() {
        for (index, action) in alarm.actions().iter().enumerate() {
            let topic = action.resource().and_then(|id| model.view::<Topic<'a>>(id));
            let Some(topic) = topic.filter(|topic| told.insert(topic.id())) else { continue };
            let found = under_closed_key(model, topic).or_else(|| closed(model, topic, PUBLISHER));
            let Some((id, property, message)) = found else { continue };
            findings
                .report(id, property, message)
                .help(format!("let `{PUBLISHER}` do `sns:Publish` to the topic, and `kms:Decrypt` and `kms:GenerateDataKey*` with a key of your own"))
                .mention(alarm.id(), format!("AlarmActions/{index}"), "this alarm publishes to the topic");
        }
    }
}

/// As whom EventBridge publishes, for which the account of the topic is not enough. Source: Amazon EventBridge user guide,
/// resource-based policies, Amazon SNS permissions.
const EVENTS: &str = "events.amazonaws.com";

fn rules<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut told = OrderedSet::new();
    for rule in model.of_type("AWS::Events::Rule") {
        for (index, target) in model.property(rule, "Targets").known_items().iter().enumerate() {
            let topic = target.get("Arn").resource().and_then(|id| model.view::<Topic<'a>>(id));
            let has_role = !target.get("RoleArn").is_absent();
            let Some(topic) = topic.filter(|topic| !has_role && told.insert(topic.id())) else { continue };
            let has_policy = model.referring(Relation::TopicPolicyTopic, &topic.identity()).next().is_some();
            let is_bare = !has_policy
                && !may_have_more(model, topic.id())
                && model.of_type("AWS::SNS::TopicInlinePolicy").next().is_none();
            let found = closed(model, topic, EVENTS).map(|(id, property, _)| (id, property));
            let Some((id, property)) = found.or_else(|| is_bare.then(|| (topic.id(), ""))) else { continue };
            findings
                .report(id, property, "EventBridge may not publish to the topic to which a rule sends events")
                .help(format!("let `{EVENTS}` do `sns:Publish` to the topic, by an `AWS::SNS::TopicPolicy`"))
                .mention(rule, format!("Targets/{index}"), "this rule sends events to the topic");
        }
    }
}

type Closed = (ResourceId, &'static str, &'static str);

/// The key of a topic, when CloudWatch may not use it.
fn under_closed_key<'a>(model: &'a Model<'a>, topic: Topic<'a>) -> Option<Closed> {
    let name = text_with_holes(&topic.key());
    if name == "alias/aws/sns" || name.ends_with(":alias/aws/sns") {
        let message = "CloudWatch cannot publish to a topic that is encrypted with the AWS managed key";
        return Some((topic.id(), "KmsMasterKeyId", message));
    }
    let id = topic.key().resource()?;
    let key = match model.type_of(id) {
        "AWS::KMS::Alias" => model.view::<Key<'a>>(model.property(id, "TargetKeyId").resource()?),
        _ => model.view(id),
    }?;
    let policy = PolicyDocument::read(model, &key.policy());
    let arn = Pattern::of_attribute(model, Attribute { resource: key.id(), name: "Arn" });
    let refuses = |action: &&str| policy.refuses(Caller::Service(PUBLISHER), action, &arn);
    let message = "CloudWatch may not use the key of the topic to which an alarm publishes";
    ["kms:Decrypt", "kms:GenerateDataKey"].iter().any(refuses).then_some((key.id(), "KeyPolicy", message))
}

/// The policy of a topic, when it lets nobody publish but other services. Without one the account of the topic may.
fn closed<'a>(model: &'a Model<'a>, topic: Topic<'a>, publisher: &str) -> Option<Closed> {
    let arn = Pattern::of_attribute(model, Attribute { resource: topic.id(), name: "" });
    let policies: Vec<ResourceId> = model.referring(Relation::TopicPolicyTopic, &topic.identity()).gather();
    if policies.is_empty() || may_have_more(model, topic.id()) {
        return None;
    }
    let documents: Vec<_> =
        policies.iter().map(|id| PolicyDocument::read(model, &model.property(*id, "PolicyDocument"))).gather();
    let is_of_service = |principal: &Principal<'_>| principal.kind == "Service";
    // Statements for accounts let the alarms of these in.
    let is_for_services = |statement: &Statement<'_>| match &statement.principals {
        Field::Known(principals) => !statement.excepts_principals && principals.iter().all(is_of_service),
        _ => false,
    };
    let is_closed = documents.iter().all(|document| {
        matches!(document.statements, Field::Known(_))
            && document.known_statements().all(is_for_services)
            && document.refuses(Caller::Service(publisher), "sns:Publish", &arn)
    });
    let message = "CloudWatch may not publish to the topic to which an alarm publishes";
    policies.first().filter(|_| is_closed).map(|policy| (*policy, "PolicyDocument", message))
}
