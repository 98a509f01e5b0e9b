"""Target groups of Network Load Balancers: health checks, attributes, targets."""

import re
from typing import Any

from .. import state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import attributes, names, network
from .elbv2_load_balancers import check_name, set_tags

PROTOCOLS = ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
_HEALTH = (
    "HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath",
    "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
    "UnhealthyThresholdCount", "Matcher",
)  # fmt: skip


def find(call: Call, arn: str) -> dict[str, Any]:
    """A target group of the caller's account and Region."""
    found = call.store.target_groups.get(arn)
    if found is None:
        raise Fault("TargetGroupNotFound", f"Target groups '{arn}' not found")
    return found


def find_in(account: str, region: str, arn: str) -> dict[str, Any] | None:
    """A target group by ARN, for other services."""
    return state.store("elbv2", account, region).target_groups.get(arn)


def load_balancers_of(account: str, region: str, arn: str) -> list[str]:
    """The load balancers whose listeners forward to the target group."""
    listeners = state.store("elbv2", account, region).listeners.values()
    return sorted({item["LoadBalancerArn"] for item in listeners if arn in forwarded(item["DefaultActions"])})


def forwarded(actions: list[dict[str, Any]]) -> list[str]:
    """The target groups that actions forward to."""
    found = []
    for action in actions:
        if action.get("TargetGroupArn"):
            found.append(action["TargetGroupArn"])
        for item in action.get("ForwardConfig", {}).get("TargetGroups", []):
            if item["TargetGroupArn"] not in found:
                found.append(item["TargetGroupArn"])
    return found


def _health(params: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """The health check after the request, with the defaults of its protocol."""
    given = {key: params[key] for key in _HEALTH if params.get(key) is not None}
    protocol = given.get("HealthCheckProtocol", current.get("HealthCheckProtocol", "TCP"))
    web = protocol in ("HTTP", "HTTPS")
    timeout = {"HTTP": 6}.get(protocol, 10)
    wanted = {
        "HealthCheckProtocol": protocol,
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": timeout,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        **{key: value for key, value in current.items() if key in _HEALTH},
        **given,
    }
    if web:
        wanted.setdefault("HealthCheckPath", "/")
        wanted.setdefault("Matcher", {"HttpCode": "200-399"})
    _check_health(wanted, given, web)
    if not web:
        wanted.pop("HealthCheckPath", None)
        wanted.pop("Matcher", None)
    return wanted


def _check_health(wanted: dict[str, Any], given: dict[str, Any], web: bool) -> None:
    protocol = wanted["HealthCheckProtocol"]
    refuse_if(
        protocol not in ("TCP", "HTTP", "HTTPS"),
        "InvalidConfigurationRequest",
        f"Health check protocol '{protocol}' is not supported; it must be one of [TCP, HTTP, HTTPS]",
    )
    refuse_if(not wanted["HealthCheckEnabled"], "InvalidConfigurationRequest",
              "Health check enabled must be true for target groups with target type 'ip'")  # fmt: skip
    refuse_if(
        not web and ("HealthCheckPath" in given or "Matcher" in given),
        "InvalidConfigurationRequest",
        "You cannot specify a health check path or matcher for the TCP health check protocol",
    )
    timeout, interval = wanted["HealthCheckTimeoutSeconds"], wanted["HealthCheckIntervalSeconds"]
    refuse_if(
        timeout > interval,
        "ValidationError",
        f"Health check timeout '{timeout}' must be smaller than or equal to the interval '{interval}'",
    )
    port = str(wanted["HealthCheckPort"])
    refuse_if(
        port != "traffic-port" and not (port.isdigit() and 1 <= int(port) <= 65535),
        "ValidationError",
        f"Health check port '{port}' must be 'traffic-port' or in the range '1-65535'",
    )
    _check_codes(wanted.get("Matcher", {}).get("HttpCode"))


def _check_codes(codes: str | None) -> None:
    if codes is None:
        return
    parts = [part for item in codes.split(",") for part in item.split("-")]
    refuse_if(
        not all(re.fullmatch(r"\d{3}", part) and 200 <= int(part) <= 599 for part in parts),
        "ValidationError",
        f"Health check matcher HTTP code '{codes}' must be within '200-599'",
    )


@operation("elbv2", "CreateTargetGroup")
def create(call: Call) -> dict[str, Any]:
    params, name = call.params, call.params["Name"]
    check_name("target group", name)
    refuse_if(
        any(item["TargetGroupName"] == name for item in call.store.target_groups.values()),
        "DuplicateTargetGroupName",
        f"A target group with the same name '{name}' exists, but with different settings",
    )
    kind, protocol = params.get("TargetType", "instance"), params.get("Protocol")
    refuse_if(kind == "lambda", "ValidationError", "the emulator has no target groups of type lambda")
    for member, words in (("Protocol", "protocol"), ("Port", "port"), ("VpcId", "VPC ID")):
        refuse_if(not params.get(member), "ValidationError", f"A {words} must be specified")
    refuse_if(protocol not in PROTOCOLS, "ValidationError", f"the emulator has no {protocol} target groups")
    refuse_if(
        kind == "alb" and protocol != "TCP",
        "InvalidConfigurationRequest",
        f"Protocol '{protocol}' is not supported with target type 'alb'",
    )
    network.vpc(call.account, call.region, params["VpcId"])
    arn = f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:targetgroup/{name}/{names.short_hex()}"
    document = {
        "TargetGroupArn": arn,
        "TargetGroupName": name,
        "Protocol": protocol,
        "Port": params["Port"],
        "VpcId": params["VpcId"],
        "TargetType": kind,
        "IpAddressType": params.get("IpAddressType", "ipv4"),
        **_health(params, {}),
    }
    call.store.target_groups[arn] = document
    found = attributes.defaults("Target group")
    if kind == "instance" or protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
        found["preserve_client_ip.enabled"] = "true"
    if protocol in ("UDP", "TCP_UDP"):
        found["deregistration_delay.connection_termination.enabled"] = "true"
    call.store.tg_attributes[arn] = found
    set_tags(call, arn, params.get("Tags"))
    return {"TargetGroups": [_shown(call, document)]}


def _shown(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    arns = load_balancers_of(call.account, call.region, document["TargetGroupArn"])
    return {**document, "LoadBalancerArns": arns}


@operation("elbv2", "DescribeTargetGroups")
def describe(call: Call) -> dict[str, Any]:
    arns, wanted = call.params.get("TargetGroupArns") or [], call.params.get("Names") or []
    found = [_shown(call, find(call, arn)) for arn in arns] if arns else [
        _shown(call, item) for item in call.store.target_groups.values()
    ]  # fmt: skip
    if wanted:
        found = [item for item in found if item["TargetGroupName"] in wanted]
        refuse_if(len(found) != len(wanted), "TargetGroupNotFound", f"Target groups '{wanted}' not found")
    balancer = call.params.get("LoadBalancerArn")
    if balancer:
        found = [item for item in found if balancer in item["LoadBalancerArns"]]
    return {"TargetGroups": found}


@operation("elbv2", "ModifyTargetGroup")
def modify(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    wanted = _health(call.params, document)
    for key in _HEALTH:
        document.pop(key, None)
    document.update(wanted)
    return {"TargetGroups": [_shown(call, document)]}


@operation("elbv2", "DeleteTargetGroup")
def delete(call: Call) -> dict[str, Any]:
    arn = call.params["TargetGroupArn"]
    refuse_if(
        load_balancers_of(call.account, call.region, arn),
        "ResourceInUse",
        f"Target group '{arn}' is currently in use by a listener or a rule",
    )
    for kind in (call.store.target_groups, call.store.tg_attributes, call.store.targets):
        kind.pop(arn, None)
    return {}


@operation("elbv2", "ModifyTargetGroupAttributes")
def modify_attributes(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    current = call.store.tg_attributes[document["TargetGroupArn"]]
    wanted = dict(current)
    attributes.apply("Target group", wanted, call.params["Attributes"])
    protocol = document["Protocol"]
    refuse_if(
        protocol == "TLS" and wanted["stickiness.enabled"] == "true",
        "InvalidConfigurationRequest",
        "You cannot enable stickiness on target groups with the TLS protocol",
    )
    refuse_if(
        protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC") and wanted["preserve_client_ip.enabled"] == "false",
        "InvalidConfigurationRequest",
        f"You cannot disable client IP preservation on target groups with the {protocol} protocol",
    )
    draining = wanted["target_health_state.unhealthy.draining_interval_seconds"]
    refuse_if(
        draining != "0" and wanted["target_health_state.unhealthy.connection_termination.enabled"] == "true",
        "InvalidConfigurationRequest",
        "The unhealthy draining interval needs unhealthy connection termination to be disabled",
    )
    current.update(wanted)
    return {"Attributes": attributes.listing(current)}


@operation("elbv2", "DescribeTargetGroupAttributes")
def describe_attributes(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    return {"Attributes": attributes.listing(call.store.tg_attributes[document["TargetGroupArn"]])}


@operation("elbv2", "RegisterTargets")
def register(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    known = call.store.targets.setdefault(document["TargetGroupArn"], [])
    for target in call.params["Targets"]:
        refuse_if(
            document["TargetType"] == "ip" and not re.fullmatch(r"[0-9a-fA-F.:]+", target["Id"]),
            "ValidationError",
            f"The IP address '{target['Id']}' is not a valid IPv4 address",
        )
        known.append({"Id": target["Id"], "Port": target.get("Port", document["Port"])})
    return {}


@operation("elbv2", "DeregisterTargets")
def deregister(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    gone = {target["Id"] for target in call.params["Targets"]}
    known = call.store.targets.get(document["TargetGroupArn"], [])
    known[:] = [target for target in known if target["Id"] not in gone]
    return {}


@operation("elbv2", "DescribeTargetHealth")
def describe_health(call: Call) -> dict[str, Any]:
    document = find(call, call.params["TargetGroupArn"])
    used = load_balancers_of(call.account, call.region, document["TargetGroupArn"])
    unused = {"State": "unused", "Reason": "Target.NotInUse"}
    return {
        "TargetHealthDescriptions": [
            {"Target": target, "TargetHealth": {"State": "healthy"} if used else unused}
            for target in call.store.targets.get(document["TargetGroupArn"], [])
        ]
    }
