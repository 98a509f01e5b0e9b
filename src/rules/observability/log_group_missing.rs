//! A container that logs to a group which nobody makes.

use std::borrow::Cow;

use crate::diagnostics::Severity;
use crate::model::Gather as _;
use crate::model::{Container, Field, LogGroup, Model, OrderedSet, TaskDefinition, Template, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1605", "log-group-missing", Error {
        pitfalls: [75],
        summary: "A container that logs to a group which nobody makes",
        why: "ECS makes a log group only when it is told to. A task that logs to a group which is not there does not start. Where no log group is in the templates at all, it may be made elsewhere, and this is a warning.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions:
        - Name: api
          Image: api
          LogConfiguration:
            LogDriver: awslogs
            Options: { awslogs-group: /apis, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90 } }
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions:
        - Name: api
          Image: api
          LogConfiguration:
            LogDriver: awslogs
            Options: { awslogs-group: /api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90 } }
",
        source: "Amazon ECS developer guide, send Amazon ECS logs to CloudWatch",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let groups: Vec<Field<'a, Cow<'a, str>>> = model.all::<LogGroup<'a>>().map(LogGroup::name).gather();
    if groups.iter().any(Field::is_unknown) {
        return;
    }
    let known: OrderedSet<Cow<'a, str>> = groups.into_iter().filter_map(Field::known).gather();
    for definition in model.all::<TaskDefinition<'a>>() {
        if model.template_of(definition.id()).is_none_or(Template::has_macros) {
            continue;
        }
        for container in definition.placed_containers().filter(Container::logs_to_cloudwatch) {
            let Field::Known(name) = container.log_option("awslogs-group").text() else { continue };
            let creates = container.log_option("awslogs-create-group").bool().or(false);
            if known.contains(&name) || !creates.is_known_and(|creates| !creates) {
                continue;
            }
            let found = findings.report(
                definition.id(),
                container.place_of("LogConfiguration/Options/awslogs-group"),
                format!("nobody makes the log group `{name}`"),
            );
            found.help("refer to an `AWS::Logs::LogGroup`, or set `awslogs-create-group: 'true'` and allow `logs:CreateLogGroup`");
            if known.is_empty() {
                found.severity(Severity::Warning);
            }
        }
    }
}
