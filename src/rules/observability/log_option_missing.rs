//! A container on Fargate whose log driver lacks a required option.

use crate::aws::logs;
use crate::diagnostics::Mend;
use crate::model::{Container, Function, Model, TaskDefinition, Value, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1604", "log-option-missing", Error {
        pitfalls: [75],
        summary: "A container on Fargate whose log driver lacks a required option",
        why: "On Fargate the driver `awslogs` needs the log group, its Region and a prefix for the names of streams. ECS refuses a task definition without them.",
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
            Options: { awslogs-group: !Ref Log, awslogs-region: !Ref AWS::Region, mode: non-blocking }
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
        source: "Amazon ECS API reference, LogConfiguration",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.is_for_fargate()) {
        for container in definition.placed_containers().filter(Container::logs_to_cloudwatch) {
            for option in logs::AWSLOGS_OPTIONS.iter().filter(|option| option.is_required) {
                if container.log_option(option.key).is_absent() {
                    let found = findings
                        .report(
                            definition.id(),
                            container.place_of("LogConfiguration"),
                            format!("the driver `awslogs` lacks the option `{}`", option.key),
                        )
                        .help(format!("set `{}` under `Options`", option.key));
                    if let Some(mend) = mend(&container, option.key) {
                        found.mend(mend);
                    }
                }
            }
        }
    }
}

/// What surely mends it: the Region is that of the stack, and the name of the container does for a prefix.
fn mend(container: &Container<'_>, option: &str) -> Option<Mend> {
    let options = container.place_of("LogConfiguration/Options");
    container.node().at("LogConfiguration/Options").entries().known()?;
    let value = match option {
        "awslogs-region" => Value::call(Function::Ref, Value::from("AWS::Region")),
        "awslogs-stream-prefix" => Value::from(container.node().get("Name").text().known()?.into_owned()),
        _ => return None,
    };
    Some(Mend::safe(format!("set `{option}`")).set(format!("{options}/{option}"), value))
}
