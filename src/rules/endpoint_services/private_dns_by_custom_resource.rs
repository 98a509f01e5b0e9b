//! A private DNS name that a custom resource sets.

use crate::model::{Model, custom_resources, mentions};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1222", "private-dns-by-custom-resource", Warning {
        pitfalls: [39],
        summary: "A custom resource sets the private DNS name of an endpoint service",
        why: "CloudFormation sets the name by itself with `PrivateDnsName`, and gives the TXT record as attributes. A \
              custom resource does the same with functions and roles of its own, needs a public hosted zone in the \
              same account, and leaves the name behind when it fails.",
        example: "Resources:
  Name:
    Type: Custom::AWS
    Properties:
      ServiceToken: arn:aws:lambda:eu-west-1:111122223333:function:caller
      Create: '{\"service\":\"EC2\",\"action\":\"modifyVpcEndpointServiceConfiguration\",\"parameters\":{\"PrivateDnsName\":\"payments.example.com\"}}'
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, PrivateDnsName: payments.example.com }
",
        source: "AWS CloudFormation template reference, AWS::EC2::VPCEndpointService",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for id in custom_resources(model) {
        if mentions(model, id, "modifyVpcEndpointServiceConfiguration") && mentions(model, id, "PrivateDnsName") {
            findings
                .report(id, "", "a custom resource sets the private DNS name of an endpoint service")
                .help("set `PrivateDnsName` of the `AWS::EC2::VPCEndpointService` instead");
        }
    }
}
