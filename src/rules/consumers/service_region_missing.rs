//! An endpoint for a service in another Region that does not say so.

use crate::aws::endpoints::of_service_name;
use crate::aws::private_link::ServiceName;
use crate::diagnostics::Mend;
use crate::model::{Endpoint, Field, Model, Relation, Subnet, Value, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1305", "service-region-missing", Error {
        pitfalls: [43],
        summary: "An endpoint for a service in another Region that does not say so",
        why: "Without `ServiceRegion` the service is looked for in the Region of the endpoint, where it does not \
              exist.",
        example: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-central-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref Subnet]
",
        instead: "Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: vpc-0123456789abcdef0, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-central-1a }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-0123456789abcdef0
      ServiceName: com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0
      VpcEndpointType: Interface
      SubnetIds: [!Ref Subnet]
      ServiceRegion: eu-west-1
",
        source: "AWS PrivateLink guide, access services through interface endpoints across Regions",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for endpoint in model.all::<Endpoint<'a>>() {
        of_aws(model, endpoint, findings);
        let name = endpoint.service_name().text().known();
        let named = name.as_ref().and_then(|name| ServiceName::parse(name).ok()).map(|name| name.region.to_owned());
        let provider = named.or_else(|| endpoint.own_service()?.home_region().map(std::borrow::Cow::into_owned));
        let Some(provider) = provider else { continue };
        let (path, message) = match endpoint.service_region() {
            Field::Absent => match endpoint.home_region().filter(|home| *home != provider) {
                Some(home) => (
                    "ServiceName",
                    format!("the service is in `{provider}`, and without `ServiceRegion` it is looked for in `{home}`"),
                ),
                None => continue,
            },
            Field::Known(said) if said != provider => {
                ("ServiceRegion", format!("the service is in `{provider}`, not in `{said}`"))
            }
            _ => continue,
        };
        let mend = Mend::safe(format!("set `ServiceRegion` to `{provider}`"));
        findings
            .report(endpoint.id(), path, message)
            .help(format!("set `ServiceRegion: {provider}`; the provider has to support the Region of the endpoint"))
            .mend(mend.set("ServiceRegion", provider));
    }
}

/// A service of AWS whose Region was written down and is that of another stack.
fn of_aws<'a>(model: &'a Model<'a>, endpoint: Endpoint<'a>, findings: &mut Findings<'_>) {
    let Field::Known(name) = endpoint.service_name().text() else { return };
    let Some((service, named)) = of_service_name(&name) else { return };
    let of_network = || {
        let network = endpoint.vpc().known()?;
        model.related::<Subnet<'a>>(Relation::SubnetOfVpc, &network).find_map(Subnet::region)
    };
    let home = endpoint.home_region().or_else(of_network);
    let Some(home) = home.filter(|home| *home != named && endpoint.service_region().is_absent()) else { return };
    let meant = Value::sub(format!("com.amazonaws.${{AWS::Region}}.{}", service.key));
    findings
        .report(
            endpoint.id(),
            "ServiceName",
            format!("the service is that of `{named}`, and the endpoint is in `{home}`"),
        )
        .suggest("ServiceName", meant)
        .help(format!("write `!Sub \"com.amazonaws.${{AWS::Region}}.{}\"`", service.key));
}
