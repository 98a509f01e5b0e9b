//! A Region from which nobody can connect.

use crate::aws::region::{RegionError, did_you_mean};
use crate::aws::{Partition, Region};
use crate::diagnostics::Severity;
use crate::model::{EndpointService, Field, Model, View};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1231", "bad-supported-region", Error {
        pitfalls: [43],
        summary: "A Region from which nobody can connect",
        why: "Access from other Regions stays within a partition, and a Region is written by its code, such as \
              `eu-central-1`.",
        example: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, SupportedRegions: [eu-central-1a] }
",
        instead: "Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/api/0123456789abcdef], AcceptanceRequired: true, SupportedRegions: [eu-central-1] }
",
        source: "AWS PrivateLink guide, share your services",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for service in model.all::<EndpointService<'a>>() {
        let Field::Known(regions) = service.regions().items() else { continue };
        let home = service.home_region().and_then(|region| Partition::of_region(&region));
        // Those who may connect are of the partition of the service.
        let allowed = service.permissions().flat_map(super::principals);
        let home = home.or_else(|| {
            allowed
                .filter_map(|(_, principal)| principal.text().known())
                .find_map(|text| Partition::from_id(text.strip_prefix("arn:")?.split(':').next()?))
        });
        // All Regions of a list are of one partition.
        let home = home.or_else(|| regions.iter().find_map(|region| Partition::of_region(&region.text().known()?)));
        for (index, region) in regions.iter().enumerate() {
            let Field::Known(region) = region.text() else { continue };
            let (message, severity) = match Region::parse(&region) {
                Ok(known) if home.is_some_and(|home| home != known.partition) => {
                    (format!("`{region}` is in another partition than the service"), Severity::Error)
                }
                Ok(_) => continue,
                Err(RegionError::Malformed) => (format!("`{region}` is no Region"), Severity::Error),
                Err(RegionError::Unknown(_)) => {
                    (format!("`{region}` is no Region that is known here"), Severity::Warning)
                }
            };
            let path = format!("SupportedRegions/{index}");
            let found = findings.report(service.id(), path.clone(), message);
            // The construct's own check says it.
            found.severity(severity).in_spec(InSpec::Nothing);
            if let Some(meant) = did_you_mean(&region).first().filter(|meant| **meant != region) {
                found.suggest(&path, *meant).help(format!("did you mean `{meant}`?"));
            }
        }
    }
}
