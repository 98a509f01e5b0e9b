//! VPCs, subnets, routes, gateways, network ACLs and security groups.

use std::borrow::Cow;

use super::views::views;
use super::{Field, Identity, Relation, View};
use crate::cfn::Gather as _;

views! {
    /// A VPC.
    Vpc = "AWS::EC2::VPC" {
        cidr_block: text "CidrBlock",
        has_dns_support: bool "EnableDnsSupport" or true,
        has_dns_hostnames: bool "EnableDnsHostnames" or false,
    }
    /// A further range of a VPC.
    VpcCidrBlock = "AWS::EC2::VPCCidrBlock" {
        vpc: one "VpcId",
        cidr_block: text "CidrBlock",
        ipv6_cidr_block: text "Ipv6CidrBlock",
        has_amazon_ipv6: bool "AmazonProvidedIpv6CidrBlock" or false,
    }
    /// A subnet.
    Subnet = "AWS::EC2::Subnet" {
        vpc: one "VpcId",
        cidr_block: text "CidrBlock",
        ipv6_cidr_block: text "Ipv6CidrBlock",
        availability_zone: node "AvailabilityZone",
        availability_zone_id: text "AvailabilityZoneId",
        maps_public_ip: bool "MapPublicIpOnLaunch" or false,
        assigns_ipv6: bool "AssignIpv6AddressOnCreation" or false,
    }
    /// A route table.
    RouteTable = "AWS::EC2::RouteTable" { vpc: one "VpcId", }
    /// Which route table a subnet has.
    SubnetRouteTableAssociation = "AWS::EC2::SubnetRouteTableAssociation" {
        subnet: one "SubnetId",
        route_table: one "RouteTableId",
    }
    /// A route.
    Route = "AWS::EC2::Route" {
        route_table: one "RouteTableId",
        destination: text "DestinationCidrBlock",
        ipv6_destination: text "DestinationIpv6CidrBlock",
        prefix_list: one "DestinationPrefixListId",
        gateway: one "GatewayId",
        nat_gateway: one "NatGatewayId",
        egress_only_gateway: one "EgressOnlyInternetGatewayId",
        transit_gateway: one "TransitGatewayId",
        peering: one "VpcPeeringConnectionId",
        endpoint: one "VpcEndpointId",
        instance: one "InstanceId",
        interface: one "NetworkInterfaceId",
        carrier_gateway: one "CarrierGatewayId",
        local_gateway: one "LocalGatewayId",
        core_network: one "CoreNetworkArn",
    }
    /// An internet gateway.
    InternetGateway = "AWS::EC2::InternetGateway" {}
    /// An egress-only internet gateway, for IPv6.
    EgressOnlyInternetGateway = "AWS::EC2::EgressOnlyInternetGateway" { vpc: one "VpcId", }
    /// What attaches an internet gateway or a virtual private gateway to a VPC.
    GatewayAttachment = "AWS::EC2::VPCGatewayAttachment" {
        vpc: one "VpcId",
        internet_gateway: one "InternetGatewayId",
        vpn_gateway: one "VpnGatewayId",
    }
    /// A NAT gateway.
    NatGateway = "AWS::EC2::NatGateway" {
        subnet: one "SubnetId",
        connectivity: text "ConnectivityType" or "public",
    }
    /// A peering of two VPCs.
    Peering = "AWS::EC2::VPCPeeringConnection" { vpc: one "VpcId", peer: one "PeerVpcId", }
    /// A network ACL.
    NetworkAcl = "AWS::EC2::NetworkAcl" { vpc: one "VpcId", }
    /// Which network ACL a subnet has.
    SubnetNetworkAclAssociation = "AWS::EC2::SubnetNetworkAclAssociation" {
        subnet: one "SubnetId",
        network_acl: one "NetworkAclId",
    }
    /// A rule of a network ACL.
    NetworkAclEntry = "AWS::EC2::NetworkAclEntry" {
        network_acl: one "NetworkAclId",
        is_egress: bool "Egress" or false,
        number: int "RuleNumber",
        protocol: int "Protocol",
        action: text "RuleAction",
        cidr_block: text "CidrBlock",
        ipv6_cidr_block: text "Ipv6CidrBlock",
        from_port: int "PortRange/From",
        to_port: int "PortRange/To",
    }
    /// A security group. Its rules are in it and in resources of their own.
    SecurityGroup = "AWS::EC2::SecurityGroup" {
        vpc: one "VpcId",
        description: text "GroupDescription",
        ingress: list "SecurityGroupIngress",
        egress: list "SecurityGroupEgress",
        ingress_node: node "SecurityGroupIngress",
        egress_node: node "SecurityGroupEgress",
    }
    /// A rule that stands by itself and lets into a security group.
    SecurityGroupIngress = "AWS::EC2::SecurityGroupIngress" { group: one "GroupId", }
    /// A rule that stands by itself and lets out of a security group.
    SecurityGroupEgress = "AWS::EC2::SecurityGroupEgress" { group: one "GroupId", }
    /// A prefix list of one's own.
    PrefixList = "AWS::EC2::PrefixList" { entries: list "Entries", }
    /// Where a file system of EFS is reached in a subnet.
    MountTarget = "AWS::EFS::MountTarget" {
        file_system: one "FileSystemId",
        subnet: one "SubnetId",
        security_groups: many "SecurityGroups",
    }
    /// Where the traffic of a network is recorded.
    FlowLog = "AWS::EC2::FlowLog" {
        resource: one "ResourceId",
        resource_type: text "ResourceType",
        traffic: text "TrafficType",
        destination: one "LogDestination",
        destination_type: text "LogDestinationType" or "cloud-watch-logs",
        log_group_name: one "LogGroupName",
        role: one "DeliverLogsPermissionArn",
    }
}

impl<'a> Subnet<'a> {
    /// The Region in which it is: that of its stack, or what the name of its zone says.
    #[must_use]
    pub fn region(self) -> Option<Cow<'a, str>> {
        if let Some(region) = self.model().region_of(self.id()) {
            return Some(Cow::Borrowed(region));
        }
        let zone = self.availability_zone().text().known()?;
        let region = zone.strip_suffix(|letter: char| letter.is_ascii_lowercase())?;
        crate::aws::Partition::of_region(region).map(|_| Cow::Owned(region.to_owned()))
    }

    /// The route table that it is given; nothing when it has the main one of its VPC.
    #[must_use]
    pub fn route_table(self) -> Option<Field<'a, Identity<'a>>> {
        let mut associations =
            self.model().related::<SubnetRouteTableAssociation<'a>>(Relation::TableOfSubnet, &self.identity());
        associations.next().map(SubnetRouteTableAssociation::route_table)
    }
}

/// Whether a stack of the template of a resource may be in a Region, as far as its mappings by Region say.
#[must_use]
pub fn may_be_in<'a>(model: &'a super::Model<'a>, resource: super::ResourceId, region: &str) -> bool {
    let maps = model.template_of(resource).and_then(crate::cfn::eval::Template::mappings).into_iter();
    let mut maps = maps.flat_map(|map| map.iter()).filter_map(|(_, value)| value.as_map());
    let is_region = |key: &str| crate::aws::Region::find(key).is_some();
    maps.all(|map| {
        let keys = || map.iter().map(|(key, _)| key.as_ref());
        map.is_empty() || !keys().all(is_region) || keys().any(|key| key == region)
    })
}

/// The IDs of prefix lists in the mappings of the template of a resource.
#[must_use]
pub fn prefix_lists_in_mappings<'a>(model: &'a super::Model<'a>, resource: super::ResourceId) -> Vec<&'a str> {
    let maps = model.template_of(resource).and_then(crate::cfn::eval::Template::mappings).into_iter();
    let first = maps.flat_map(|map| map.iter()).filter_map(|(_, value)| value.as_map());
    let second = first.flat_map(|map| map.iter()).filter_map(|(_, value)| value.as_map());
    let texts = second.flat_map(|map| map.iter()).filter_map(|(_, value)| value.as_str());
    texts.filter(|text| text.starts_with("pl-")).gather()
}

impl<'a> RouteTable<'a> {
    /// Its routes.
    pub fn routes(self) -> impl Iterator<Item = Route<'a>> {
        self.model().related(Relation::RouteOfTable, &self.identity())
    }
}
