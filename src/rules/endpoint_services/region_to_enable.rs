//! A Region that has to be enabled before anybody can connect from it.

use crate::aws::Region;
use crate::model::{EndpointService, Field, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1232", "region-to-enable", Info {
        pitfalls: [43],
        summary: "A Region that has to be enabled in both accounts before anybody can connect from it",
        why: "Accounts must enable Regions that were introduced after March 2019. Until provider and consumer have \
              done so, the consumer is told that the service does not exist.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, SupportedRegions: [eu-south-2] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, SupportedRegions: [eu-west-3] }
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        for (index, region) in service.regions().known_items().iter().enumerate() {
            let Field::Known(region) = region.text() else { continue };
            if Region::find(&region).is_some_and(|region| region.opt_in) {
                findings
                    .report(
                        service.id(),
                        format!("SupportedRegions/{index}"),
                        format!("`{region}` has to be enabled in the accounts of both sides"),
                    )
                    .help("enable it in the account settings of provider and consumers");
            }
        }
    }
}
