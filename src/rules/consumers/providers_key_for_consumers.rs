//! A condition on a key that requests for endpoints do not have.

use super::identity::documents;
use crate::model::Model;
use crate::model::policy::{PolicyDocument, Statement};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1332", "providers-key-for-consumers", Error {
        pitfalls: [98],
        summary: "A permission to make endpoints on a condition that never holds",
        why: "`ec2:VpceServicePrivateDnsName` is there when a provider makes or changes an endpoint service, and never \
              when a consumer makes an endpoint. A permission on that condition allows nothing.",
        example: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: [\"arn:aws:ec2:*:*:vpc/*\", \"arn:aws:ec2:*:*:subnet/*\", \"arn:aws:ec2:*:*:security-group/*\"] }
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"arn:aws:ec2:*:*:vpc-endpoint/*\", Condition: { StringEquals: { \"ec2:VpceServicePrivateDnsName\": \"payments.example.com\" } } }
",
        instead: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: [\"arn:aws:ec2:*:*:vpc/*\", \"arn:aws:ec2:*:*:subnet/*\", \"arn:aws:ec2:*:*:security-group/*\"] }
          - { Effect: Allow, Action: \"ec2:CreateVpcEndpoint\", Resource: \"arn:aws:ec2:*:*:vpc-endpoint/*\", Condition: { StringEquals: { \"ec2:VpceServiceOwner\": \"111122223333\" } } }
",
        source: "Service Authorization Reference, Amazon EC2",
        check: check,
    }
}

const KEY: &str = "ec2:VpceServicePrivateDnsName";

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (id, path, document) in documents(model) {
        for statement in
            PolicyDocument::read(model, &document).known_statements().filter(|statement| is_for_consumers(statement))
        {
            let needs = |operator: &str| {
                operator.starts_with("String") && !operator.contains("Not") && !operator.ends_with("IfExists")
            };
            if let Some(condition) = statement.conditions_on(KEY).find(|condition| needs(condition.operator)) {
                findings
                    .report(
                        id,
                        format!("{path}/{}/Condition/{}", statement.place, condition.operator),
                        format!("`{KEY}` is not there when an endpoint is made, so the condition never holds"),
                    )
                    .help("use `ec2:VpceServiceName` or `ec2:VpceServiceOwner`");
            }
        }
    }
}

/// Whether a statement allows to make endpoints, and nothing that providers do.
fn is_for_consumers(statement: &Statement<'_>) -> bool {
    let actions = statement.actions.listed();
    statement.allows.is_yes()
        && !actions.is_empty()
        && actions.iter().all(|(_, action)| action.shown().eq_ignore_ascii_case("ec2:CreateVpcEndpoint"))
}
