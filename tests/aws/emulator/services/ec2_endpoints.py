"""VPC endpoints: interface endpoints to AWS and to endpoint services, and gateway endpoints."""

import json
import re
from typing import Any

from moto.ec2.models.vpcs import VPCBackend

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import ec2_services, names, network

INVALID = "InvalidParameter"
GATEWAY_SERVICES = ("s3", "dynamodb")
FULL_ACCESS = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
MAX_POLICY = 20_480


def find(call: Call, endpoint_id: str) -> dict[str, Any]:
    """An endpoint of the caller's account and Region."""
    found = call.store.endpoints.get(endpoint_id)
    if found is None:
        raise Fault("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")
    return found


def _check_aws_service(call: Call, name: str) -> None:
    known = VPCBackend._collect_default_endpoint_services(call.account, call.region)
    refuse_if(
        name not in {item["ServiceName"] for item in known},
        "InvalidServiceName",
        f"The Vpc Endpoint Service '{name}' does not exist",
    )


def _custom(call: Call, name: str) -> dict[str, Any]:
    owner, region, service = ec2_services.visible(call, name)
    wanted = call.params.get("ServiceRegion", call.region)
    absent = f"The Vpc Endpoint Service '{name}' does not exist"
    refuse_if(wanted != region, "InvalidServiceName", absent)
    offered = {item["Region"] for item in service["SupportedRegions"]}
    refuse_if(call.region not in offered, "InvalidServiceName", absent)
    refuse_if(
        call.params.get("PolicyDocument"),
        INVALID,
        f"The Vpc Endpoint Service '{name}' does not support endpoint policies",
    )
    return {**service, "Owner": owner, "Region": region}


def _check_subnets(call: Call, subnet_ids: list[str], service: dict[str, Any] | None) -> list[Any]:
    found = [network.subnet(call.account, call.region, item, "InvalidSubnetId.NotFound") for item in subnet_ids]
    shared = network.one_per_zone(found)
    refuse_if(
        shared,
        "DuplicateSubnetsInSameZone",
        f"Found another VPC endpoint subnet in the availability zone {shared}. VPC endpoint subnets"
        " should be in different availability zones supported by the VPC endpoint service.",
    )
    for item in found:
        refuse_if(
            item.vpc_id != call.params["VpcId"],
            INVALID,
            f"Subnet {item.id} does not belong to VPC {call.params['VpcId']}",
        )
        local = service is not None and service["Region"] == call.region
        refuse_if(
            local and item.availability_zone not in service["AvailabilityZones"],
            INVALID,
            f"The VPC endpoint service {service['ServiceName'] if service else ''} does not support"
            f" the availability zone of the subnet: {item.id}.",
        )
    return found


def _check_groups(call: Call, vpc_id: str, group_ids: list[str]) -> list[dict[str, str]]:
    found = []
    for group_id in group_ids:
        group = network.security_group(call.account, call.region, group_id, "InvalidSecurityGroupId.NotFound")
        refuse_if(
            group.vpc_id != vpc_id,
            INVALID,
            f"Security group {group_id} does not belong to VPC {vpc_id}",
        )
        found.append({"GroupId": group.id, "GroupName": group.name})
    return found


def _check_private_dns(call: Call, vpc_id: str, name: str, service: dict[str, Any] | None, own: str) -> None:
    vpc = network.vpc(call.account, call.region, vpc_id)
    on = [str(getattr(vpc, key)).lower() == "true" for key in ("enable_dns_support", "enable_dns_hostnames")]
    refuse_if(
        not all(on),
        INVALID,
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes"
        f" set to true for {vpc_id}",
    )
    if service is not None:
        dns = service.get("PrivateDnsName")
        refuse_if(
            not dns,
            INVALID,
            f"Private DNS can't be enabled because the service {name} does not provide a private DNS name.",
        )
        refuse_if(
            service["PrivateDnsNameConfiguration"]["State"] != "verified",
            INVALID,
            f"Private DNS can't be enabled because the service {name} has not verified the private DNS name.",
        )
    for other in call.store.endpoints.values():
        refuse_if(
            other["VpcId"] == vpc_id and other["ServiceName"] == name
            and other["VpcEndpointId"] != own and other["PrivateDnsEnabled"],
            INVALID,
            f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for"
            f" {name} in the VPC {vpc_id}",
        )  # fmt: skip


def _policy(text: str | None, gateway: bool) -> str:
    if not text:
        return json.dumps(FULL_ACCESS)
    refuse_if(len(text) > MAX_POLICY, INVALID, f"The policy is longer than {MAX_POLICY} characters")
    try:
        policy = json.loads(text)
    except json.JSONDecodeError as error:
        raise Fault("InvalidPolicyDocument", f"The policy is not valid JSON: {error}") from error
    statements = policy.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        refuse_if("Principal" not in statement, "InvalidPolicyDocument", "A statement needs a Principal")
        everybody = statement["Principal"] in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        refuse_if(
            gateway and not everybody,
            "InvalidPolicyDocument",
            "The Principal of a gateway endpoint policy must be '*'",
        )
    return text


def _dns_names(endpoint_id: str, name: str, region: str, zones: list[str]) -> list[str]:
    start = f"{endpoint_id}-{names.checksum(endpoint_id)}"
    if ".vpce." in name:
        base = f"{name.rsplit('.', 1)[1]}.{name.split('.')[3]}.vpce.amazonaws.com"
    else:
        base = f"{name.removeprefix(f'com.amazonaws.{region}.')}.{region}.vpce.amazonaws.com"
    return [f"{start}.{base}", *[f"{start}-{zone}.{base}" for zone in zones]]


def _interface(call: Call, document: dict[str, Any]) -> None:
    params, name = call.params, document["ServiceName"]
    service = _custom(call, name) if ".vpce." in name else None
    if service is None:
        _check_aws_service(call, name)
    refuse_if(params.get("RouteTableIds"), INVALID, "Route table IDs are only for gateway endpoints")
    subnets = _check_subnets(call, params.get("SubnetIds") or [], service)
    groups = params.get("SecurityGroupIds") or [_default_group(call, document["VpcId"])]
    document["Groups"] = _check_groups(call, document["VpcId"], groups)
    _check_address_type(params, subnets, service)
    document["PrivateDnsEnabled"] = params.get("PrivateDnsEnabled", service is None)
    document["PolicyDocument"] = _policy(params.get("PolicyDocument"), gateway=False)
    if document["PrivateDnsEnabled"]:
        _check_private_dns(call, document["VpcId"], name, service, document["VpcEndpointId"])
    document["SubnetIds"] = [item.id for item in subnets]
    waits = service is not None and service["AcceptanceRequired"]
    document["State"] = "pendingAcceptance" if waits else "available"
    if service is not None:
        document["ServiceRegion"] = service["Region"]
    _attach(call, document, service)


def _check_address_type(params: dict[str, Any], subnets: list[Any], service: dict[str, Any] | None) -> None:
    kind = params.get("IpAddressType", "ipv4")
    for item in subnets:
        refuse_if(
            kind in ("ipv6", "dualstack") and not item.ipv6_cidr_block_associations,
            INVALID,
            f"The subnet {item.id} has no IPv6 CIDR block, which the IP address type {kind} needs",
        )
    needed = {"dualstack": {"ipv4", "ipv6"}}.get(kind, {kind})
    refuse_if(
        service is not None and not needed <= set(service["SupportedIpAddressTypes"]),
        INVALID,
        f"The service does not support the IP address type {kind}",
    )


def _attach(call: Call, document: dict[str, Any], service: dict[str, Any] | None) -> None:
    """Network interfaces in the subnets, and the DNS names that lead to them."""
    text = "VPC Endpoint Interface " + document["VpcEndpointId"]
    groups = [group["GroupId"] for group in document["Groups"]]
    network.remove_interfaces(call.account, call.region, document["NetworkInterfaceIds"])
    document["NetworkInterfaceIds"] = [
        network.add_interface(call.account, call.region, item, groups, text).id for item in document["SubnetIds"]
    ]
    zones = [network.subnet(call.account, call.region, item).availability_zone for item in document["SubnetIds"]]
    far = service is not None and service["Region"] != call.region
    found = _dns_names(document["VpcEndpointId"], document["ServiceName"], call.region, [] if far else zones)
    zone_id = names.ENDPOINT_ZONES.get(call.region, "Z00000000000000000000")
    document["DnsEntries"] = [{"DnsName": item, "HostedZoneId": zone_id} for item in found]


def _default_group(call: Call, vpc_id: str) -> str:
    groups = network.backend(call.account, call.region).groups[vpc_id].values()
    return next(group.id for group in groups if group.name == "default")


def _gateway(call: Call, document: dict[str, Any]) -> None:
    params, name = call.params, document["ServiceName"]
    short = name.removeprefix(f"com.amazonaws.{call.region}.")
    refuse_if(
        short not in GATEWAY_SERVICES,
        "InvalidServiceName",
        f"The Vpc Endpoint Service '{name}' does not support gateway endpoints",
    )
    for member in ("SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"):
        refuse_if(params.get(member), INVALID, f"{member} cannot be set for gateway endpoints")
    document["PolicyDocument"] = _policy(params.get("PolicyDocument"), gateway=True)
    for table_id in params.get("RouteTableIds") or []:
        _check_table(call, document, table_id)
    document["RouteTableIds"] = list(params.get("RouteTableIds") or [])


def _prefix_list(call: Call, name: str) -> str:
    lists = network.backend(call.account, call.region).managed_prefix_lists.values()
    return next(item.id for item in lists if item.prefix_list_name == name)


def _check_table(call: Call, document: dict[str, Any], table_id: str) -> None:
    table = network.backend(call.account, call.region).route_tables.get(table_id)
    refuse_if(table is None, "InvalidRouteTableId.NotFound", f"The routeTable ID '{table_id}' does not exist")
    refuse_if(
        table.vpc_id != document["VpcId"],
        INVALID,
        f"Route table {table_id} does not belong to VPC {document['VpcId']}",
    )
    prefix_list = _prefix_list(call, document["ServiceName"])
    for other in call.store.endpoints.values():
        refuse_if(
            table_id in other["RouteTableIds"] and other["ServiceName"] == document["ServiceName"]
            and other["VpcEndpointId"] != document["VpcEndpointId"],
            "RouteAlreadyExists",
            f"route table {table_id} already has a route with destination-prefix-list-id {prefix_list}",
        )  # fmt: skip


@operation("ec2", "CreateVpcEndpoint")
def create(call: Call) -> dict[str, Any]:
    params = call.params
    network.vpc(call.account, call.region, params["VpcId"])
    kind, name = params.get("VpcEndpointType", "Gateway"), params.get("ServiceName", "")
    refuse_if(kind not in ("Interface", "Gateway"), INVALID, f"the emulator has no endpoints of type {kind}")
    refuse_if(
        not re.fullmatch(r"(com|cn\.com|eu)\.amazonaws\.[\w.-]+", name),
        "InvalidServiceName",
        f"The Vpc Endpoint Service '{name}' does not exist",
    )
    document: dict[str, Any] = {
        "VpcEndpointId": names.hex_id("vpce"),
        "VpcEndpointType": kind,
        "VpcId": params["VpcId"],
        "ServiceName": name,
        "State": "available",
        "RouteTableIds": [],
        "SubnetIds": [],
        "Groups": [],
        "IpAddressType": params.get("IpAddressType", "ipv4"),
        "DnsOptions": params.get("DnsOptions") or {"DnsRecordIpType": "ipv4"},
        "PrivateDnsEnabled": False,
        "RequesterManaged": False,
        "NetworkInterfaceIds": [],
        "DnsEntries": [],
        "CreationTimestamp": ec2_services.now(),
        "OwnerId": call.account,
        "ServiceRegion": call.region,
    }
    (_interface if kind == "Interface" else _gateway)(call, document)
    call.store.endpoints[document["VpcEndpointId"]] = document
    tags = ec2_services._given_tags(params)
    network.backend(call.account, call.region).create_tags([document["VpcEndpointId"]], tags)
    return {"VpcEndpoint": shown(call, document)}


def shown(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    """The endpoint with its tags."""
    tags = ec2_services.tags_of(call.account, call.region, document["VpcEndpointId"])
    return {**document, "Tags": tags}


_FILTERS = {
    "vpc-id": "VpcId",
    "service-name": "ServiceName",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-state": "State",
    "vpc-endpoint-type": "VpcEndpointType",
    "service-region": "ServiceRegion",
}


def matches(call: Call, document: dict[str, Any], fields: dict[str, str]) -> bool:
    """Whether the document passes the request's filters."""
    for item in call.params.get("Filters") or []:
        name = item["Name"]
        if name.startswith("tag:"):
            tags = {tag["Key"]: tag["Value"] for tag in document.get("Tags", [])}
            if tags.get(name[4:]) not in item["Values"]:
                return False
            continue
        refuse_if(name not in fields, "InvalidFilter", f"The filter '{name}' is invalid")
        if document.get(fields[name]) not in item["Values"]:
            return False
    return True


@operation("ec2", "DescribeVpcEndpoints")
def describe(call: Call) -> dict[str, Any]:
    wanted = call.params.get("VpcEndpointIds") or []
    found = [find(call, item) for item in wanted] or list(call.store.endpoints.values())
    views = [shown(call, item) for item in found]
    return {"VpcEndpoints": [item for item in views if matches(call, item, _FILTERS)]}


def _changed(current: list[str], params: dict[str, Any], what: str) -> list[str]:
    removed = params.get(f"Remove{what}") or []
    return [item for item in current if item not in removed] + [
        item for item in params.get(f"Add{what}") or [] if item not in current
    ]


@operation("ec2", "ModifyVpcEndpoint")
def modify(call: Call) -> dict[str, Any]:
    params = call.params
    document = find(call, params["VpcEndpointId"])
    name, gateway = document["ServiceName"], document["VpcEndpointType"] == "Gateway"
    params["VpcId"] = document["VpcId"]
    if params.get("ResetPolicy"):
        document["PolicyDocument"] = _policy(None, gateway)
    if params.get("PolicyDocument"):
        refuse_if(".vpce." in name, INVALID, f"The Vpc Endpoint Service '{name}' does not support endpoint policies")
        document["PolicyDocument"] = _policy(params["PolicyDocument"], gateway)
    if gateway:
        for table_id in params.get("AddRouteTableIds") or []:
            _check_table(call, document, table_id)
        document["RouteTableIds"] = _changed(document["RouteTableIds"], params, "RouteTableIds")
        return {"Return": True}
    found = ec2_services.by_name(name) if ".vpce." in name else None
    service = {**found[2], "Region": found[1]} if found else None
    subnets = _check_subnets(call, _changed(document["SubnetIds"], params, "SubnetIds"), service)
    groups = _changed([item["GroupId"] for item in document["Groups"]], params, "SecurityGroupIds")
    document["Groups"] = _check_groups(call, document["VpcId"], groups)
    if params.get("PrivateDnsEnabled"):
        _check_private_dns(call, document["VpcId"], name, service, document["VpcEndpointId"])
    if params.get("PrivateDnsEnabled") is not None:
        document["PrivateDnsEnabled"] = params["PrivateDnsEnabled"]
    for member in ("IpAddressType", "DnsOptions"):
        if params.get(member):
            document[member] = params[member]
    document["SubnetIds"] = [item.id for item in subnets]
    _attach(call, document, service)
    return {"Return": True}


@operation("ec2", "DeleteVpcEndpoints")
def delete(call: Call) -> dict[str, Any]:
    failed = []
    for endpoint_id in call.params["VpcEndpointIds"]:
        document = call.store.endpoints.pop(endpoint_id, None)
        if document is None:
            error = {
                "Code": "InvalidVpcEndpoint.NotFound",
                "Message": f"The VPC Endpoint '{endpoint_id}' does not exist",
            }
            failed.append({"ResourceId": endpoint_id, "Error": error})
            continue
        network.remove_interfaces(call.account, call.region, document["NetworkInterfaceIds"])
    return {"Unsuccessful": failed}


@operation("ec2", "DescribeRouteTables")
def describe_route_tables(call: Call) -> dict[str, Any]:
    """Gateway endpoints show as routes to their prefix list."""
    answer = call.proceed()
    for table in answer.get("RouteTables", []):
        for endpoint in call.store.endpoints.values():
            if table["RouteTableId"] in endpoint["RouteTableIds"]:
                table.setdefault("Routes", []).append(
                    {
                        "DestinationPrefixListId": _prefix_list(call, endpoint["ServiceName"]),
                        "GatewayId": endpoint["VpcEndpointId"],
                        "Origin": "CreateRoute",
                        "State": "active",
                    }
                )
    return answer
