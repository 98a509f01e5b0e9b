"""Network Load Balancers: creation, security groups, subnets, attributes, deletion, tags."""

import re
from datetime import UTC, datetime
from typing import Any

from .. import state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import attributes, names, network

INVALID = "InvalidConfigurationRequest"


def check_name(kind: str, name: str) -> None:
    """Refuse names that ELBv2 does not take."""
    for problem, broken in (
        ("cannot be longer than '32' characters", len(name) > 32),
        ("can only contain characters that are alphanumeric characters and hyphens(-)",
         not re.fullmatch(r"[A-Za-z0-9-]+", name)),
        ("cannot begin or end with '-'", name.startswith("-") or name.endswith("-")),
        ("cannot begin with 'internal-'", kind == "load balancer" and name.startswith("internal-")),
    ):  # fmt: skip
        refuse_if(broken, "ValidationError", f"The {kind} name '{name}' {problem}")


def find(call: Call, arn: str) -> dict[str, Any]:
    """A load balancer of the caller's account and Region."""
    found = call.store.load_balancers.get(arn)
    if found is None:
        raise Fault("LoadBalancerNotFound", f"Load balancers '[{arn}]' not found")
    return found


def _places(call: Call, params: dict[str, Any]) -> list[dict[str, Any]]:
    mappings = params.get("SubnetMappings") or []
    plain = [{"SubnetId": subnet_id} for subnet_id in params.get("Subnets") or []]
    refuse_if(
        bool(mappings) == bool(plain),
        "ValidationError",
        "You must specify either subnets or subnet mappings",
    )
    return mappings or plain


def _zones(call: Call, params: dict[str, Any], scheme: str) -> tuple[list[dict[str, Any]], str]:
    places = _places(call, params)
    subnets = [network.subnet(call.account, call.region, place["SubnetId"], "SubnetNotFound") for place in places]
    shared = network.one_per_zone(subnets)
    refuse_if(
        shared,
        INVALID,
        f"A load balancer cannot be attached to multiple subnets in the same Availability Zone ({shared})",
    )
    vpcs = {subnet.vpc_id for subnet in subnets}
    refuse_if(len(vpcs) > 1, INVALID, "All subnets must belong to the same VPC")
    refuse_if(
        scheme == "internal" and any(place.get("AllocationId") for place in places),
        INVALID,
        "You can't specify Elastic IP addresses for an internal load balancer",
    )
    zones = [
        {"ZoneName": subnet.availability_zone, "SubnetId": subnet.id, "LoadBalancerAddresses": [
            {"PrivateIPv4Address": place["PrivateIPv4Address"]}
        ] if place.get("PrivateIPv4Address") else []}
        for subnet, place in zip(subnets, places, strict=True)
    ]  # fmt: skip
    return zones, vpcs.pop()


def _check_groups(call: Call, groups: list[str], vpc_id: str) -> None:
    for group_id in groups:
        group = network.security_group(call.account, call.region, group_id, "InvalidSecurityGroup")
        refuse_if(
            group.vpc_id != vpc_id,
            INVALID,
            f"One or more security groups are invalid: '{group_id}' belongs to {group.vpc_id},"
            f" the load balancer to {vpc_id}",
        )


def _check_enforcement(value: str | None, groups: list[str]) -> None:
    refuse_if(
        value is not None and not groups,
        INVALID,
        "You cannot set EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic for a load balancer"
        " that has no security groups",
    )


def _check_addresses(call: Call, kind: str, prefix: str | None, zones: list[dict[str, Any]]) -> None:
    if kind == "dualstack":
        for zone in zones:
            subnet = network.subnet(call.account, call.region, zone["SubnetId"])
            refuse_if(
                not subnet.ipv6_cidr_block_associations,
                INVALID,
                f"The subnet '{subnet.id}' has no IPv6 CIDR block, which dualstack needs",
            )
    refuse_if(
        prefix == "on" and kind != "dualstack",
        INVALID,
        "EnablePrefixForIpv6SourceNat needs a dualstack load balancer",
    )


@operation("elbv2", "CreateLoadBalancer")
def create(call: Call) -> dict[str, Any]:
    params = call.params
    kind, scheme = params.get("Type", "application"), params.get("Scheme", "internet-facing")
    refuse_if(kind != "network", "ValidationError", f"the emulator has no load balancers of type {kind}")
    name = params["Name"]
    check_name("load balancer", name)
    refuse_if(
        any(item["LoadBalancerName"] == name for item in call.store.load_balancers.values()),
        "DuplicateLoadBalancerName",
        f"A load balancer with the name '{name}' already exists",
    )
    zones, vpc_id = _zones(call, params, scheme)
    refuse_if(
        scheme == "internet-facing" and not network.has_internet_gateway(call.account, call.region, vpc_id),
        "InvalidSubnet",
        f"VPC {vpc_id} has no internet gateway",
    )
    groups = params.get("SecurityGroups") or []
    _check_groups(call, groups, vpc_id)
    enforcement = params.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    _check_enforcement(enforcement, groups)
    address_type, prefix = params.get("IpAddressType", "ipv4"), params.get("EnablePrefixForIpv6SourceNat")
    _check_addresses(call, address_type, prefix, zones)
    arn = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:loadbalancer/net/{name}/{names.short_hex()}"
    document = {
        "LoadBalancerArn": arn,
        "LoadBalancerName": name,
        "DNSName": f"{name}-{arn.rsplit('/', 1)[1]}.elb.{call.region}.amazonaws.com",
        "CanonicalHostedZoneId": names.NLB_ZONES.get(call.region, "Z00000000000000000000"),
        "CreatedTime": datetime.now(UTC).replace(tzinfo=None),
        "Scheme": scheme,
        "Type": kind,
        "State": {"Code": "active"},
        "VpcId": vpc_id,
        "AvailabilityZones": zones,
        "SecurityGroups": list(groups),
        "IpAddressType": address_type,
        "EnablePrefixForIpv6SourceNat": prefix or "off",
    }
    if groups:
        document["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = enforcement or "on"
    call.store.load_balancers[arn] = document
    call.store.lb_attributes[arn] = attributes.defaults("Load balancer")
    _interfaces(call, document)
    set_tags(call, arn, params.get("Tags"))
    return {"LoadBalancers": [document]}


def _interfaces(call: Call, document: dict[str, Any]) -> None:
    """One network interface per zone, as the load balancer's nodes have."""
    arn = document["LoadBalancerArn"]
    network.remove_interfaces(call.account, call.region, call.store.interfaces.pop(arn, []))
    text = "ELB " + arn.split("loadbalancer/", 1)[1]
    call.store.interfaces[arn] = [
        network.add_interface(call.account, call.region, zone["SubnetId"], document["SecurityGroups"], text).id
        for zone in document["AvailabilityZones"]
    ]


@operation("elbv2", "DescribeLoadBalancers")
def describe(call: Call) -> dict[str, Any]:
    arns, wanted = call.params.get("LoadBalancerArns") or [], call.params.get("Names") or []
    if arns:
        return {"LoadBalancers": [find(call, arn) for arn in arns]}
    found = list(call.store.load_balancers.values())
    if wanted:
        found = [item for item in found if item["LoadBalancerName"] in wanted]
        refuse_if(len(found) != len(wanted), "LoadBalancerNotFound", f"Load balancers '{wanted}' not found")
    return {"LoadBalancers": found}


@operation("elbv2", "DeleteLoadBalancer")
def delete(call: Call) -> dict[str, Any]:
    arn = call.params["LoadBalancerArn"]
    if arn not in call.store.load_balancers:
        return {}
    refuse_if(
        call.store.lb_attributes[arn]["deletion_protection.enabled"] == "true",
        "OperationNotPermitted",
        f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
    )
    services = state.store("ec2", call.account, call.region).endpoint_services.values()
    refuse_if(
        any(arn in service["NetworkLoadBalancerArns"] for service in services),
        "ResourceInUse",
        f"Load balancer '{arn}' cannot be deleted because it is currently associated with another service",
    )
    for listener_arn, listener in list(call.store.listeners.items()):
        if listener["LoadBalancerArn"] == arn:
            del call.store.listeners[listener_arn]
    network.remove_interfaces(call.account, call.region, call.store.interfaces.pop(arn, []))
    del call.store.load_balancers[arn], call.store.lb_attributes[arn]
    return {}


@operation("elbv2", "ModifyLoadBalancerAttributes")
def modify_attributes(call: Call) -> dict[str, Any]:
    arn = call.params["LoadBalancerArn"]
    find(call, arn)
    current = call.store.lb_attributes[arn]
    before = int(current["secondary_ips.auto_assigned.per_subnet"])
    wanted = dict(current)
    attributes.apply("Load balancer", wanted, call.params["Attributes"])
    refuse_if(
        int(wanted["secondary_ips.auto_assigned.per_subnet"]) < before,
        INVALID,
        "The number of auto-assigned secondary addresses cannot be decreased",
    )
    _check_access_logs(call, wanted)
    current.update(wanted)
    return {"Attributes": attributes.listing(current)}


def _check_access_logs(call: Call, wanted: dict[str, str]) -> None:
    """The bucket must exist and let the log delivery service write (NLB user guide, access logs)."""
    if wanted["access_logs.s3.enabled"] != "true":
        return
    bucket_name, prefix = wanted["access_logs.s3.bucket"], wanted["access_logs.s3.prefix"]
    refuse_if(not bucket_name, INVALID, "access_logs.s3.bucket must be set to enable access logs")
    refuse_if("AWSLogs" in prefix, INVALID, "The S3 prefix cannot contain 'AWSLogs'")
    from moto.s3.models import s3_backends

    bucket = s3_backends[call.account]["aws"].buckets.get(bucket_name)
    refuse_if(bucket is None, INVALID, f"S3 bucket {bucket_name} does not exist")
    policy = bucket.policy or b""
    text = policy.decode() if isinstance(policy, bytes) else str(policy)
    refuse_if(
        "delivery.logs.amazonaws.com" not in text or "s3:PutObject" not in text,
        INVALID,
        f"Access Denied for bucket: {bucket_name}. Please check S3bucket permission",
    )


@operation("elbv2", "DescribeLoadBalancerAttributes")
def describe_attributes(call: Call) -> dict[str, Any]:
    find(call, call.params["LoadBalancerArn"])
    return {"Attributes": attributes.listing(call.store.lb_attributes[call.params["LoadBalancerArn"]])}


@operation("elbv2", "SetSecurityGroups")
def set_security_groups(call: Call) -> dict[str, Any]:
    document = find(call, call.params["LoadBalancerArn"])
    groups = call.params["SecurityGroups"]
    refuse_if(
        groups and not document["SecurityGroups"],
        INVALID,
        "You cannot set security groups on a Network Load Balancer which was created without any security groups",
    )
    refuse_if(
        document["SecurityGroups"] and not groups,
        INVALID,
        "You must specify at least one security group",
    )
    _check_groups(call, groups, document["VpcId"])
    enforcement = call.params.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    _check_enforcement(enforcement, groups)
    document["SecurityGroups"] = list(groups)
    if enforcement:
        document["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = enforcement
    _interfaces(call, document)
    return {
        "SecurityGroupIds": groups,
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": document.get(
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
        ),
    }


@operation("elbv2", "SetSubnets")
def set_subnets(call: Call) -> dict[str, Any]:
    document = find(call, call.params["LoadBalancerArn"])
    zones, vpc_id = _zones(call, call.params, document["Scheme"])
    refuse_if(vpc_id != document["VpcId"], INVALID, "The subnets belong to another VPC")
    kept = {zone["SubnetId"] for zone in zones}
    removed = [zone for zone in document["AvailabilityZones"] if zone["SubnetId"] not in kept]
    refuse_if(
        removed and _connected(document["LoadBalancerArn"]),
        INVALID,
        "A subnet cannot be removed while the load balancer has active VPC endpoint associations",
    )
    document["AvailabilityZones"] = zones
    _interfaces(call, document)
    return {"AvailabilityZones": zones, "IpAddressType": document["IpAddressType"]}


def _connected(arn: str) -> bool:
    from .ec2_services import active_connections

    return any(
        arn in service["NetworkLoadBalancerArns"] and active_connections(service["ServiceId"])
        for _, _, store in state.stores("ec2")
        for service in store.endpoint_services.values()
    )


@operation("elbv2", "SetIpAddressType")
def set_ip_address_type(call: Call) -> dict[str, Any]:
    document = find(call, call.params["LoadBalancerArn"])
    kind = call.params["IpAddressType"]
    _check_addresses(call, kind, document["EnablePrefixForIpv6SourceNat"], document["AvailabilityZones"])
    document["IpAddressType"] = kind
    return {"IpAddressType": kind}


@operation("elbv2", "ModifyCapacityReservation")
def modify_capacity(call: Call) -> dict[str, Any]:
    document = find(call, call.params["LoadBalancerArn"])
    wanted = call.params.get("MinimumLoadBalancerCapacity")
    call.store.capacity[document["LoadBalancerArn"]] = wanted
    return _capacity(call, document)


@operation("elbv2", "DescribeCapacityReservation")
def describe_capacity(call: Call) -> dict[str, Any]:
    return _capacity(call, find(call, call.params["LoadBalancerArn"]))


def _capacity(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    return {"MinimumLoadBalancerCapacity": call.store.capacity.get(document["LoadBalancerArn"])}


def set_tags(call: Call, arn: str, given: list[dict[str, str]] | None) -> None:
    """Tag a load balancer, listener or target group."""
    known = call.store.tags.setdefault(arn, {})
    known.update({tag["Key"]: tag.get("Value", "") for tag in given or []})


@operation("elbv2", "AddTags")
def add_tags(call: Call) -> dict[str, Any]:
    for arn in call.params["ResourceArns"]:
        set_tags(call, arn, call.params["Tags"])
    return {}


@operation("elbv2", "RemoveTags")
def remove_tags(call: Call) -> dict[str, Any]:
    for arn in call.params["ResourceArns"]:
        for key in call.params["TagKeys"]:
            call.store.tags.get(arn, {}).pop(key, None)
    return {}


@operation("elbv2", "DescribeTags")
def describe_tags(call: Call) -> dict[str, Any]:
    return {
        "TagDescriptions": [
            {
                "ResourceArn": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in call.store.tags.get(arn, {}).items()],
            }
            for arn in call.params["ResourceArns"]
        ]
    }
