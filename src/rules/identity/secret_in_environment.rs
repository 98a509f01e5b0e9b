//! A secret in an environment variable of a container.

use super::secret_names;
use crate::model::{Because, Field, Model, TaskDefinition, Variable, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1520", "secret-in-environment", Warning {
        pitfalls: [],
        summary: "A secret in an environment variable of a container",
        why: "Environment variables stand in the task definition, where everybody reads them who may describe it, and its old revisions stay for ever. A secret that ECS injects is read when the task starts, by the execution role alone.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api, Environment: [{ Name: DB_PASSWORD, Value: correct-horse }] }]
",
        instead: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: DB_PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf' }] }]
",
        source: "Amazon ECS developer guide, pass sensitive data to a container",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        let containers = definition.placed_containers();
        for variable in containers.flat_map(|container| container.variables(model)) {
            let Some(reason) = reason(&variable) else { continue };
            findings
                .report(definition.id(), variable.place, reason)
                .help("put it into Secrets Manager or a SecureString parameter, and inject it by `Secrets`");
        }
    }
}

/// Why a variable holds a secret, if it does.
fn reason(variable: &Variable<'_>) -> Option<String> {
    let Field::Known(name) = &variable.name else { return None };
    if variable.resolves_secret {
        return Some(format!("`{name}` is resolved into the task definition, where it can be read"));
    }
    if variable.shows_masked_parameter {
        return Some(format!("`{name}` is a masked parameter, but can be read in the task definition"));
    }
    let holds = match variable.value.text() {
        Field::Known(text) => secret_names::has_password(&text) || secret_names::is_secret(name, &text),
        Field::Unknown(Because::Parameter { .. }) => secret_names::is_name(name),
        _ => false,
    };
    holds.then(|| format!("`{name}` holds a secret that can be read in the task definition"))
}
