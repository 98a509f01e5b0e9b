"""AWS::EC2 networking: VPCs, subnets, route tables, network ACLs, gateways, flow logs."""

from typing import Any

from . import Context, Handler, gone, handles, list_change, pick, tags


def specification(kind: str, props: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The tags in the form that EC2's create calls take."""
    found = tags(props)
    return [{"ResourceType": kind, "Tags": found}] if found else None


def retag(ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Bring an EC2 resource's tags from old to new."""
    added, removed = list_change(tags(old), tags(new))
    kept = {tag["Key"] for tag in tags(new)}
    dropped = [{"Key": tag["Key"]} for tag in removed if tag["Key"] not in kept]
    if dropped:
        ctx.call("ec2", "DeleteTags", Resources=[physical], Tags=dropped)
    if added:
        ctx.call("ec2", "CreateTags", Resources=[physical], Tags=added)


def remove(ctx: Context, operation: str, **params: Any) -> None:
    """Delete, and take it as done when the resource is already gone."""
    try:
        ctx.call("ec2", operation, **params)
    except Exception as error:
        if not gone(error):
            raise


@handles("AWS::EC2::VPC")
class Vpc(Handler):
    updates = frozenset({"EnableDnsHostnames", "EnableDnsSupport", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateVpc", **pick(props, "CidrBlock", "InstanceTenancy"),
                        TagSpecifications=specification("vpc", props))  # fmt: skip
        vpc_id = made["Vpc"]["VpcId"]
        self._dns(ctx, vpc_id, props)
        return vpc_id

    def _dns(self, ctx: Context, vpc_id: str, props: dict[str, Any]) -> None:
        names = ("EnableDnsSupport", "EnableDnsHostnames")
        if props.get("EnableDnsSupport") is False:
            names = names[::-1]
        for name in names:
            if name in props:
                ctx.call("ec2", "ModifyVpcAttribute", VpcId=vpc_id, **{name: {"Value": props[name]}})

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._dns(ctx, physical, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteVpc", VpcId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        vpc = ctx.call("ec2", "DescribeVpcs", VpcIds=[physical])["Vpcs"][0]
        by_vpc = [{"Name": "vpc-id", "Values": [physical]}]
        default = [*by_vpc, {"Name": "default", "Values": ["true"]}]
        group = [*by_vpc, {"Name": "group-name", "Values": ["default"]}]
        acls = ctx.call("ec2", "DescribeNetworkAcls", Filters=default)["NetworkAcls"]
        groups = ctx.call("ec2", "DescribeSecurityGroups", Filters=group)["SecurityGroups"]
        return {
            "VpcId": physical,
            "CidrBlock": vpc["CidrBlock"],
            "CidrBlockAssociations": [i["AssociationId"] for i in vpc["CidrBlockAssociationSet"]],
            "Ipv6CidrBlocks": [i["Ipv6CidrBlock"] for i in vpc.get("Ipv6CidrBlockAssociationSet", [])],
            "DefaultNetworkAcl": acls[0]["NetworkAclId"] if acls else "",
            "DefaultSecurityGroup": groups[0]["GroupId"] if groups else "",
        }


@handles("AWS::EC2::VPCCidrBlock")
class VpcCidrBlock(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "AssociateVpcCidrBlock",
                        **pick(props, "VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock"))  # fmt: skip
        found = made.get("CidrBlockAssociation") or made["Ipv6CidrBlockAssociation"]
        return found["AssociationId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DisassociateVpcCidrBlock", AssociationId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical, "VpcId": props["VpcId"]}


@handles("AWS::EC2::Subnet")
class Subnet(Handler):
    updates = frozenset({"MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        members = ("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock")
        made = ctx.call("ec2", "CreateSubnet", **pick(props, *members),
                        TagSpecifications=specification("subnet", props))  # fmt: skip
        subnet_id = made["Subnet"]["SubnetId"]
        self._attributes(ctx, subnet_id, {}, props)
        return subnet_id

    def _attributes(self, ctx: Context, subnet_id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
            if name in new or old.get(name) != new.get(name):
                value = {"Value": bool(new.get(name, False))}
                ctx.call("ec2", "ModifySubnetAttribute", SubnetId=subnet_id, **{name: value})

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._attributes(ctx, physical, old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteSubnet", SubnetId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ec2", "DescribeSubnets", SubnetIds=[physical])["Subnets"][0]
        filters = [{"Name": "association.subnet-id", "Values": [physical]}]
        acls = ctx.call("ec2", "DescribeNetworkAcls", Filters=filters)["NetworkAcls"]
        associations = [i for acl in acls for i in acl["Associations"] if i["SubnetId"] == physical]
        return {
            "SubnetId": physical,
            "AvailabilityZone": found["AvailabilityZone"],
            "AvailabilityZoneId": found["AvailabilityZoneId"],
            "CidrBlock": found["CidrBlock"],
            "VpcId": found["VpcId"],
            "Ipv6CidrBlocks": [i["Ipv6CidrBlock"] for i in found.get("Ipv6CidrBlockAssociationSet", [])],
            "NetworkAclAssociationId": associations[0]["NetworkAclAssociationId"] if associations else "",
        }


@handles("AWS::EC2::RouteTable")
class RouteTable(Handler):
    updates = frozenset({"Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateRouteTable", VpcId=props["VpcId"],
                        TagSpecifications=specification("route-table", props))  # fmt: skip
        return made["RouteTable"]["RouteTableId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteRouteTable", RouteTableId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"RouteTableId": physical}


@handles("AWS::EC2::SubnetRouteTableAssociation")
class SubnetRouteTableAssociation(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        return ctx.call("ec2", "AssociateRouteTable", **pick(props, "SubnetId", "RouteTableId"))["AssociationId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DisassociateRouteTable", AssociationId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::EC2::Route")
class Route(Handler):
    members = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    gateways = ("GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId",
                "VpcPeeringConnectionId", "NetworkInterfaceId", "VpcEndpointId")  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = pick(props, "RouteTableId", *self.members, *self.gateways)
        ctx.call("ec2", "CreateRoute", **given)
        destination = next(iter(pick(props, *self.members).values()))
        return f"{props['RouteTableId']}|{destination}"

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteRoute", **pick(props, "RouteTableId", *self.members))


@handles("AWS::EC2::InternetGateway")
class InternetGateway(Handler):
    updates = frozenset({"Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateInternetGateway", TagSpecifications=specification("internet-gateway", props))
        return made["InternetGateway"]["InternetGatewayId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteInternetGateway", InternetGatewayId=physical)


@handles("AWS::EC2::VPCGatewayAttachment")
class GatewayAttachment(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("ec2", "AttachInternetGateway", **pick(props, "InternetGatewayId", "VpcId"))
        return f"IGW|{props['VpcId']}"

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DetachInternetGateway", **pick(props, "InternetGatewayId", "VpcId"))


@handles("AWS::EC2::EgressOnlyInternetGateway")
class EgressOnlyInternetGateway(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateEgressOnlyInternetGateway", VpcId=props["VpcId"])
        return made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteEgressOnlyInternetGateway", EgressOnlyInternetGatewayId=physical)


@handles("AWS::EC2::NetworkAcl")
class NetworkAcl(Handler):
    updates = frozenset({"Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("ec2", "CreateNetworkAcl", VpcId=props["VpcId"],
                        TagSpecifications=specification("network-acl", props))  # fmt: skip
        return made["NetworkAcl"]["NetworkAclId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteNetworkAcl", NetworkAclId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::EC2::NetworkAclEntry")
class NetworkAclEntry(Handler):
    updates = frozenset({"Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange", "Icmp"})

    def _given(self, props: dict[str, Any]) -> dict[str, Any]:
        given = pick(props, "NetworkAclId", "RuleNumber", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "PortRange")
        given["Protocol"] = str(props["Protocol"])
        given["Egress"] = bool(props.get("Egress", False))
        if "Icmp" in props:
            given["IcmpTypeCode"] = props["Icmp"]
        return given

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("ec2", "CreateNetworkAclEntry", **self._given(props))
        way = "egress" if props.get("Egress") else "ingress"
        return f"{props['NetworkAclId']}|{props['RuleNumber']}|{way}"

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call("ec2", "ReplaceNetworkAclEntry", **self._given(new))

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteNetworkAclEntry", NetworkAclId=props["NetworkAclId"],
               RuleNumber=props["RuleNumber"], Egress=bool(props.get("Egress", False)))  # fmt: skip


@handles("AWS::EC2::SubnetNetworkAclAssociation")
class SubnetNetworkAclAssociation(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        filters = [{"Name": "association.subnet-id", "Values": [props["SubnetId"]]}]
        acls = ctx.call("ec2", "DescribeNetworkAcls", Filters=filters)["NetworkAcls"]
        current = next(item for acl in acls for item in acl["Associations"] if item["SubnetId"] == props["SubnetId"])
        ctx.data["previous"] = current["NetworkAclId"]
        return self._move(ctx, current["NetworkAclAssociationId"], props["NetworkAclId"])

    def _move(self, ctx: Context, association: str, acl: str) -> str:
        moved = ctx.call("ec2", "ReplaceNetworkAclAssociation", AssociationId=association, NetworkAclId=acl)
        return moved["NewAssociationId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            self._move(ctx, physical, ctx.data["previous"])
        except Exception as error:
            if not gone(error, "InvalidAssociationID.NotFound"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"AssociationId": physical}


@handles("AWS::EC2::FlowLog")
class FlowLog(Handler):
    updates = frozenset({"Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        members = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination",
                   "LogGroupName", "DeliverLogsPermissionArn", "DeliverCrossAccountRole",
                   "LogFormat", "MaxAggregationInterval")  # fmt: skip
        given = pick(props, *members)
        options = props.get("DestinationOptions")
        if options:
            names = ("FileFormat", "HiveCompatiblePartitions", "PerHourPartition")
            given["DestinationOptions"] = {
                name: options.get(name, options.get(name[:1].lower() + name[1:])) for name in names
            }
        made = ctx.call("ec2", "CreateFlowLogs", ResourceIds=[props["ResourceId"]], **given,
                        TagSpecifications=specification("vpc-flow-log", props))  # fmt: skip
        return made["FlowLogIds"][0]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        retag(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        remove(ctx, "DeleteFlowLogs", FlowLogIds=[physical])

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}
