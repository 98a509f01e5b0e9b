//! A container that stands still when its log cannot be written.

use crate::diagnostics::{Mend, Severity};
use crate::model::{Container, Field, Model, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1606", "blocking-log", Warning {
        pitfalls: [76],
        summary: "A container that stands still when its log cannot be written",
        why: "In the mode `blocking` a container that writes to its log waits until CloudWatch Logs has taken it, for ever if need be. In the mode `non-blocking` a buffer takes it, which loses events when it is full. What holds when nothing is said is a setting of the account.",
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
            Options: { awslogs-group: !Ref Log, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: blocking }
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
            Options: { awslogs-group: !Ref Log, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api, mode: non-blocking }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90 } }
",
        source: "Amazon ECS API reference, LogConfiguration; Amazon ECS developer guide, account settings",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        for container in definition.placed_containers().filter(Container::logs_to_cloudwatch) {
            match container.log_option("mode").text() {
                Field::Known(mode) if mode == "blocking" => {
                    findings
                        .report(
                            definition.id(),
                            container.place_of("LogConfiguration/Options/mode"),
                            "the container stands still when CloudWatch Logs cannot be reached",
                        )
                        .mend(mend(&container))
                        .help("set `mode: non-blocking`, and `max-buffer-size` to what may wait, such as `25m`");
                }
                Field::Absent if definition.is_for_fargate() => {
                    findings
                        .report(definition.id(), container.place_of("LogConfiguration"), "whether the container waits for its log depends on a setting of the account")
                        .mend(mend(&container))
                        .help("set `mode: non-blocking` and `max-buffer-size`, or `mode: blocking` if no event may be lost")
                        .severity(Severity::Info);
                }
                _ => {}
            }
        }
    }
}

/// Lets events wait and, when there are too many, be lost.
fn mend(container: &Container<'_>) -> Mend {
    let option = |key: &str| container.place_of(&format!("LogConfiguration/Options/{key}"));
    let mend = Mend::setting(false, &option("mode"), "non-blocking".into());
    let has_size = !container.log_option("max-buffer-size").is_absent();
    if has_size { mend } else { mend.set(option("max-buffer-size"), "25m") }
}
