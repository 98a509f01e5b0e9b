//! A principal other than everybody in the policy of a gateway endpoint.

use crate::aws::arn::is_account_id;
use crate::diagnostics::{Mend, Severity};
use crate::model::policy::{PolicyDocument, Statement};
use crate::model::{Endpoint, Field, Model, View};
use crate::rules::Findings;
use crate::rules::mends::map;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1323", "gateway-policy-principal", Error {
        pitfalls: [64],
        summary: "A principal other than everybody in the policy of a gateway endpoint",
        why: "In policies of gateway endpoints the principal must be `*`. An account there means its root user alone, \
              so that all users and roles are refused.",
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
            Principal: { AWS: \"arn:aws:iam::111122223333:root\" }
            Action: \"s3:GetObject\"
            Resource: \"arn:aws:s3:::reports/*\"
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

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>().filter(|endpoint| endpoint.is_gateway()) {
        for statement in PolicyDocument::read(model, &endpoint.policy()).known_statements() {
            let Some((place, name)) = somebody(statement) else { continue };
            findings
                .report(endpoint.id(), format!("PolicyDocument/{}/{place}", statement.place), format!("the principal of a gateway endpoint's policy must be `*`{name}"))
                .mend_by(mend(statement))
                .help("write `Principal: \"*\"` and name who may use it in a condition on `aws:PrincipalArn` or `aws:PrincipalAccount`")
                .severity(if statement.allows.is_yes() { Severity::Error } else { Severity::Warning });
        }
    }
}

/// A principal that is known not to be everybody: its place, and its name in words.
fn somebody(statement: &Statement<'_>) -> Option<(String, String)> {
    let Field::Known(principals) = &statement.principals else { return None };
    let principal =
        principals.iter().find(|principal| !principal.is_everybody() && !principal.name.may_be_anything())?;
    let name = principal.name.shown();
    Some((principal.place.clone(), if name == "…" { String::new() } else { format!(", and this is `{name}`") }))
}

/// Lets a condition say who may use it, in place of the principal.
fn mend(statement: &Statement<'_>) -> Option<Mend> {
    let principals = statement.principals.clone().known()?;
    let [principal] = principals.as_slice() else { return None };
    let name = principal.name.shown();
    let is_plain = principal.kind == "AWS" && !name.contains(['…', '$', '*', '?']) && !statement.excepts_principals;
    if !is_plain || !statement.conditions.is_absent() {
        return None;
    }
    let account = name.strip_suffix(":root").map_or(name.as_str(), |arn| arn.rsplit(':').next().unwrap_or_default());
    let condition = if is_account_id(account) {
        map(vec![("StringEquals", map(vec![("aws:PrincipalAccount", account.to_owned().into())]))])
    } else {
        map(vec![("ArnEquals", map(vec![("aws:PrincipalArn", name.into())]))])
    };
    let place = |key: &str| format!("PolicyDocument/{}/{key}", statement.place);
    let mend = Mend::suggested("write `*`, and name who may use it in a condition");
    Some(mend.set(place("Principal"), "*").set(place("Condition"), condition))
}
