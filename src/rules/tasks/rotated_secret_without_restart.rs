//! A secret that is rotated, while running tasks keep the old value.

use crate::model::Gather as _;
use crate::model::{
    Field, Identity, Model, Node, OrderedMap, OrderedSet, ResourceId, RotationSchedule, TaskDefinition, View,
};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1407", "rotated-secret-without-restart", Warning {
        pitfalls: [71],
        summary: "A secret that is rotated, while running tasks keep the old value",
        why: "ECS reads secrets when a task starts, and never again. After a rotation, running tasks go on with the old value until something starts them anew.",
        example: "Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref Secret, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate' }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: !Ref Secret }] }]
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task } }
",
        instead: "Resources:
  Secret: { Type: AWS::SecretsManager::Secret }
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref Secret, RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate' }
  Restart:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.secretsmanager]
        detail-type: [Secret Label Updated]
        resources: [!Ref Secret]
      Targets: [{ Id: restart, Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:restart' }]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: !Ref Secret }] }]
  Service: { Type: AWS::ECS::Service, Properties: { LaunchType: FARGATE, TaskDefinition: !Ref Task } }
",
        source: "Amazon ECS developer guide, pass Secrets Manager secrets through environment variables; AWS Secrets Manager user guide, monitoring with EventBridge",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let rotated: OrderedMap<Identity<'a>, ResourceId> = model
        .all::<RotationSchedule<'a>>()
        .filter_map(|schedule| Some((schedule.secret().known()?, schedule.id())))
        .gather();
    if rotated.is_empty() {
        return;
    }
    let listeners: Vec<ResourceId> = model.of_type("AWS::Events::Rule").gather();
    for definition in model.all::<TaskDefinition<'a>>().filter(|definition| definition.services().next().is_some()) {
        let mut seen = OrderedSet::new();
        for injected in definition.placed_containers().flat_map(|container| container.secrets()) {
            let secret = match injected.value_from.resource() {
                Some(resource) => Field::Known(Identity::Resource(resource)),
                None => injected.value_from.identity(),
            };
            let Field::Known(secret) = secret else { continue };
            let Some(schedule) = rotated.get(&secret).filter(|_| seen.insert(secret.clone())) else { continue };
            if !listeners.iter().any(|rule| may_hear(model, *rule, &secret) && may_call(model, *rule)) {
                findings
                    .report(
                        definition.id(),
                        injected.place,
                        "the secret is rotated, but running tasks keep its old value",
                    )
                    .help("let an EventBridge rule on `Secret Label Updated` of this secret start the service anew")
                    .in_spec(InSpec::Help("leave `rotation.restartServices` of the secret on"))
                    .mention(*schedule, "", "this rotates the secret");
            }
        }
    }
}

/// Whether a rule may call one of its targets: functions of the app have to be told that it may.
fn may_call<'a>(model: &'a Model<'a>, rule: ResourceId) -> bool {
    let targets = model.property(rule, "Targets").known_items();
    let is_allowed = |target: &Node<'a>| {
        let function = target.get("Arn").resource().filter(|id| model.type_of(*id) == "AWS::Lambda::Function");
        function.is_none_or(|function| {
            let mut permissions = model.of_type("AWS::Lambda::Permission");
            permissions.any(|id| model.property(id, "FunctionName").resource().is_none_or(|named| named == function))
        })
    };
    targets.is_empty() || targets.iter().any(is_allowed)
}

/// Whether a rule may hear of a new version of a secret: of this one, or of any.
fn may_hear<'a>(model: &'a Model<'a>, rule: ResourceId, secret: &Identity<'a>) -> bool {
    let pattern = model.property(rule, "EventPattern");
    if pattern.because().is_some() {
        return true;
    }
    let listed = |path: &str| pattern.at(path).known_items();
    let is_source =
        listed("source").iter().any(|source| source.text().known().is_none_or(|source| source == "aws.secretsmanager"));
    let resources = listed("resources");
    let is_this = |node: &Node<'a>| match node.resource() {
        Some(resource) => Identity::Resource(resource) == *secret,
        None => node.identity().known().is_none_or(|identity| identity == *secret || node.is_map()),
    };
    // A new value is in use once it has this label.
    let labels = listed("detail/labelUpdated");
    let is_current = |label: &Node<'a>| label.text().known().is_none_or(|label| label == "AWSCURRENT");
    let is_label = labels.is_empty() || labels.iter().any(is_current);
    is_source && is_label && (resources.is_empty() || resources.iter().any(is_this))
}
