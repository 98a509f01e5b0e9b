//! A reference to a part of a secret with too few or too many colons.

use std::borrow::Cow;

use crate::diagnostics::{Mend, Severity};
use crate::model::{Because, Field, InjectedSecret, Model, Node, Piece, Relation, Service, TaskDefinition, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1504", "bad-secret-reference", Error {
        pitfalls: [74],
        summary: "A reference to a part of a secret with too few or too many colons",
        why: "What follows the ARN of a secret is its JSON key, version stage and version ID, each after a colon, all three or none; what is not given stays empty. ECS cannot read anything else, and no task starts.",
        example: "Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: arn:aws:iam::111122223333:role/starter
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password' }] }]
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
      ContainerDefinitions: [{ Name: api, Image: api, Secrets: [{ Name: PASSWORD, ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf:password::' }] }]
",
        source: "Amazon ECS developer guide, pass Secrets Manager secrets through environment variables",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for definition in model.all::<TaskDefinition<'a>>() {
        for injected in definition.placed_containers().flat_map(|container| container.secrets()) {
            elsewhere(model, definition, &injected, findings);
            key_that_is_not_made(model, definition, &injected, findings);
            let Some(colons) = colons_after_arn(&injected.value_from) else { continue };
            if colons != 0 && colons != 3 {
                let place = injected.place.clone();
                let found = findings
                    .report(
                        definition.id(),
                        injected.place,
                        format!("{colons} colons follow the ARN of the secret instead of three"),
                    )
                    .help("write `:key::` after the ARN for a JSON key, or nothing for the whole secret");
                // Stage and version follow the key, and are empty unless somebody wants others than the current ones.
                if let (Field::Known(text), 1 | 2) = (injected.value_from.text(), colons) {
                    let whole = format!("{text}{}", ":".repeat(3 - colons));
                    found.mend(Mend::safe(format!("write `{whole}`")).set(place, whole));
                }
            }
        }
    }
}

/// A key of a secret of the app that is made without it. Source: AWS Secrets Manager API reference, `GenerateSecretString`;
/// Amazon ECS developer guide, `secrets-envvar-secrets-manager`.
fn key_that_is_not_made<'a>(
    model: &'a Model<'a>,
    definition: TaskDefinition<'a>,
    injected: &InjectedSecret<'a>,
    findings: &mut Findings<'_>,
) {
    let pieces = injected.value_from.pieces();
    let [Piece::Hole(Because::Attribute(attribute)), Piece::Text(rest)] = pieces.as_slice() else { return };
    let is_secret = model.type_of(attribute.resource) == "AWS::SecretsManager::Secret";
    let Some(key) = rest.strip_prefix(':').and_then(|rest| rest.split(':').next()).filter(|key| !key.is_empty()) else {
        return;
    };
    let read = |path: &str| model.property(attribute.resource, path).text();
    let made = match read("GenerateSecretString/SecretStringTemplate") {
        Field::Absent => read("SecretString"),
        template => template,
    };
    // Databases write what is theirs into the secret, and rotation may as well.
    let may_be_added = model.of_type("AWS::SecretsManager::SecretTargetAttachment").next().is_some();
    let Field::Known(made) = made else { return };
    let has_key = made.contains(&format!("\"{key}\""))
        || !read("GenerateSecretString/GenerateStringKey").is_known_and(|generated| generated != key)
            && !read("GenerateSecretString/GenerateStringKey").is_absent();
    if is_secret && !may_be_added && !has_key {
        findings
            .report(
                definition.id(),
                injected.place.clone(),
                format!("the secret is made without the key `{key}`, and no task starts before somebody adds it"),
            )
            .help("name a key of `SecretStringTemplate`, or that of `GenerateStringKey`")
            .mention(attribute.resource, "", "this is the secret")
            .severity(Severity::Warning);
    }
}

/// Secrets of another Region than that in which the tasks run: no endpoint of the network leads there.
fn elsewhere<'a>(
    model: &'a Model<'a>,
    definition: TaskDefinition<'a>,
    injected: &InjectedSecret<'a>,
    findings: &mut Findings<'_>,
) {
    let pieces = injected.value_from.pieces();
    let (Some(Piece::Text(text)), Some(home)) = (pieces.first(), home_of(model, definition)) else { return };
    let mut parts = text.split(':').skip(2);
    let (Some("secretsmanager"), Some(region), Some(_)) = (parts.next(), parts.next(), parts.next()) else { return };
    if !region.is_empty() && region != home {
        findings
            .report(
                definition.id(),
                injected.place.clone(),
                format!("the secret is in `{region}`, the tasks run in `{home}`"),
            )
            .severity(Severity::Warning)
            .help(format!("replicate the secret to `{home}`, and name it there"));
    }
}

/// The Region in which tasks of a definition run, when it is known: from the stack, or from the subnets of a service.
fn home_of<'a>(model: &'a Model<'a>, definition: TaskDefinition<'a>) -> Option<Cow<'a, str>> {
    if let Some(region) = model.region_of(definition.id()) {
        return Some(region.into());
    }
    model.related::<Service<'a>>(Relation::ServiceTask, &definition.identity()).next()?.home_region()
}

/// How many colons follow the ARN of a secret: an attribute, a parameter or an ARN that is written out.
fn colons_after_arn(node: &Node<'_>) -> Option<usize> {
    let pieces = node.pieces();
    let colons = |pieces: &[Piece<'_>]| -> usize { pieces.iter().map(colons_in).sum() };
    match pieces.split_first()? {
        (Piece::Hole(_), []) => None,
        // What follows the ARN of a parameter is a number: its version.
        (Piece::Hole(Because::Attribute(_) | Because::Parameter { .. } | Because::Import(_)), rest)
            if !is_version(rest) =>
        {
            Some(colons(rest))
        }
        (Piece::Text(text), _) if text.starts_with("arn:") && is_secret_arn(&pieces) => colons(&pieces).checked_sub(6),
        _ => None,
    }
}

fn is_version(rest: &[Piece<'_>]) -> bool {
    matches!(rest, [Piece::Text(text)] if text.bytes().skip(1).all(|byte| byte.is_ascii_digit()))
}

fn colons_in(piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Text(text) => text.matches(':').count(),
        Piece::Hole(_) => 0,
    }
}

fn is_secret_arn(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(":secretsmanager:")))
}
