"""Reading back: VPCs, subnets, routes, security groups, endpoints, endpoint services, flow logs."""

from __future__ import annotations

from typing import Any

from readback import Deployed, pairs, reads


def _one(items: list[Any]) -> Any:
    assert len(items) == 1, f"expected one item, found {len(items)}"
    return items[0]


@reads("AWS::EC2::VPC")
def vpc(it: Deployed, name: str, props: dict[str, Any]) -> None:
    ec2, vpc_id = it.client("ec2"), it.physical[name]
    found = _one(ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"])
    it.members(name, props, found, "CidrBlock")
    for member, attribute in (("EnableDnsSupport", "enableDnsSupport"), ("EnableDnsHostnames", "enableDnsHostnames")):
        answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)[member]["Value"]
        it.same(f"{name}.{member}", props.get(member, member == "EnableDnsSupport"), answer)
    by_vpc = [{"Name": "attachment.vpc-id", "Values": [vpc_id]}]
    it.same(f"{name} internet gateways", [], ec2.describe_internet_gateways(Filters=by_vpc)["InternetGateways"])
    nats = ec2.describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
    it.same(f"{name} NAT gateways", [], nats["NatGateways"])
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    for table in tables:
        ways = [route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") for route in table["Routes"]]
        it.same(f"{name} default routes", [], [way for way in ways if way in ("0.0.0.0/0", "::/0")])
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::VPCCidrBlock")
def vpc_cidr(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_vpcs(VpcIds=[props["VpcId"]])["Vpcs"])
    ipv6 = [item["AssociationId"] for item in found.get("Ipv6CidrBlockAssociationSet", [])]
    ipv4 = [item["AssociationId"] for item in found["CidrBlockAssociationSet"]]
    it.same(f"{name} association", True, it.physical[name] in ipv6 + ipv4)


@reads("AWS::EC2::Subnet")
def subnet(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_subnets(SubnetIds=[it.physical[name]])["Subnets"])
    it.members(name, props, found, "CidrBlock", "AvailabilityZone", "VpcId")
    it.same(f"{name}.MapPublicIpOnLaunch", False, found["MapPublicIpOnLaunch"])
    if "Ipv6CidrBlock" in props:
        blocks = [item["Ipv6CidrBlock"] for item in found.get("Ipv6CidrBlockAssociationSet", [])]
        it.same(f"{name}.Ipv6CidrBlock", [props["Ipv6CidrBlock"]], blocks)
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::RouteTable")
def route_table(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_route_tables(RouteTableIds=[it.physical[name]])["RouteTables"])
    it.members(name, props, found, "VpcId")
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::SubnetRouteTableAssociation")
def association(it: Deployed, name: str, props: dict[str, Any]) -> None:
    filters = [{"Name": "association.subnet-id", "Values": [props["SubnetId"]]}]
    found = it.client("ec2").describe_route_tables(Filters=filters)["RouteTables"]
    it.same(f"{name} route table", [props["RouteTableId"]], [item["RouteTableId"] for item in found])


@reads("AWS::EC2::NetworkAcl")
def network_acl(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_network_acls(NetworkAclIds=[it.physical[name]])["NetworkAcls"])
    it.members(name, props, found, "VpcId")


@reads("AWS::EC2::NetworkAclEntry")
def network_acl_entry(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_network_acls(NetworkAclIds=[props["NetworkAclId"]])["NetworkAcls"])
    entries = [
        item
        for item in found["Entries"]
        if item["RuleNumber"] == props["RuleNumber"] and item["Egress"] == bool(props.get("Egress"))
    ]
    it.members(name, props, _one(entries), "CidrBlock", "RuleAction")


@reads("AWS::EC2::SubnetNetworkAclAssociation")
def network_acl_association(it: Deployed, name: str, props: dict[str, Any]) -> None:
    filters = [{"Name": "association.subnet-id", "Values": [props["SubnetId"]]}]
    found = it.client("ec2").describe_network_acls(Filters=filters)["NetworkAcls"]
    it.same(f"{name} network ACL", [props["NetworkAclId"]], [item["NetworkAclId"] for item in found])


def _wanted_rule(rule: dict[str, Any], egress: bool) -> tuple[str, ...]:
    side = "Destination" if egress else "Source"
    peer = (
        rule.get("CidrIp")
        or rule.get("CidrIpv6")
        or rule.get(f"{side}SecurityGroupId")
        or rule.get(f"{side}PrefixListId")
    )
    protocol = str(rule["IpProtocol"])
    ports = ("-1", "-1") if protocol == "-1" else (str(rule["FromPort"]), str(rule["ToPort"]))
    return (protocol, *ports, str(peer))


def _found_rules(permissions: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    found = []
    for item in permissions:
        ports = (str(item.get("FromPort", -1)), str(item.get("ToPort", -1)))
        peers = [x["CidrIp"] for x in item.get("IpRanges", [])]
        peers += [x["CidrIpv6"] for x in item.get("Ipv6Ranges", [])]
        peers += [x["PrefixListId"] for x in item.get("PrefixListIds", [])]
        peers += [x["GroupId"] for x in item.get("UserIdGroupPairs", [])]
        found += [(item["IpProtocol"], *ports, peer) for peer in peers]
    return sorted(found)


@reads("AWS::EC2::SecurityGroup")
def security_group(it: Deployed, name: str, props: dict[str, Any]) -> None:
    """The group has exactly the rules that the template gives it, inline and standalone."""
    group = it.physical[name]
    found = _one(it.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"])
    it.same(f"{name}.VpcId", props.get("VpcId", found["VpcId"]), found["VpcId"])
    it.same(f"{name}.GroupDescription", props["GroupDescription"], found["Description"])
    for way, egress, key in (("Ingress", False, "IpPermissions"), ("Egress", True, "IpPermissionsEgress")):
        wanted = [_wanted_rule(rule, egress) for rule in props.get(f"SecurityGroup{way}") or []]
        alone = [
            _wanted_rule(it.properties(other), egress)
            for other, kind in it.wanted()
            if kind == f"AWS::EC2::SecurityGroup{way}" and it.properties(other)["GroupId"] == group
        ]
        rules = _found_rules(found[key])
        if egress and not wanted and not alone:
            # A group without rules of its own keeps the one that EC2 gives it.
            it.same(f"{name} egress rules", True, ("-1", "-1", "-1", "0.0.0.0/0") in rules)
            continue
        it.same(f"{name} {way.lower()} rules", sorted(wanted + alone), rules)
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
def security_group_rule(it: Deployed, name: str, props: dict[str, Any]) -> None:
    egress = "Destination" in " ".join(props) or it.template["Resources"][name]["Type"].endswith("Egress")
    found = _one(it.client("ec2").describe_security_groups(GroupIds=[props["GroupId"]])["SecurityGroups"])
    rules = _found_rules(found["IpPermissionsEgress" if egress else "IpPermissions"])
    it.same(f"{name} rule", True, _wanted_rule(props, egress) in rules)


@reads("AWS::EC2::VPCEndpoint")
def endpoint(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[it.physical[name]])["VpcEndpoints"])
    it.members(name, props, found, "ServiceName", "VpcEndpointType", "VpcId", "ServiceRegion", "IpAddressType")
    it.same(f"{name}.PrivateDnsEnabled", props.get("PrivateDnsEnabled", False), found["PrivateDnsEnabled"])
    it.same(f"{name}.SubnetIds", sorted(props.get("SubnetIds") or []), sorted(found["SubnetIds"]))
    it.same(f"{name}.RouteTableIds", sorted(props.get("RouteTableIds") or []), sorted(found["RouteTableIds"]))
    if "SecurityGroupIds" in props:
        groups = [item["GroupId"] for item in found["Groups"]]
        it.same(f"{name}.SecurityGroupIds", sorted(props["SecurityGroupIds"]), sorted(groups))
    if "PolicyDocument" in props:
        it.policy(f"{name}.PolicyDocument", props["PolicyDocument"], found["PolicyDocument"])
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::VPCEndpointService")
def endpoint_service(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("ec2").describe_vpc_endpoint_service_configurations(ServiceIds=[it.physical[name]])
    found = _one(answer["ServiceConfigurations"])
    it.same(f"{name}.ServiceState", "Available", found["ServiceState"])
    it.members(name, props, found, "AcceptanceRequired", "NetworkLoadBalancerArns", "PrivateDnsName",
               "PayerResponsibility", "SupportedIpAddressTypes")  # fmt: skip
    regions = {item["Region"] for item in found["SupportedRegions"]}
    it.same(f"{name}.SupportedRegions", {it.region, *(props.get("SupportedRegions") or [])}, regions)
    it.tagged(name, props, pairs(found.get("Tags", [])))


@reads("AWS::EC2::VPCEndpointServicePermissions")
def permissions(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("ec2").describe_vpc_endpoint_service_permissions(ServiceId=props["ServiceId"])
    found = sorted(item["Principal"] for item in answer["AllowedPrincipals"])
    it.same(f"{name}.AllowedPrincipals", sorted(props.get("AllowedPrincipals") or []), found)


@reads("AWS::EC2::VPCEndpointConnectionNotification")
def notification(it: Deployed, name: str, props: dict[str, Any]) -> None:
    answer = it.client("ec2").describe_vpc_endpoint_connection_notifications(ConnectionNotificationId=it.physical[name])
    found = _one(answer["ConnectionNotificationSet"])
    it.members(name, props, found, "ServiceId", "ConnectionEvents", "ConnectionNotificationArn")


@reads("AWS::EC2::FlowLog")
def flow_log(it: Deployed, name: str, props: dict[str, Any]) -> None:
    found = _one(it.client("ec2").describe_flow_logs(FlowLogIds=[it.physical[name]])["FlowLogs"])
    it.members(name, props, found, "ResourceId", "TrafficType", "LogDestinationType", "LogGroupName",
               "LogDestination", "DeliverLogsPermissionArn", "MaxAggregationInterval", "LogFormat")  # fmt: skip
    it.same(f"{name} status", "ACTIVE", found["FlowLogStatus"])
    it.tagged(name, props, pairs(found.get("Tags", [])))
