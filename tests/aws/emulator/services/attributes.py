"""The attributes of Network Load Balancers, their target groups and listeners: keys, values, defaults.

Keys and ranges are those of the ELBv2 API reference (LoadBalancerAttribute, TargetGroupAttribute,
ListenerAttribute) and of the Network Load Balancer user guide.
"""

import re
from collections.abc import Callable

from ..faults import Fault

Check = Callable[[str], str | None]


def _one_of(*allowed: str) -> Check:
    def check(value: str) -> str | None:
        return None if value in allowed else f"must be one of [{', '.join(allowed)}]"

    return check


def _between(low: int, high: int, *also: str) -> Check:
    def check(value: str) -> str | None:
        if value in also or (re.fullmatch(r"\d+", value) and low <= int(value) <= high):
            return None
        return f"must be between '{low}-{high}' inclusive"

    return check


def _text(value: str) -> str | None:
    return None


_BOOL = _one_of("true", "false")

LOAD_BALANCER: dict[str, tuple[Check, str | None]] = {
    "access_logs.s3.enabled": (_BOOL, "false"),
    "access_logs.s3.bucket": (_text, ""),
    "access_logs.s3.prefix": (_text, ""),
    "deletion_protection.enabled": (_BOOL, "false"),
    "dns_record.client_routing_policy": (
        _one_of(
            "any_availability_zone",
            "availability_zone_affinity",
            "partial_availability_zone_affinity",
        ),
        "any_availability_zone",
    ),
    "ipv6.deny_all_igw_traffic": (_BOOL, "true"),
    "load_balancing.cross_zone.enabled": (_BOOL, "false"),
    "secondary_ips.auto_assigned.per_subnet": (_between(0, 7), "0"),
    "zonal_shift.config.enabled": (_BOOL, "false"),
}

TARGET_GROUP: dict[str, tuple[Check, str | None]] = {
    "deregistration_delay.timeout_seconds": (_between(0, 3600), "300"),
    "deregistration_delay.connection_termination.enabled": (_BOOL, "false"),
    "load_balancing.cross_zone.enabled": (
        _one_of("true", "false", "use_load_balancer_configuration"),
        "use_load_balancer_configuration",
    ),
    "preserve_client_ip.enabled": (_BOOL, "false"),
    "proxy_protocol_v2.enabled": (_BOOL, "false"),
    "stickiness.enabled": (_BOOL, "false"),
    "stickiness.type": (_one_of("source_ip"), "source_ip"),
    "target_group_health.dns_failover.minimum_healthy_targets.count": (
        _between(1, 1000, "off"), "1"),
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": (
        _between(1, 100, "off"), "off"),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": (
        _between(1, 1000), "1"),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": (
        _between(1, 100, "off"), "off"),
    "target_health_state.unhealthy.connection_termination.enabled": (_BOOL, "true"),
    "target_health_state.unhealthy.draining_interval_seconds": (_between(0, 360000), "0"),
}  # fmt: skip

LISTENER: dict[str, tuple[Check, str | None]] = {
    "tcp.idle_timeout.seconds": (_between(60, 6000), "350"),
}

_KINDS = {
    "Load balancer": LOAD_BALANCER,
    "Target group": TARGET_GROUP,
    "Listener": LISTENER,
}


def defaults(kind: str) -> dict[str, str]:
    """The attributes that a new resource has."""
    return {key: value for key, (_, value) in _KINDS[kind].items() if value is not None}


def apply(kind: str, current: dict[str, str], given: list[dict[str, str]]) -> None:
    """Set attributes; an unknown key or a value that is not allowed is refused, and nothing is set."""
    table, wanted = _KINDS[kind], {}
    for item in given:
        key, value = item["Key"], item.get("Value", "")
        if key not in table:
            raise Fault("ValidationError", f"{kind} attribute key '{key}' is not recognized")
        if key in wanted:
            raise Fault("ValidationError", f"{kind} attribute key '{key}' is specified more than once")
        problem = table[key][0](value)
        if problem:
            raise Fault("ValidationError", f"{kind} attribute '{key}' value '{value}' {problem}")
        wanted[key] = value
    current.update(wanted)


def listing(current: dict[str, str]) -> list[dict[str, str]]:
    """The attributes as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in sorted(current.items())]
