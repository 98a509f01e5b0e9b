//! Endpoint services and endpoints, and the records that prove their private DNS names.

use std::borrow::Cow;

use super::views::views;
use super::{Because, Field, Identity, LoadBalancer, Model, Node, Piece, Relation, Subnet, View};
use crate::aws::{Partition, Region};

views! {
    /// A service that others connect to through PrivateLink.
    EndpointService = "AWS::EC2::VPCEndpointService" {
        load_balancers: many "NetworkLoadBalancerArns",
        gateway_load_balancers: many "GatewayLoadBalancerArns",
        acceptance_required: bool "AcceptanceRequired",
        private_dns_name: text "PrivateDnsName",
        payer: text "PayerResponsibility",
        regions: node "SupportedRegions",
        ip_address_types: node "SupportedIpAddressTypes",
    }
    /// Who may connect to an endpoint service.
    EndpointServicePermissions = "AWS::EC2::VPCEndpointServicePermissions" {
        service: one "ServiceId",
        principals: node "AllowedPrincipals",
    }
    /// Where an endpoint service tells of connections.
    ConnectionNotification = "AWS::EC2::VPCEndpointConnectionNotification" {
        service: one "ServiceId",
        topic: one "ConnectionNotificationArn",
        events: node "ConnectionEvents",
    }
    /// An endpoint in a VPC, to a service of AWS or of somebody else.
    Endpoint = "AWS::EC2::VPCEndpoint" {
        vpc: one "VpcId",
        service_name: node "ServiceName",
        service_region: text "ServiceRegion",
        kind: text "VpcEndpointType" or "Gateway",
        private_dns: bool "PrivateDnsEnabled" or false,
        ip_address_type: text "IpAddressType",
        subnets: many "SubnetIds",
        security_groups: many "SecurityGroupIds",
        route_tables: many "RouteTableIds",
        policy: node "PolicyDocument",
        dns_only_inbound: text "DnsOptions/PrivateDnsOnlyForInboundResolverEndpoint",
    }
    /// A hosted zone; a private one has VPCs.
    HostedZone = "AWS::Route53::HostedZone" { name: text "Name", vpcs: list "VPCs", }
    /// A record of a hosted zone.
    RecordSet = "AWS::Route53::RecordSet" { zone: one "HostedZoneId", }
    /// Several records of a hosted zone.
    RecordSetGroup = "AWS::Route53::RecordSetGroup" { zone: one "HostedZoneId", records: list "RecordSets", }
}

/// The text of a value, in which `${}` stands for all that is not known: what the parsers of [`crate::aws`] read as a hole.
#[must_use]
pub fn text_with_holes(node: &Node<'_>) -> String {
    let mut text = String::new();
    for piece in node.pieces() {
        match piece {
            Piece::Text(known) => text.push_str(&known),
            Piece::Hole(_) => text.push_str("${}"),
        }
    }
    text
}

/// The Region in which one of these subnets is, as its Availability Zone tells.
pub(super) fn region_of_subnets<'a>(
    model: &'a Model<'a>,
    subnets: Field<'a, Vec<Identity<'a>>>,
) -> Option<Cow<'a, str>> {
    let views = subnets.known()?.into_iter().filter_map(|identity| model.find::<Subnet<'a>>(&identity));
    views.take(MOST_SUBNETS).find_map(|subnet| {
        if let Field::Known(zone) = subnet.availability_zone_id() {
            return Region::of_zone_id(&zone).map(|region| Cow::Borrowed(region.name));
        }
        let zone = subnet.availability_zone().text().known()?;
        let region = zone.strip_suffix(|letter: char| letter.is_ascii_lowercase())?;
        Partition::of_region(region).map(|_| Cow::Owned(region.to_owned()))
    })
}

/// Regions of all ways in which the names of services of AWS begin, to stand where the Region is not known.
const ANY_REGION: [&str; 5] = ["us-east-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1"];

/// How many subnets are asked for their Availability Zones: more than any Region has zones.
const MOST_SUBNETS: usize = 16;

impl<'a> EndpointService<'a> {
    /// Its load balancers, as far as they are of the app.
    pub fn balancers(self) -> impl Iterator<Item = LoadBalancer<'a>> {
        let model = self.model();
        self.load_balancers().known().unwrap_or_default().into_iter().filter_map(move |identity| model.find(&identity))
    }

    /// Where it tells of connections.
    pub fn notifications(self) -> impl Iterator<Item = ConnectionNotification<'a>> {
        self.model().related(Relation::NotificationService, &self.identity())
    }

    /// The endpoints of the app that are for it.
    pub fn endpoints(self) -> impl Iterator<Item = Endpoint<'a>> {
        self.model().related(Relation::EndpointService, &self.identity())
    }

    /// The Region that hosts it, when it is known: from the stack, or from the zones of its load balancers.
    #[must_use]
    pub fn home_region(self) -> Option<Cow<'a, str>> {
        let known = self.model().region_of(self.id()).map(Cow::Borrowed);
        known.or_else(|| self.balancers().find_map(|balancer| region_of_subnets(self.model(), balancer.node_subnets())))
    }

    /// Who may connect.
    pub fn permissions(self) -> impl Iterator<Item = EndpointServicePermissions<'a>> {
        self.model().related(Relation::PermissionsService, &self.identity())
    }
}

impl<'a> EndpointServicePermissions<'a> {
    /// The endpoint service, when it is of the app.
    #[must_use]
    pub fn endpoint_service(self) -> Option<EndpointService<'a>> {
        self.model().view(self.property("ServiceId").resource()?)
    }
}

impl<'a> Endpoint<'a> {
    /// The service of AWS that it is for, such as `ecr.api`, by the end of its name: the Region need not be known. Nothing
    /// for the services of others.
    #[must_use]
    pub fn aws_service(self) -> Option<&'static crate::aws::endpoints::EndpointService> {
        let text = text_with_holes(&self.service_name());
        let find = |text: &str| crate::aws::endpoints::of_service_name(text).map(|(service, _)| service);
        if !text.contains("${}") {
            return find(&text);
        }
        ANY_REGION.iter().find_map(|region| find(&text.replace("${}", region)))
    }

    /// The Region in the name of its service, when it is written there.
    #[must_use]
    pub fn region(self) -> Option<&'static str> {
        let name = self.service_name().text().known()?;
        name.split('.').find_map(crate::aws::Region::find).map(|region| region.name)
    }

    /// Whether it is an interface endpoint, with addresses in subnets.
    #[must_use]
    pub fn is_interface(self) -> bool {
        self.kind().is_known_and(|kind| kind == "Interface")
    }

    /// Whether it is a gateway endpoint, a target of routes.
    #[must_use]
    pub fn is_gateway(self) -> bool {
        self.kind().is_known_and(|kind| kind == "Gateway")
    }

    /// The endpoint service that it is for, when that is of the app.
    #[must_use]
    pub fn own_service(self) -> Option<EndpointService<'a>> {
        self.model().view(self.service_name().resource()?)
    }

    /// The Region in which it is, when it is known: from the stack, or from the zones of its subnets.
    #[must_use]
    pub fn home_region(self) -> Option<Cow<'a, str>> {
        let known = self.model().region_of(self.id()).map(Cow::Borrowed);
        known.or_else(|| region_of_subnets(self.model(), self.subnets()))
    }

    /// Its subnets, as far as they are of the app.
    pub fn subnet_views(self) -> impl Iterator<Item = Subnet<'a>> {
        let model = self.model();
        self.subnets().known().unwrap_or_default().into_iter().filter_map(move |identity| model.find(&identity))
    }

    /// Whether it is for an endpoint service of somebody, not of AWS.
    #[must_use]
    pub fn is_for_endpoint_service(self) -> bool {
        self.own_service().is_some() || text_with_holes(&self.service_name()).contains("vpce-svc-")
    }

    /// Whether it can be told for which service it is.
    #[must_use]
    pub fn is_service_known(self) -> bool {
        self.own_service().is_some()
            || self.aws_service().is_some()
            || matches!(self.service_name().text(), Field::Known(_))
            || self.is_all_but_the_region_known()
    }

    /// Whether only the Region is open in the name of its service, so that it is known which one it is.
    fn is_all_but_the_region_known(self) -> bool {
        let pieces = self.service_name().pieces();
        let [Piece::Text(before), Piece::Hole(Because::Pseudo("AWS::Region")), Piece::Text(after)] = pieces.as_slice()
        else {
            return false;
        };
        before == "com.amazonaws." && after.len() > 1 && after.starts_with('.')
    }
}
