//! A wildcard that an endpoint policy does not take.

use crate::model::Gather as _;
use crate::model::policy::{Condition, PolicyDocument};
use crate::model::{Endpoint, Model, View, text_with_holes};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1324", "endpoint-policy-wildcard", Warning {
        pitfalls: [64],
        summary: "A wildcard in a condition of an endpoint policy that does not take it",
        why: "In endpoint policies, IDs that AWS gives (such as `aws:PrincipalAccount` or `aws:SourceVpc`) take no \
              wildcard, and in other texts at least six other characters have to stand in a row before or after each.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: \"*\"
            Action: \"s3:GetObject\"
            Resource: \"arn:aws:s3:::reports/*\"
            Condition: { StringLike: { \"aws:PrincipalAccount\": \"1111*\" } }
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: \"*\"
            Action: \"s3:GetObject\"
            Resource: \"arn:aws:s3:::reports/*\"
            Condition: { StringEquals: { \"aws:PrincipalAccount\": \"111122223333\" } }
",
        source: "AWS PrivateLink guide, control access with endpoint policies",
        check: check,
    }
}

/// Keys whose values AWS gives.
const IDS: [&str; 9] = [
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
];

/// How many characters stand in a row before or after a wildcard.
const ROW: usize = 6;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.aws_service().is_some()) {
        for statement in PolicyDocument::read(model, &endpoint.policy()).known_statements() {
            let conditions = statement.conditions.clone().known().unwrap_or_default();
            for condition in conditions.iter().filter(|condition| {
                condition.operator.contains("StringLike") || condition.operator.contains("StringNotLike")
            }) {
                for value in condition.values.known_items() {
                    if let Some(message) = wrong(condition, &text_with_holes(&value)) {
                        let path = format!("PolicyDocument/{}/Condition/{}", statement.place, condition.operator);
                        findings
                            .report(endpoint.id(), path, message)
                            .help("write the value in full, with `StringEquals`");
                    }
                }
            }
        }
    }
}

fn wrong(condition: &Condition<'_>, value: &str) -> Option<String> {
    let key = condition.key;
    if !value.contains(['*', '?']) {
        return None;
    }
    if IDS.iter().any(|id| id.eq_ignore_ascii_case(key)) {
        return Some(format!("`{key}` takes no wildcard in an endpoint policy, and this is `{value}`"));
    }
    // What is not known may be as long as one likes.
    let is_long = |text: &str| text.contains("${}") || text.chars().count() >= ROW;
    let parts: Vec<&str> = value.split(['*', '?']).gather();
    let is_short = parts.windows(2).any(|sides| !sides.iter().any(|side| is_long(side)));
    is_short.then(|| format!("`{value}` has fewer than six characters in a row beside a wildcard"))
}
