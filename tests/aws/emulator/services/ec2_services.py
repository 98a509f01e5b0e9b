"""VPC endpoint services: configurations, permissions, private DNS names.

Behaviour follows the AWS PrivateLink guide (create and configure an endpoint service, manage DNS
names, share services across Regions) and the EC2 API reference.
"""

import re
import secrets
import string
from datetime import UTC, datetime
from typing import Any

from moto.route53.models import route53_backends

from .. import state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import names, network

ACTIVE = ("available", "pendingAcceptance", "pending")
INVALID = "InvalidParameter"
_PRINCIPAL = re.compile(r"arn:aws:iam::\d{12}:(root|(role|user)/[\w+=,.@-]+)")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com")
_DNS = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def find(call: Call, service_id: str) -> dict[str, Any]:
    """An endpoint service of the caller's account and Region."""
    found = call.store.endpoint_services.get(service_id)
    if found is None:
        raise Fault(
            "InvalidVpcEndpointServiceId.NotFound",
            f"The VpcEndpointService Id '{service_id}' does not exist",
        )
    return found


def by_name(name: str) -> tuple[str, str, dict[str, Any]] | None:
    """The owner, Region and document of the endpoint service with this name."""
    for account, region, store in state.stores("ec2"):
        for service in store.endpoint_services.values():
            if service["ServiceName"] == name:
                return account, region, service
    return None


def connections(service_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Every endpoint that was made for the service, with its account and Region."""
    return [
        (account, region, endpoint)
        for account, region, store in state.stores("ec2")
        for endpoint in store.endpoints.values()
        if endpoint["ServiceName"].endswith("." + service_id)
    ]


def active_connections(service_id: str) -> list[dict[str, Any]]:
    """The endpoints that are connected or wait to be."""
    return [item for _, _, item in connections(service_id) if item["State"] in ACTIVE]


def _check_balancers(call: Call, arns: list[str], own_id: str | None) -> list[dict[str, Any]]:
    found = []
    for arn in arns:
        balancer = state.store("elbv2", call.account, call.region).load_balancers.get(arn)
        refuse_if(balancer is None, INVALID, f"The load balancer '{arn}' does not exist")
        for service in call.store.endpoint_services.values():
            refuse_if(
                arn in service["NetworkLoadBalancerArns"] and service["ServiceId"] != own_id,
                INVALID,
                f"The load balancer {arn} is already associated with the endpoint service {service['ServiceId']}",
            )
        found.append(balancer)
    return found


def _check_address_types(kinds: list[str], balancers: list[dict[str, Any]]) -> None:
    for balancer in balancers:
        refuse_if(
            "ipv6" in kinds and balancer["IpAddressType"] != "dualstack",
            INVALID,
            f"The load balancer {balancer['LoadBalancerArn']} does not support IPv6: its IP address"
            f" type is {balancer['IpAddressType']}",
        )


def _check_regions(call: Call, regions: list[str], balancers: list[dict[str, Any]]) -> None:
    if not [region for region in regions if region != call.region]:
        return
    zones = {zone["ZoneName"] for item in balancers for zone in item["AvailabilityZones"]}
    refuse_if(
        len(zones) < 2,
        INVALID,
        "Cross-Region access needs the load balancer in at least two Availability Zones",
    )
    store = state.store("elbv2", call.account, call.region)
    arns = {item["LoadBalancerArn"] for item in balancers}
    for listener in store.listeners.values():
        timeout = store.listener_attributes[listener["ListenerArn"]].get("tcp.idle_timeout.seconds")
        refuse_if(
            listener["LoadBalancerArn"] in arns and timeout not in (None, "350"),
            INVALID,
            "Cross-Region access is not available with a custom TCP idle timeout",
        )


def _private_dns(name: str) -> dict[str, Any]:
    refuse_if(
        not _DNS.fullmatch(name) or len(name) > 255,
        "InvalidParameterValue",
        f"The private DNS name '{name}' is not valid: it must be a lower-case domain name",
    )
    letters = string.ascii_lowercase + string.digits

    def text(size: int) -> str:
        return "".join(secrets.choice(letters) for _ in range(size))

    return {
        "State": "pendingVerification",
        "Type": "TXT",
        "Name": "_" + text(19),
        "Value": "vpce:" + text(20),
    }


@operation("ec2", "CreateVpcEndpointServiceConfiguration")
def create(call: Call) -> dict[str, Any]:
    params = call.params
    arns = params.get("NetworkLoadBalancerArns") or []
    refuse_if(params.get("GatewayLoadBalancerArns"), INVALID, "the emulator has no Gateway Load Balancers")
    refuse_if(not arns, INVALID, "You must specify at least one load balancer")
    balancers = _check_balancers(call, arns, None)
    kinds = params.get("SupportedIpAddressTypes") or ["ipv4"]
    _check_address_types(kinds, balancers)
    regions = params.get("SupportedRegions") or []
    _check_regions(call, regions, balancers)
    dns = params.get("PrivateDnsName")
    service_id = names.hex_id("vpce-svc")
    document = {
        "ServiceId": service_id,
        "ServiceName": f"com.amazonaws.vpce.{call.region}.{service_id}",
        "ServiceType": [{"ServiceType": "Interface"}],
        "ServiceState": "Available",
        "AcceptanceRequired": params.get("AcceptanceRequired", True),
        "ManagesVpcEndpoints": False,
        "NetworkLoadBalancerArns": list(arns),
        "SupportedIpAddressTypes": kinds,
        "BaseEndpointDnsNames": [f"{service_id}.{call.region}.vpce.amazonaws.com"],
        "AvailabilityZones": _zones(balancers),
        "SupportedRegions": _region_list([call.region, *regions]),
    }
    if dns:
        document["PrivateDnsName"] = dns
        document["PrivateDnsNameConfiguration"] = _private_dns(dns)
    call.store.endpoint_services[service_id] = document
    call.store.permissions[service_id] = {}
    network.backend(call.account, call.region).create_tags([service_id], _given_tags(params))
    return {"ServiceConfiguration": shown(call, document)}


def _zones(balancers: list[dict[str, Any]]) -> list[str]:
    return sorted({zone["ZoneName"] for item in balancers for zone in item["AvailabilityZones"]})


def _region_list(regions: list[str]) -> list[dict[str, str]]:
    return [{"Region": item, "ServiceState": "Available"} for item in dict.fromkeys(regions)]


def _given_tags(params: dict[str, Any]) -> dict[str, str]:
    specifications = params.get("TagSpecifications") or []
    return {tag["Key"]: tag["Value"] for item in specifications for tag in item.get("Tags", [])}


def tags_of(account: str, region: str, resource_id: str) -> list[dict[str, str]]:
    """The tags of an EC2 resource, as moto keeps them."""
    known = network.backend(account, region).tags.get(resource_id, {})
    return [{"Key": key, "Value": value} for key, value in known.items()]


def shown(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    """The service as its owner sees it: zones follow the load balancers."""
    store = state.store("elbv2", call.account, call.region)
    balancers = [
        store.load_balancers[arn] for arn in document["NetworkLoadBalancerArns"] if arn in store.load_balancers
    ]
    tags = tags_of(call.account, call.region, document["ServiceId"])
    return {**document, "AvailabilityZones": _zones(balancers), "Tags": tags}


@operation("ec2", "DescribeVpcEndpointServiceConfigurations")
def describe(call: Call) -> dict[str, Any]:
    wanted = call.params.get("ServiceIds") or []
    found = [find(call, item) for item in wanted] or list(call.store.endpoint_services.values())
    return {"ServiceConfigurations": [shown(call, item) for item in found]}


def _changed(current: list[str], params: dict[str, Any], what: str) -> list[str]:
    removed = params.get(f"Remove{what}") or []
    return [item for item in current if item not in removed] + [
        item for item in params.get(f"Add{what}") or [] if item not in current
    ]


@operation("ec2", "ModifyVpcEndpointServiceConfiguration")
def modify(call: Call) -> dict[str, Any]:
    params = call.params
    document = find(call, params["ServiceId"])
    arns = _changed(document["NetworkLoadBalancerArns"], params, "NetworkLoadBalancerArns")
    refuse_if(not arns, INVALID, "An endpoint service needs at least one load balancer")
    refuse_if(
        params.get("RemoveNetworkLoadBalancerArns") and active_connections(document["ServiceId"]),
        INVALID,
        "A load balancer cannot be disassociated while the service has connected endpoints",
    )
    balancers = _check_balancers(call, arns, document["ServiceId"])
    kinds = _changed(document["SupportedIpAddressTypes"], params, "SupportedIpAddressTypes")
    _check_address_types(kinds, balancers)
    current = [item["Region"] for item in document["SupportedRegions"]]
    refuse_if(
        call.region in (params.get("RemoveSupportedRegions") or []),
        INVALID,
        "The host Region of an endpoint service cannot be removed",
    )
    regions = _changed(current, params, "SupportedRegions")
    _check_regions(call, regions, balancers)
    document.update(
        NetworkLoadBalancerArns=arns,
        SupportedIpAddressTypes=kinds,
        SupportedRegions=_region_list(regions),
    )
    if params.get("AcceptanceRequired") is not None:
        document["AcceptanceRequired"] = params["AcceptanceRequired"]
    _modify_dns(document, params)
    return {"Return": True}


def _modify_dns(document: dict[str, Any], params: dict[str, Any]) -> None:
    if params.get("RemovePrivateDnsName"):
        document.pop("PrivateDnsName", None)
        document.pop("PrivateDnsNameConfiguration", None)
    name = params.get("PrivateDnsName")
    if name and name != document.get("PrivateDnsName"):
        document["PrivateDnsNameConfiguration"] = _private_dns(name)
        document["PrivateDnsName"] = name


@operation("ec2", "DeleteVpcEndpointServiceConfigurations")
def delete(call: Call) -> dict[str, Any]:
    failed = []
    for service_id in call.params["ServiceIds"]:
        if service_id not in call.store.endpoint_services:
            code = "InvalidVpcEndpointService.NotFound"
            text = f"The VpcEndpointService Id '{service_id}' does not exist"
        elif active_connections(service_id):
            code = "ExistingVpcEndpointConnections"
            text = f"Service {service_id} has existing active VPC Endpoint connections!"
        else:
            del call.store.endpoint_services[service_id]
            call.store.permissions.pop(service_id, None)
            continue
        failed.append({"ResourceId": service_id, "Error": {"Code": code, "Message": text}})
    return {"Unsuccessful": failed}


def _principal_kind(principal: str) -> str:
    if principal == "*":
        return "All"
    if re.fullmatch(r"\d{12}", principal):
        return "Account"
    match = _PRINCIPAL.fullmatch(principal)
    if match:
        return {"root": "Account", None: "Account", "role": "Role", "user": "User"}[match.group(2) or match.group(1)]
    if _SERVICE.fullmatch(principal):
        return "Service"
    if re.fullmatch(r"arn:aws:organizations::\d{12}:(organization|ou)/.+", principal):
        return "OrganizationUnit"
    raise Fault("InvalidPrincipal", f"Invalid Principal: '{principal}'")


@operation("ec2", "ModifyVpcEndpointServicePermissions")
def modify_permissions(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ServiceId"])
    granted = call.store.permissions[document["ServiceId"]]
    wanted = {item: _principal_kind(item) for item in call.params.get("AddAllowedPrincipals") or []}
    added = []
    for principal, kind in wanted.items():
        if principal not in granted:
            granted[principal] = {
                "PrincipalType": kind,
                "Principal": principal,
                "ServicePermissionId": names.hex_id("vpce-svc-perm"),
                "ServiceId": document["ServiceId"],
            }
            added.append(granted[principal])
    for principal in call.params.get("RemoveAllowedPrincipals") or []:
        granted.pop(principal, None)
    return {"AddedPrincipals": added, "ReturnValue": True}


@operation("ec2", "DescribeVpcEndpointServicePermissions")
def describe_permissions(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ServiceId"])
    return {"AllowedPrincipals": list(call.store.permissions[document["ServiceId"]].values())}


def allows(account: str, region: str, service_id: str, principals: set[str]) -> bool:
    """Whether the service's permissions name one of the caller's principals."""
    granted = state.store("ec2", account, region).permissions.get(service_id, {})
    return bool(set(granted) & principals) or "*" in granted


@operation("ec2", "ModifyVpcEndpointServicePayerResponsibility")
def modify_payer(call: Call) -> dict[str, Any]:
    find(call, call.params["ServiceId"])["PayerResponsibility"] = call.params["PayerResponsibility"]
    return {"ReturnValue": True}


def _text_record_exists(name: str, value: str) -> bool:
    """Whether a public hosted zone of any account answers the TXT record."""
    for partitions in list(route53_backends.values()):
        for zone in partitions["aws"].zones.values():
            if zone.private_zone:
                continue
            for record in zone.rrsets:
                texts = [str(item).strip('"') for item in record.records]
                if record.type == "TXT" and record.name.rstrip(".") == name and value in texts:
                    return True
    return False


@operation("ec2", "StartVpcEndpointServicePrivateDnsVerification")
def verify(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ServiceId"])
    found = document.get("PrivateDnsNameConfiguration")
    refuse_if(found is None, INVALID, f"The service {document['ServiceId']} has no private DNS name")
    domain = document["PrivateDnsName"].removeprefix("*.")
    parents = [domain.split(".", count)[-1] for count in range(domain.count("."))]
    met = any(_text_record_exists(f"{found['Name']}.{item}", found["Value"]) for item in parents)
    found["State"] = "verified" if met else "failed"
    return {"ReturnValue": True}


@operation("ec2", "DescribeVpcEndpointServices")
def describe_services(call: Call) -> dict[str, Any]:
    """What a consumer may see: AWS's services, and those that allow it."""
    wanted = call.params.get("ServiceNames") or []
    custom = [name for name in wanted if ".vpce." in name]
    details = [_consumer_view(call, name) for name in custom]
    if custom and len(custom) == len(wanted):
        return {"ServiceNames": custom, "ServiceDetails": details}
    answer = call.proceed()
    answer["ServiceDetails"] = [*details, *answer.get("ServiceDetails", [])]
    return answer


def visible(call: Call, name: str) -> tuple[str, str, dict[str, Any]]:
    """A service that the caller may use; otherwise it does not exist for the caller."""
    found = by_name(name)
    if found is None or not allows(found[0], found[1], found[2]["ServiceId"], call.principals):
        raise Fault("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    return found


def _consumer_view(call: Call, name: str) -> dict[str, Any]:
    owner, region, document = visible(call, name)
    members = ("ServiceName", "ServiceId", "ServiceType", "BaseEndpointDnsNames", "AcceptanceRequired",
               "ManagesVpcEndpoints", "SupportedIpAddressTypes", "PayerResponsibility")  # fmt: skip
    view = {key: document[key] for key in members if key in document}
    zones = document["AvailabilityZones"] if region == call.region else []
    view.update(Owner=owner, AvailabilityZones=zones, ServiceRegion=region, VpcEndpointPolicySupported=False)
    if document.get("PrivateDnsName"):
        view["PrivateDnsName"] = document["PrivateDnsName"]
        view["PrivateDnsNameVerificationState"] = document["PrivateDnsNameConfiguration"]["State"]
    return view


def now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
