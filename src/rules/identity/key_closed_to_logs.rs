//! A log group encrypted with a key that CloudWatch Logs may not use.

use crate::diagnostics::Mend;
use crate::model::glob::{self, Pattern};
use crate::model::policy::{PolicyDocument, Principal, Statement};
use crate::model::{Attribute, Field, Homes, Key, LogGroup, Model, ResourceId, Value, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::mends::{map, reference, statement};
use crate::rules::registry::rule;

rule! {
    RULE = "RF1530", "key-closed-to-logs", Error {
        pitfalls: [94],
        summary: "A log group encrypted with a key that CloudWatch Logs may not use",
        why: "CloudWatch Logs uses the key itself, as a service of the Region. Unless the policy of the key lets it, for this log group, the log group cannot be made.",
        example: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90, KmsKeyId: !GetAtt Key.Arn } }
",
        instead: "Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }
          - Effect: Allow
            Principal: { Service: !Sub 'logs.${AWS::Region}.amazonaws.com' }
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*']
            Resource: '*'
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': !Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/api' } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /api, RetentionInDays: 90, KmsKeyId: !GetAtt Key.Arn } }
",
        source: "Amazon CloudWatch Logs user guide, encrypt log data using AWS KMS",
        check: check,
    }
}

/// What the service does with the key, one of each kind.
const ACTIONS: [&str; 3] = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"];

/// The key in the encryption context that names the log group.
const CONTEXT: &str = "kms:EncryptionContext:aws:logs:arn";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let homes = Homes::of(model);
    for group in model.all::<LogGroup<'a>>() {
        let is_arn = |name: &str| name.starts_with("arn:") || name.starts_with("{{");
        if group.property("KmsKeyId").text().is_known_and(|name| !is_arn(&name)) {
            findings
                .report(group.id(), "KmsKeyId", "a log group takes the ARN of its key, and neither its ID nor an alias")
                .help("use `!GetAtt KEY.Arn`");
        }
        let key = group.key().known().and_then(|key| model.find::<Key<'a>>(&key));
        let Some(key) = key else { continue };
        if key.property("KeySpec").text().is_known_and(|kind| kind != "SYMMETRIC_DEFAULT") {
            findings
                .report(group.id(), "KmsKeyId", "log groups are encrypted with symmetric keys only")
                .help("leave `KeySpec` and `KeyUsage` of the key out")
                .mention(key.id(), "KeySpec", "this is the key");
            continue;
        }
        let document = PolicyDocument::read(model, &key.policy());
        if document.statements.is_unknown() {
            continue;
        }
        let home = homes.region(group.id());
        let mut arn = Pattern::literal("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:");
        arn.extend(&name_of(group));
        arn.append("*");
        let is_named = !group.property("LogGroupName").is_absent();
        let is_allowed = |action: &&str| {
            let mut statements = document.known_statements();
            statements.any(|statement| {
                may_use(model, statement, action, &arn, home) && (is_named || !is_for_a_path(statement))
            })
        };
        let Some(action) = ACTIONS.iter().find(|action| !is_allowed(action)) else { continue };
        findings
            .report(group.id(), "KmsKeyId", format!("CloudWatch Logs may not do `{action}` with the key for this log group"))
            .mend_by(reference(model, group.id(), key.id(), "").map(|_| mend(key.id())))
            .help("allow it to the principal `logs.REGION.amazonaws.com` in the policy of the key, for the ARN of the log group")
            .mention(key.id(), "KeyPolicy", "this is the policy of the key");
    }
}

/// The name of a log group.
fn name_of<'a>(group: LogGroup<'a>) -> Pattern<'a> {
    let name = group.property("LogGroupName");
    if name.is_absent() {
        Pattern::of_attribute(group.model(), Attribute { resource: group.id(), name: "" })
    } else {
        glob::pattern(group.model(), &name)
    }
}

/// Whether a statement may let CloudWatch Logs do something for a log group.
fn may_use<'a>(
    model: &'a Model<'a>,
    statement: &Statement<'a>,
    action: &str,
    group: &Pattern<'a>,
    home: Option<&str>,
) -> bool {
    let service = home.map_or_else(|| Pattern::literal("logs.*"), |home| Pattern::literal(&format!("logs.{home}.*")));
    let is_global = |principal: &Principal<'a>| principal.name.covers(&Pattern::literal("logs.amazonaws.com"), true);
    let is_service = |principal: &Principal<'a>| {
        principal.is_everybody()
            || principal.kind == "Service"
                && (!principal.name.covers(&service, true).is_no() || !is_global(principal).is_no())
    };
    let is_named = match &statement.principals {
        Field::Known(principals) => principals.iter().any(is_service) != statement.excepts_principals,
        _ => true,
    };
    let is_for_group = statement.conditions_on(CONTEXT).all(|condition| {
        let values = condition.values.known_items();
        values.is_empty() || values.iter().any(|value| !glob::pattern(model, value).covers(group, false).is_no())
    });
    !statement.allows.is_no() && is_named && is_for_group && !statement.is_about_action(action).is_no()
}

/// Lets CloudWatch Logs use a key for the log groups of the account.
fn mend(key: ResourceId) -> Mend {
    let groups = Value::sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*");
    let condition = map(vec![("ArnLike", map(vec![(CONTEXT, groups)]))]);
    let actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];
    let statement = statement(Value::sub("logs.${AWS::Region}.amazonaws.com"), &actions, "*".into(), condition);
    Mend::suggested("let CloudWatch Logs use the key").on(key).add("KeyPolicy/Statement", vec![statement])
}

/// Whether a statement is for log groups whose names begin with a slash, as no name does that CloudFormation makes up.
fn is_for_a_path(statement: &Statement<'_>) -> bool {
    statement.conditions_on(CONTEXT).any(|condition| {
        let values = condition.values.known_items();
        !values.is_empty() && values.iter().all(|value| text_with_holes(value).contains(":log-group:/"))
    })
}
