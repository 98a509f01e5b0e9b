//! Endpoint services and endpoints.

use super::views::views;
use super::{Field, LoadBalancer, Relation, View};

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
    }
}

impl<'a> EndpointService<'a> {
    /// Its load balancers, as far as they are of the app.
    pub fn balancers(self) -> impl Iterator<Item = LoadBalancer<'a>> {
        let model = self.model();
        self.load_balancers().known().unwrap_or_default().into_iter().filter_map(move |identity| model.find(&identity))
    }

    /// Who may connect.
    pub fn permissions(self) -> impl Iterator<Item = EndpointServicePermissions<'a>> {
        self.model().related(Relation::PermissionsService, &self.identity())
    }
}

impl<'a> Endpoint<'a> {
    /// The service of AWS that it is for, such as `ecr.api`, by the end of its name: the Region need not be known. Nothing
    /// for the services of others.
    #[must_use]
    pub fn aws_service(self) -> Option<&'static crate::aws::endpoints::EndpointService> {
        let pieces = self.service_name().pieces();
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                super::Piece::Text(text) => text.as_ref(),
                super::Piece::Hole(_) => "region",
            })
            .collect();
        crate::aws::endpoints::of_service_name(&text).map(|(service, _)| service)
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

    /// Whether it can be told for which service it is.
    #[must_use]
    pub fn is_service_known(self) -> bool {
        self.own_service().is_some()
            || self.aws_service().is_some()
            || matches!(self.service_name().text(), Field::Known(_))
    }
}
