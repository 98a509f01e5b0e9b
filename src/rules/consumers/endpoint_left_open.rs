//! An endpoint that allows everything.

use super::policies::is_full_access;
use crate::diagnostics::Severity;
use crate::model::policy::PolicyDocument;
use crate::model::{Endpoint, Identity, Model, NatGateway, OrderedSet, Peering, Relation, Subnet, View, Vpc};
use crate::rules::registry::rule;
use crate::rules::{Findings, InSpec};

rule! {
    RULE = "RF1321", "endpoint-left-open", Warning {
        pitfalls: [64],
        summary: "An endpoint that allows everything",
        why: "An endpoint without a policy of its own lets anybody who reaches it do anything with any resource of any \
              account. In a VPC without another way out, that is the way by which data leaves: with credentials of an \
              account elsewhere, to a bucket elsewhere.",
        example: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
",
        instead: "Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      ServiceName: com.amazonaws.eu-west-1.s3
      VpcEndpointType: Gateway
      RouteTableIds: [rtb-0123456789abcdef0]
      PolicyDocument:
        Statement: [{ Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: \"arn:aws:s3:::reports/*\" }]
",
        source: "AWS PrivateLink guide, control access with endpoint policies",
        check: check,
    }
}

/// Services that keep whatever is sent to them, from anybody's account.
const STORES: [&str; 2] = ["dynamodb", "s3"];

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let ways_out = WaysOut::of(model);
    for endpoint in model.all::<Endpoint<'a>>() {
        let Some(service) = endpoint.aws_service().filter(|service| service.takes_policy == Some(true)) else {
            continue;
        };
        let policy = endpoint.policy();
        let path = match (policy.is_absent(), policy.because()) {
            (true, _) => String::new(),
            (_, Some(_)) => continue,
            _ => match is_full_access(&PolicyDocument::read(model, &policy), service.iam_prefix) {
                Some(place) => format!("PolicyDocument/{place}"),
                None => continue,
            },
        };
        let is_way_out = STORES.contains(&service.key) && ways_out.is_isolated(model, endpoint);
        findings
            .report(
                endpoint.id(),
                path,
                format!("the endpoint allows everything in {} to anybody who reaches it", service.description),
            )
            .help("give it a `PolicyDocument` that allows the actions and resources that are needed")
            .in_spec(InSpec::Help("leave `network.endpoints.restrict` on"))
            .severity(if is_way_out { Severity::Warning } else { Severity::Info });
    }
}

/// The VPCs that have another way out than endpoints.
struct WaysOut<'a> {
    vpcs: OrderedSet<Identity<'a>>,
    /// Whether something may be a way out of any VPC.
    is_open: bool,
}

impl<'a> WaysOut<'a> {
    fn of(model: &'a Model<'a>) -> Self {
        let mut found = Self { vpcs: OrderedSet::new(), is_open: false };
        for nat in model.all::<NatGateway<'a>>() {
            let subnet = nat.subnet().known().and_then(|subnet| model.find::<Subnet<'a>>(&subnet));
            found.add(subnet.and_then(|subnet| subnet.vpc().known()));
        }
        for peering in model.all::<Peering<'a>>() {
            found.add(peering.vpc().known());
            found.add(peering.peer().known());
        }
        found
    }

    fn add(&mut self, vpc: Option<Identity<'a>>) {
        match vpc {
            Some(vpc) => drop(self.vpcs.insert(vpc)),
            None => self.is_open = true,
        }
    }

    /// Whether the VPC of an endpoint is known to have no other way out.
    fn is_isolated(&self, model: &'a Model<'a>, endpoint: Endpoint<'a>) -> bool {
        const WAYS: [Relation; 3] =
            [Relation::GatewayOfVpc, Relation::TransitAttachmentVpc, Relation::TransitVpcAttachmentVpc];
        let vpc = endpoint.vpc().known().and_then(|vpc| model.find::<Vpc<'a>>(&vpc));
        let Some(vpc) = vpc.map(Vpc::identity) else { return false };
        !self.is_open
            && !self.vpcs.contains(&vpc)
            && !WAYS.iter().any(|way| model.referring(*way, &vpc).next().is_some())
    }
}
