//! Policies of roles that IAM refuses as malformed.

use super::never_applies;
use crate::model::policy::{PolicyDocument, Statement};
use crate::model::{Because, Field, Model, Node, Piece, ResourceId};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1515", "policy-refused", Error {
        pitfalls: [],
        summary: "A policy of a role with an element that IAM does not know, lacks or forbids there",
        why: "What a role may do is said on resources and without principals, who may take it on the other way round; effects, \
              actions and versions are words of their own. IAM refuses everything else as malformed, in the middle of the deployment.",
        example: "Resources:
  Tasks:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }]
",
        instead: "Resources:
  Tasks:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: 'sts:AssumeRole' }]
",
        source: "IAM user guide, grammar of the IAM JSON policy language",
        check: check,
    }
}

/// What a policy says: who may take a role on, or what a role may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Trust,
    Permissions,
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::IAM::Role") {
        let trust = "AssumeRolePolicyDocument";
        document(model, findings, id, (trust, Purpose::Trust), &model.property(id, trust));
        for (index, policy) in model.property(id, "Policies").known_items().iter().enumerate() {
            let place = format!("Policies/{index}/PolicyDocument");
            document(model, findings, id, (&place, Purpose::Permissions), &policy.get("PolicyDocument"));
        }
    }
    for type_name in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"] {
        for id in model.of_type(type_name) {
            let place = "PolicyDocument";
            document(model, findings, id, (place, Purpose::Permissions), &model.property(id, place));
        }
    }
    keys(model, findings);
}

/// Key policies by which nobody could ever change them: KMS does not make such a key. Source: AWS KMS API reference,
/// `CreateKey`, Policy.
fn keys<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in model.of_type("AWS::KMS::Key") {
        let policy = PolicyDocument::read(model, &model.property(id, "KeyPolicy"));
        let is_bypassed = !model.property(id, "BypassPolicyLockoutSafetyCheck").is_absent();
        let Field::Known(statements) = &policy.statements else { continue };
        let may_change = |statement: &Statement<'a>| {
            !statement.allows.is_no() && !statement.is_about_action("kms:PutKeyPolicy").is_no()
        };
        if !is_bypassed && !statements.iter().any(|statement| may_change(statement)) {
            findings
                .report(id, "KeyPolicy", "nobody may change the policy of the key, and KMS does not make such keys")
                .help("allow `kms:*` to the account, as `arn:aws:iam::ACCOUNT:root`");
        }
    }
}

/// The versions of the policy language. Source: IAM user guide, IAM JSON policy elements: Version.
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

fn document<'a>(
    model: &'a Model<'a>,
    findings: &mut Findings<'_>,
    id: ResourceId,
    (place, purpose): (&str, Purpose),
    document: &Node<'a>,
) {
    // A document may be the text of one as well.
    if !document.is_map() {
        return;
    }
    if let Some(version) = document.get("Version").text().known().filter(|text| !VERSIONS.contains(&text.as_ref())) {
        findings
            .report(id, format!("{place}/Version"), format!("`{version}` is no version of the policy language"))
            .help("write `2012-10-17`");
    }
    let statements = document.get("Statement");
    for (index, statement) in statements.known_items().iter().enumerate() {
        let index = if statements.is_list() { format!("/{index}") } else { String::new() };
        if statement.is_map() {
            let place = format!("{place}/Statement{index}");
            judge(findings, id, &place, purpose, statement);
            conditions(findings, id, &place, statement);
            if purpose == Purpose::Permissions {
                resources(model, findings, id, &place, statement);
                never_applies::check(model, findings, id, &place, statement);
            }
        }
    }
}

fn judge(findings: &mut Findings<'_>, id: ResourceId, place: &str, purpose: Purpose, statement: &Node<'_>) {
    let mut report = |key: &str, message: String, help: &str| {
        findings.report(id, format!("{place}/{key}").trim_end_matches('/'), message).help(help);
    };
    let has = |key: &str| !statement.get(key).is_absent();
    match statement.get("Effect").text() {
        Field::Known(effect) if !matches!(effect.as_ref(), "Allow" | "Deny") => {
            report("Effect", format!("`{effect}` is no effect"), "write `Allow` or `Deny`");
        }
        Field::Absent => report("", "the statement has no `Effect`".to_owned(), "write `Allow` or `Deny`"),
        _ => {}
    }
    if !has("Action") && !has("NotAction") {
        report("", "the statement has no `Action`".to_owned(), "name the actions that are meant");
    }
    for key in ["Action", "NotAction"] {
        for action in statement.get(key).known_items() {
            let Some(action) = action.text().known().filter(|action| action != "*" && !action.contains(':')) else {
                continue;
            };
            report(
                key,
                format!("the action `{action}` names no service"),
                "write the service before it, as in `s3:GetObject`",
            );
        }
    }
    let (wanted, forbidden) = match purpose {
        Purpose::Trust => (["Principal", "NotPrincipal"], ["Resource", "NotResource"]),
        Purpose::Permissions => (["Resource", "NotResource"], ["Principal", "NotPrincipal"]),
    };
    let [first, _] = wanted;
    if !wanted.into_iter().any(has) {
        let help = match purpose {
            Purpose::Trust => "say who may take the role on",
            Purpose::Permissions => "name the resources that are meant",
        };
        report("", format!("the statement has no `{first}`"), help);
    }
    for key in forbidden.into_iter().filter(|key| has(key)) {
        let help = match purpose {
            Purpose::Trust => "leave it out: the role is what the policy is about",
            Purpose::Permissions => "leave it out: the role is who may do it",
        };
        report(key, format!("a policy of this kind has no `{key}`"), help);
    }
}

/// How conditions compare. Source: IAM user guide, IAM JSON policy elements: Condition operators (2026).
const OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

fn conditions(findings: &mut Findings<'_>, id: ResourceId, place: &str, statement: &Node<'_>) {
    let Field::Known(entries) = statement.get("Condition").entries() else { return };
    for (written, _) in entries {
        let bare = written.trim_start_matches("ForAllValues:").trim_start_matches("ForAnyValue:");
        let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
        // Macros and loops make entries of their own.
        let is_own = written.starts_with("Fn::");
        if !is_own && !OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(bare)) {
            findings
                .report(id, format!("{place}/Condition"), format!("`{written}` is no operator of conditions"))
                .help("write one such as `StringEquals`, `StringLike`, `ArnEquals`, `ArnLike` or `Bool`");
        }
    }
}

/// Types of which `Ref` gives a name, an ID or a URL, and no ARN.
const NAMED: &[&str] = &[
    "AWS::DynamoDB::Table",
    "AWS::ECR::Repository",
    "AWS::ECS::Cluster",
    "AWS::EFS::FileSystem",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
];

/// Reports resources that are no ARNs. Source: IAM user guide, IAM JSON policy elements: Resource.
fn resources<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>, id: ResourceId, place: &str, statement: &Node<'a>) {
    for key in ["Resource", "NotResource"] {
        for resource in statement.get(key).known_items() {
            let is_other = match resource.pieces().first() {
                Some(Piece::Text(text)) => {
                    let beginning = text.get(..4).unwrap_or(text);
                    !"arn:".starts_with(beginning) && !text.starts_with(['*', '?', '$', '{'])
                }
                Some(Piece::Hole(Because::Attribute(attribute))) => {
                    attribute.name.is_empty() && NAMED.contains(&model.type_of(attribute.resource))
                }
                _ => false,
            };
            if is_other {
                findings
                    .report(id, format!("{place}/{key}"), "a resource of a policy is an ARN, and this is none")
                    .help("write the ARN, which most resources have as the attribute `Arn`");
            }
        }
    }
}
