"""EC2 networking that moto has: refusals that it lacks, prefix lists with AWS's IDs, DNS attributes."""

import ipaddress
from typing import Any

from moto.ec2.models import managed_prefixes

from .. import state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import network

# The Regions' managed prefix lists (`aws ec2 describe-managed-prefix-lists`; the IDs are AWS's own).
KNOWN_LISTS = {
    "s3": {
        "ap-northeast-1": "pl-61a54008",
        "ap-northeast-2": "pl-78a54011",
        "ap-southeast-1": "pl-6fa54006",
        "ap-southeast-2": "pl-6ca54005",
        "ca-central-1": "pl-7da54014",
        "eu-central-1": "pl-6ea54007",
        "eu-west-1": "pl-6da54004",
        "eu-west-2": "pl-7ca54015",
        "eu-west-3": "pl-23ad484a",
        "sa-east-1": "pl-6aa54003",
        "us-east-1": "pl-63a5400a",
        "us-east-2": "pl-7ba54012",
        "us-west-1": "pl-6ba54002",
        "us-west-2": "pl-68a54001",
    },
    "dynamodb": {
        "ap-southeast-2": "pl-62a5400b",
        "eu-central-1": "pl-66a5400f",
        "eu-west-1": "pl-6fa54006",
        "us-east-1": "pl-02cd2c6b",
        "us-east-2": "pl-4ca54025",
        "us-west-1": "pl-6ea54007",
        "us-west-2": "pl-00a54069",
    },
}
_MotoLists = managed_prefixes.ManagedPrefixListBackend
_moto_create = _MotoLists._create_aws_managed_prefix_list


def _create_aws_list(self: Any, name: str, address_family: str, entries: list[Any]) -> None:
    before = set(self.managed_prefix_lists)
    _moto_create(self, name, address_family, entries)
    service = name.removeprefix(f"com.amazonaws.{self.region_name}.")
    known = KNOWN_LISTS.get(service, {}).get(self.region_name)
    if known:
        made = (set(self.managed_prefix_lists) - before).pop()
        found = self.managed_prefix_lists.pop(made)
        found.id = known
        self.managed_prefix_lists[known] = found


_MotoLists._create_aws_managed_prefix_list = _create_aws_list


def _permissions(call: Call) -> list[dict[str, Any]]:
    listed = call.params.get("IpPermissions")
    if listed:
        return listed
    single = {key: call.params[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in call.params}
    if call.params.get("CidrIp"):
        single["IpRanges"] = [{"CidrIp": call.params["CidrIp"]}]
    return [single] if single else []


def _peers(permission: dict[str, Any]) -> list[tuple[str, str]]:
    found = [("cidr", item["CidrIp"]) for item in permission.get("IpRanges", [])]
    found += [("cidr6", item["CidrIpv6"]) for item in permission.get("Ipv6Ranges", [])]
    found += [("list", item["PrefixListId"]) for item in permission.get("PrefixListIds", [])]
    found += [("group", item.get("GroupId", "")) for item in permission.get("UserIdGroupPairs", [])]
    return found


def _check_peer(call: Call, group: Any, kind: str, value: str) -> None:
    if kind in ("cidr", "cidr6"):
        try:
            ipaddress.ip_network(value)
        except ValueError as error:
            raise Fault("InvalidParameterValue", f"CIDR block {value} is malformed") from error
    elif kind == "list":
        lists = network.backend(call.account, call.region).managed_prefix_lists
        refuse_if(
            value not in lists,
            "InvalidPrefixListID.NotFound",
            f"The prefix list ID '{value}' does not exist",
        )
    else:
        peer = network.security_group(call.account, call.region, value)
        refuse_if(
            peer.vpc_id != group.vpc_id,
            "InvalidGroup.NotFound",
            f"You have specified two resources that belong to different networks: {value} and {group.id}",
        )


def _check_ports(permission: dict[str, Any]) -> None:
    protocol = str(permission.get("IpProtocol", "")).lower()
    refuse_if(not protocol, "MissingParameter", "The request must contain the parameter ipProtocol")
    if protocol not in ("tcp", "udp", "6", "17"):
        return
    low, high = permission.get("FromPort"), permission.get("ToPort")
    refuse_if(
        low is None or high is None,
        "InvalidParameterValue",
        "Invalid value 'null' for portRange. Must specify both from and to ports with TCP/UDP.",
    )
    refuse_if(
        not (-1 <= low <= 65535 and -1 <= high <= 65535 and low <= high),
        "InvalidParameterValue",
        f"Invalid TCP/UDP port range ({low}:{high})",
    )


_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def _key(protocol: str, low: Any, high: Any, peer: str | None) -> tuple[str, ...]:
    """What makes two rules the same: descriptions do not count."""
    name = _PROTOCOLS.get(protocol.lower(), protocol.lower())
    ports = ("", "") if name == "-1" else (str(low), str(high))
    return (name, *ports, str(peer))


def rule_key(rule: Any) -> tuple[str, ...]:
    """The key of a rule that moto keeps."""
    block = (rule.ip_range or {}).get("CidrIp") or (rule.ip_range or {}).get("CidrIpv6")
    peer = block or (rule.source_group or {}).get("GroupId") or rule.prefix_list_id
    return _key(str(rule.ip_protocol), rule.from_port, rule.to_port, peer)


def _permission_key(permission: dict[str, Any], value: str) -> tuple[str, ...]:
    return _key(str(permission["IpProtocol"]), permission.get("FromPort"), permission.get("ToPort"), value)


@operation("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def authorize(call: Call) -> dict[str, Any]:
    group = network.security_group(call.account, call.region, call.params["GroupId"])
    rules = group.ingress_rules if call.operation.endswith("Ingress") else group.egress_rules
    known = {rule_key(rule) for rule in rules}
    for permission in _permissions(call):
        _check_ports(permission)
        peers = _peers(permission)
        refuse_if(not peers, "InvalidParameterValue", "Invalid rule: a peer must be specified")
        for kind, value in peers:
            _check_peer(call, group, kind, value)
            key = _permission_key(permission, value)
            refuse_if(
                key in known,
                "InvalidPermission.Duplicate",
                f'the specified rule "peer: {value}, {key[0].upper()}, from port: {key[1]}, to port:'
                f' {key[2]}, ALLOW" already exists',
            )
            known.add(key)
    return call.proceed()


@operation("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
def revoke(call: Call) -> dict[str, Any]:
    group = network.security_group(call.account, call.region, call.params["GroupId"])
    ingress = call.operation.endswith("Ingress")
    rules = group.ingress_rules if ingress else group.egress_rules
    wanted = {
        _permission_key(permission, value) for permission in _permissions(call) for _, value in _peers(permission)
    }
    ids = set(call.params.get("SecurityGroupRuleIds") or [])
    found = [rule for rule in rules if rule_key(rule) in wanted or rule.id in ids]
    refuse_if(
        len(found) < len(wanted) + len(ids),
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
    )
    kept = [rule for rule in rules if rule not in found]
    if ingress:
        group.ingress_rules = kept
    else:
        group.egress_rules = kept
    return {"Return": True}


@operation("ec2", "CreateSecurityGroup")
def create_security_group(call: Call) -> dict[str, Any]:
    text = call.params["Description"]
    refuse_if(
        len(text) > 255,
        "InvalidParameterValue",
        f"Value ({text}) for parameter GroupDescription is invalid. Character sets beyond ASCII are"
        " not supported; the maximum length is 255",
    )
    if call.params.get("VpcId"):
        network.vpc(call.account, call.region, call.params["VpcId"])
    return call.proceed()


@operation("ec2", "DeleteSecurityGroup")
def delete_security_group(call: Call) -> dict[str, Any]:
    group_id = call.params["GroupId"]
    network.security_group(call.account, call.region, group_id)
    backend = network.backend(call.account, call.region)
    used = any(group.id == group_id for eni in backend.enis.values() for group in eni.group_set)
    for groups in backend.groups.values():
        for other in groups.values():
            if other.id != group_id:
                rules = [*other.ingress_rules, *other.egress_rules]
                used = used or any(rule.source_group and rule.source_group.get("GroupId") == group_id for rule in rules)
    refuse_if(used, "DependencyViolation", f"resource {group_id} has a dependent object")
    return call.proceed()


@operation("ec2", "CreateSubnet")
def create_subnet(call: Call) -> dict[str, Any]:
    zone = call.params.get("AvailabilityZone")
    zones = [item.name for item in network.backend(call.account, call.region).describe_availability_zones()]
    refuse_if(
        zone and zone not in zones,
        "InvalidParameterValue",
        f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be"
        f" created in the following availability zones: {', '.join(zones)}.",
    )
    return call.proceed()


@operation("ec2", "DeleteSubnet")
def delete_subnet(call: Call) -> dict[str, Any]:
    subnet_id = call.params["SubnetId"]
    network.subnet(call.account, call.region, subnet_id)
    backend = network.backend(call.account, call.region)
    refuse_if(
        any(eni.subnet.id == subnet_id for eni in backend.enis.values()),
        "DependencyViolation",
        f"The subnet '{subnet_id}' has dependencies and cannot be deleted.",
    )
    for table in backend.route_tables.values():
        for association, target in list(table._associations.items()):
            if target == subnet_id:
                del table._associations[association]
    return call.proceed()


@operation("ec2", "AssociateRouteTable")
def associate_route_table(call: Call) -> dict[str, Any]:
    subnet_id = call.params.get("SubnetId")
    tables = network.backend(call.account, call.region).route_tables.values()
    for table in tables:
        refuse_if(
            subnet_id and subnet_id in table._associations.values(),
            "Resource.AlreadyAssociated",
            f"the specified association for route table {call.params['RouteTableId']} conflicts with"
            " an existing association",
        )
    return call.proceed()


@operation("ec2", "DeleteVpc")
def delete_vpc(call: Call) -> dict[str, Any]:
    vpc_id = call.params["VpcId"]
    network.vpc(call.account, call.region, vpc_id)
    backend = network.backend(call.account, call.region)
    endpoints = state.store("ec2", call.account, call.region).endpoints.values()
    groups = [group for group in backend.groups.get(vpc_id, {}).values() if group.name != "default"]
    used = any(item["VpcId"] == vpc_id for item in endpoints) or bool(groups)
    used = used or network.has_internet_gateway(call.account, call.region, vpc_id)
    refuse_if(used, "DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return call.proceed()


@operation("ec2", "ModifyVpcAttribute")
def modify_vpc_attribute(call: Call) -> dict[str, Any]:
    """Hostnames need DNS support (VPC user guide, DNS attributes)."""
    vpc = network.vpc(call.account, call.region, call.params["VpcId"])
    hostnames = (call.params.get("EnableDnsHostnames") or {}).get("Value")
    refuse_if(
        hostnames and str(vpc.enable_dns_support).lower() != "true",
        "InvalidParameterCombination",
        "enableDnsHostnames needs enableDnsSupport",
    )
    return call.proceed()
