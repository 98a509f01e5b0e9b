//! Permission to make or change any endpoint.

use super::identity::documents;
use crate::model::Model;
use crate::model::policy::{PolicyDocument, Statement};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1330", "endpoints-without-limit", Warning {
        pitfalls: [98],
        summary: "Permission to make or change endpoints for any service",
        why: "Whoever may make endpoints for any service can send data to the service of a stranger, whatever the \
              network keeps in. Condition keys limit consumers to the services and owners that they need, and \
              providers to their own services.",
        example: "Resources:
  Consumer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: \"ec2:*VpcEndpoint*\", Resource: \"*\" }
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
        source: "AWS PrivateLink guide, identity-based policy examples",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (id, path, document) in documents(model) {
        for statement in PolicyDocument::read(model, &document).known_statements() {
            let Some((place, action)) = unlimited(statement) else { continue };
            findings
                .report(id, format!("{path}/{}/{place}", statement.place), format!("`{action}` is allowed for every service and every endpoint"))
                .help("limit it: consumers with conditions on `ec2:VpceServiceName` or `ec2:VpceServiceOwner`, providers to the ARNs of their services");
        }
    }
}

/// An action on endpoints that a statement allows on everything.
fn unlimited(statement: &Statement<'_>) -> Option<(String, String)> {
    let resources = statement.resources.listed();
    let is_on_all = resources.iter().any(|(_, resource)| resource.is_anything());
    let is_on_endpoints = resources.iter().any(|(_, resource)| resource.shown().ends_with(":vpc-endpoint/*"));
    if !statement.allows.is_yes() || !(is_on_all || is_on_endpoints) || !statement.is_unconditional() {
        return None;
    }
    statement.actions.listed().iter().map(|(place, action)| (place.to_string(), action.shown())).find(|(_, action)| {
        let action = action.to_ascii_lowercase();
        // What only reads takes no resources.
        let is_change = action.starts_with("ec2:")
            && action.contains("vpcendpoint")
            && !action.starts_with("ec2:describe")
            && !action.starts_with("ec2:get");
        // An endpoint that is there is for a service already.
        is_change && (is_on_all || action == "ec2:createvpcendpoint")
    })
}
