//! A statement of an endpoint policy without a principal.

use crate::model::policy::PolicyDocument;
use crate::model::{Endpoint, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1325", "endpoint-policy-without-principal", Error {
        pitfalls: [64],
        summary: "A statement of an endpoint policy without a principal",
        why: "An endpoint policy is attached to a resource, so each statement has to say who it is about. One without \
              a principal is refused as malformed.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      PolicyDocument:
        Statement: [{ Effect: Allow, Action: \"s3:GetObject\", Resource: \"*\" }]
",
        instead: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      PolicyDocument:
        Statement: [{ Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::reports/*\" }]
",
        source: "AWS PrivateLink guide, control access with endpoint policies",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        for statement in PolicyDocument::read(model, &endpoint.policy()).known_statements() {
            if statement.principals.is_absent() && !statement.actions.patterns.is_absent() {
                findings
                    .report(
                        endpoint.id(),
                        format!("PolicyDocument/{}", statement.place),
                        "the statement does not say who it is about",
                    )
                    .suggest(&format!("PolicyDocument/{}/Principal", statement.place), "*")
                    .help("add `Principal: \"*\"`; identity policies and conditions say who");
            }
        }
    }
}
