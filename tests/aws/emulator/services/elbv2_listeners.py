"""Listeners of Network Load Balancers: protocols, certificates, TLS policies, actions."""

import re
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.ssl_policies import SSL_POLICIES

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import attributes, elbv2_load_balancers, names
from .elbv2_target_groups import find as find_target_group
from .elbv2_target_groups import forwarded

# Which target group protocols a listener may forward to (NLB user guide, target groups).
ALLOWED = {
    "TCP": ("TCP", "TCP_UDP", "TCP_QUIC"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "QUIC": ("QUIC", "TCP_QUIC"),
    "TCP_QUIC": ("TCP_QUIC",),
}
ALPN = ("HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None")
DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
# Newer than moto's list: the post-quantum policies (ELBv2 user guide, TLS security policies).
NEW_POLICIES = re.compile(r"ELBSecurityPolicy-TLS13-1-[0-3](-Res|-Ext[012])?(-FIPS)?-PQ-2025-09")
INVALID = "InvalidConfigurationRequest"


def find(call: Call, arn: str) -> dict[str, Any]:
    """A listener of the caller's account and Region."""
    found = call.store.listeners.get(arn)
    if found is None:
        raise Fault("ListenerNotFound", f"Listeners '{arn}' not found")
    return found


def _check_certificate(call: Call, arn: str) -> None:
    match = re.fullmatch(r"arn:aws:(acm|iam):([a-z0-9-]*):(\d{12}):(server-)?certificate/.+", arn)
    refuse_if(match is None, "CertificateNotFound", f"Certificate '{arn}' not found")
    region = match.group(2)
    refuse_if(
        match.group(1) == "acm" and region != call.region,
        "ValidationError",
        f"Certificate ARN '{arn}' is not valid: it is in {region}, the load balancer in {call.region}",
    )
    known = acm_backends[match.group(3)][call.region]._certificates
    refuse_if(
        match.group(1) == "acm" and arn not in known,
        "CertificateNotFound",
        f"Certificate '{arn}' not found",
    )


def _check_tls(call: Call, document: dict[str, Any]) -> None:
    protocol, certificates = document["Protocol"], document.get("Certificates") or []
    if protocol != "TLS":
        for member, words in (("Certificates", "certificate"), ("SslPolicy", "SSL policy"), ("AlpnPolicy", "ALPN policy")):  # fmt: skip
            refuse_if(
                document.get(member),
                INVALID,
                f"A {words} cannot be specified for {protocol} listeners",
            )
        return
    refuse_if(
        len(certificates) != 1,
        "ValidationError",
        "A certificate must be specified for TLS listeners"
        if not certificates
        else "You must provide a list containing exactly one certificate",
    )
    _check_certificate(call, certificates[0]["CertificateArn"])
    policy = document.setdefault("SslPolicy", DEFAULT_POLICY)
    refuse_if(
        policy not in SSL_POLICIES and not NEW_POLICIES.fullmatch(policy),
        "SSLPolicyNotFound",
        f"SSL policy '{policy}' not found",
    )
    alpn = document.get("AlpnPolicy") or []
    refuse_if(
        len(alpn) > 1 or any(item not in ALPN for item in alpn),
        "ALPNPolicyNotSupported",
        f"ALPN policy '{alpn}' is not supported; it must be one of {list(ALPN)}",
    )


def _check_actions(call: Call, document: dict[str, Any], balancer: dict[str, Any]) -> None:
    protocol = document["Protocol"]
    for action in document["DefaultActions"]:
        refuse_if(
            action["Type"] != "forward",
            "InvalidLoadBalancerAction",
            f"The action type '{action['Type']}' is not valid with network load balancer",
        )
    groups = [find_target_group(call, arn) for arn in forwarded(document["DefaultActions"])]
    refuse_if(not groups, "ValidationError", "A target group must be specified to forward to")
    for group in groups:
        refuse_if(
            group["Protocol"] not in ALLOWED[protocol],
            "IncompatibleProtocols",
            f"The following target groups have incompatible protocols with the listener's"
            f" {protocol}: {group['TargetGroupArn']} ({group['Protocol']})",
        )
        refuse_if(
            group["VpcId"] != balancer["VpcId"],
            INVALID,
            f"The target group '{group['TargetGroupArn']}' and the load balancer have different VPCs",
        )
    kinds = {group["IpAddressType"] for group in groups}
    refuse_if(len(kinds) > 1, INVALID, "All target groups of an action must have the same IP address type")
    tls = {group["Protocol"] for group in groups}
    refuse_if(protocol == "TLS" and len(tls) > 1, INVALID, "A TLS listener cannot mix TCP and TLS target groups")
    if balancer["IpAddressType"] == "dualstack" and protocol in ("UDP", "TCP_UDP"):
        refuse_if(
            balancer["EnablePrefixForIpv6SourceNat"] != "on",
            INVALID,
            f"A {protocol} listener on a dualstack load balancer needs EnablePrefixForIpv6SourceNat",
        )
        refuse_if(
            kinds != {"ipv6"},
            INVALID,
            f"A {protocol} listener on a dualstack load balancer needs IPv6 target groups",
        )


def _check_quic(call: Call, document: dict[str, Any], balancer: dict[str, Any]) -> None:
    if document["Protocol"] not in ("QUIC", "TCP_QUIC"):
        return
    refuse_if(balancer["SecurityGroups"], INVALID, "QUIC listeners are not supported with security groups")
    refuse_if(balancer["IpAddressType"] == "dualstack", INVALID, "QUIC listeners are not supported on dualstack")


def _check_port(call: Call, document: dict[str, Any]) -> None:
    siblings = [
        item
        for item in call.store.listeners.values()
        if item["LoadBalancerArn"] == document["LoadBalancerArn"] and item["ListenerArn"] != document.get("ListenerArn")
    ]
    refuse_if(len(siblings) >= 50, "TooManyListeners", "The maximum number of listeners is 50")
    for item in siblings:
        layers = [{"TCP_UDP": {"TCP", "UDP"}, "TLS": {"TCP"}}.get(p, {p}) for p in (item["Protocol"], document["Protocol"])]  # fmt: skip
        refuse_if(
            item["Port"] == document["Port"] and layers[0] & layers[1],
            "DuplicateListener",
            f"A listener already exists on this port for this load balancer '{document['LoadBalancerArn']}'",
        )


def _check(call: Call, document: dict[str, Any]) -> None:
    balancer = elbv2_load_balancers.find(call, document["LoadBalancerArn"])
    refuse_if(
        document.get("Protocol") not in ALLOWED,
        "UnsupportedProtocol",
        f"Listener protocol '{document.get('Protocol')}' must be one of '{', '.join(ALLOWED)}'",
    )
    refuse_if(not document.get("Port"), "ValidationError", "A listener port must be specified")
    refuse_if(
        document.get("MutualAuthentication"),
        INVALID,
        "Mutual authentication is not supported by network load balancers",
    )
    _check_tls(call, document)
    _check_quic(call, document, balancer)
    _check_actions(call, document, balancer)
    _check_port(call, document)


@operation("elbv2", "CreateListener")
def create(call: Call) -> dict[str, Any]:
    members = ("LoadBalancerArn", "Protocol", "Port", "SslPolicy", "Certificates", "DefaultActions",
               "AlpnPolicy", "MutualAuthentication")  # fmt: skip
    document = {key: call.params[key] for key in members if call.params.get(key) is not None}
    _check(call, document)
    base = document["LoadBalancerArn"].replace(":loadbalancer/", ":listener/")
    arn = document["ListenerArn"] = f"{base}/{names.short_hex()}"
    call.store.listeners[arn] = document
    call.store.listener_attributes[arn] = attributes.defaults("Listener") if document["Protocol"] == "TCP" else {}
    call.store.listener_certificates[arn] = []
    elbv2_load_balancers.set_tags(call, arn, call.params.get("Tags"))
    return {"Listeners": [document]}


@operation("elbv2", "ModifyListener")
def modify(call: Call) -> dict[str, Any]:
    current = find(call, call.params["ListenerArn"])
    document = {**current, **{key: value for key, value in call.params.items() if value is not None}}
    if document["Protocol"] != "TLS" and current["Protocol"] == "TLS":
        for member in ("SslPolicy", "Certificates", "AlpnPolicy"):
            if member not in call.params:
                document.pop(member, None)
    _check(call, document)
    call.store.listeners[current["ListenerArn"]] = document
    return {"Listeners": [document]}


@operation("elbv2", "DeleteListener")
def delete(call: Call) -> dict[str, Any]:
    arn = call.params["ListenerArn"]
    for kind in (call.store.listeners, call.store.listener_attributes, call.store.listener_certificates):
        kind.pop(arn, None)
    return {}


@operation("elbv2", "DescribeListeners")
def describe(call: Call) -> dict[str, Any]:
    arns, balancer = call.params.get("ListenerArns") or [], call.params.get("LoadBalancerArn")
    if arns:
        return {"Listeners": [find(call, arn) for arn in arns]}
    refuse_if(not balancer, "ValidationError", "You must specify either listener ARNs or a load balancer ARN")
    elbv2_load_balancers.find(call, balancer)
    found = call.store.listeners.values()
    return {"Listeners": [item for item in found if item["LoadBalancerArn"] == balancer]}


@operation("elbv2", "ModifyListenerAttributes")
def modify_attributes(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ListenerArn"])
    refuse_if(
        document["Protocol"] != "TCP" and call.params["Attributes"],
        INVALID,
        f"Listener attributes cannot be set for {document['Protocol']} listeners",
    )
    current = call.store.listener_attributes[document["ListenerArn"]]
    attributes.apply("Listener", current, call.params["Attributes"])
    return {"Attributes": attributes.listing(current)}


@operation("elbv2", "DescribeListenerAttributes")
def describe_attributes(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ListenerArn"])
    return {"Attributes": attributes.listing(call.store.listener_attributes[document["ListenerArn"]])}


@operation("elbv2", "AddListenerCertificates")
def add_certificates(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ListenerArn"])
    refuse_if(document["Protocol"] != "TLS", INVALID, "Certificates can only be added to TLS listeners")
    known = call.store.listener_certificates[document["ListenerArn"]]
    for item in call.params["Certificates"]:
        _check_certificate(call, item["CertificateArn"])
        if item["CertificateArn"] not in known:
            known.append(item["CertificateArn"])
    refuse_if(len(known) > 25, "TooManyCertificates", "The maximum number of certificates is 25")
    return {"Certificates": [{"CertificateArn": arn, "IsDefault": False} for arn in known]}


@operation("elbv2", "RemoveListenerCertificates")
def remove_certificates(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ListenerArn"])
    known = call.store.listener_certificates[document["ListenerArn"]]
    gone = {item["CertificateArn"] for item in call.params["Certificates"]}
    known[:] = [arn for arn in known if arn not in gone]
    return {}


@operation("elbv2", "DescribeListenerCertificates")
def describe_certificates(call: Call) -> dict[str, Any]:
    document = find(call, call.params["ListenerArn"])
    own = [{**item, "IsDefault": True} for item in document.get("Certificates") or []]
    more = call.store.listener_certificates[document["ListenerArn"]]
    return {"Certificates": own + [{"CertificateArn": arn, "IsDefault": False} for arn in more]}
