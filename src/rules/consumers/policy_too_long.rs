//! An endpoint policy that is too long.

use super::policies::least_length;
use crate::aws::private_link::quotas::POLICY_CHARACTERS;
use crate::model::{Endpoint, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1322", "policy-of-endpoint-too-long", Error {
        pitfalls: [64],
        summary: "An endpoint policy that is too long",
        why: "A policy of an endpoint has at most 20,480 characters, white space included. A longer one is refused.",
        example: "Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      PolicyDocument:
        Statement:
          Effect: Allow
          Principal: \"*\"
          Action: \"s3:GetObject\"
          Resource: !Sub # as long as a list of 400 buckets
            - \"${Many}${Many}${Many}${Many}${Many}${Many}${Many}${Many}\"
            - Many: !Sub
                - \"${Some}${Some}${Some}${Some}${Some}${Some}${Some}${Some}\"
                - Some: !Sub
                    - \"${One}${One}${One}${One}${One}${One}${One}${One}\"
                    - One: \"arn:aws:s3:::reports-of-a-department-with-a-long-name/*\"
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
        let length = least_length(&endpoint.policy());
        if length > POLICY_CHARACTERS {
            findings
                .report(endpoint.id(), "PolicyDocument", format!("the policy has at least {length} characters, and an endpoint takes {POLICY_CHARACTERS}"))
                .help("name resources by a common prefix with `*`, or allow the service and leave the rest to identity policies");
        }
    }
}
