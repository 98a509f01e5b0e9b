"""VPC flow logs: destinations, delivery roles, formats."""

import re
from typing import Any

from moto.logs.models import logs_backends
from moto.s3.models import s3_backends

from ..faults import refuse_if
from ..hooks import Call, operation
from ..identity import require_role_trusting
from . import ec2_endpoints, ec2_services, names, network, policies

FIELDS = {
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol",
    "packets", "bytes", "start", "end", "action", "log-status", "vpc-id", "subnet-id", "instance-id",
    "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr", "region", "az-id", "sublocation-type",
    "sublocation-id", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path",
    "ecs-cluster-arn", "ecs-cluster-name", "ecs-container-instance-arn", "ecs-container-instance-id",
    "ecs-container-id", "ecs-second-container-id", "ecs-service-name", "ecs-task-definition-arn",
    "ecs-task-arn", "ecs-task-id", "reject-reason", "resource-id", "encryption-status",
}  # fmt: skip
DEFAULT_FORMAT = " ".join(
    "${%s}" % name
    for name in (
        "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport",
        "protocol", "packets", "bytes", "start", "end", "action", "log-status",
    )
)  # fmt: skip
DELIVERY = "vpc-flow-logs.amazonaws.com"


def role_policies(role: Any) -> list[Any]:
    """Every policy document that a role carries."""
    found = [policies.document(text) for text in role.policies.values()]
    for attached in role.managed_policies.values():
        found.append(policies.document(attached.document))
    return found


def _check_cloudwatch(call: Call, group: str | None) -> None:
    arn = call.params.get("DeliverLogsPermissionArn")
    refuse_if(
        not arn,
        "InvalidParameter",
        "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    )
    refuse_if(not group, "InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
    role = require_role_trusting(str(arn), DELIVERY, "InvalidParameter", f"so {DELIVERY} cannot deliver flow logs")
    resource = f"arn:aws:logs:{call.region}:{call.account}:log-group:{group}:*"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        refuse_if(
            not any(
                policies.allows(role_policies(role), action, item)
                for item in (resource, resource[:-2], resource[:-1] + "log-stream:x")
            ),
            "InvalidParameter",
            f"The role {arn} does not allow {action} on {resource}",
        )
    groups = logs_backends[call.account][call.region].groups
    refuse_if(group not in groups, "InvalidParameter", f"The log group '{group}' does not exist")


def _check_s3(call: Call, destination: str | None) -> None:
    match = re.fullmatch(r"arn:aws:s3:::([^/]+)(/.*)?", destination or "")
    refuse_if(match is None, "InvalidParameter", f"LogDestination '{destination}' is not a bucket ARN")
    name = match.group(1)
    bucket = s3_backends[call.account]["aws"].buckets.get(name)
    refuse_if(bucket is None, "InvalidParameter", f"LogDestination: {name} does not exist.")
    refuse_if(
        call.params.get("DeliverLogsPermissionArn"),
        "InvalidParameter",
        "DeliverLogsPermissionArn is only for the destination type cloud-watch-logs",
    )


def _check_format(text: str) -> None:
    found = re.findall(r"\$\{([^}]*)\}", text)
    unknown = sorted(set(found) - FIELDS)
    refuse_if(unknown or not found, "InvalidParameter", f"Unknown fields in LogFormat: {unknown}")


def _check_resource(call: Call, kind: str, resource_id: str) -> None:
    if kind == "VPC":
        network.vpc(call.account, call.region, resource_id)
    elif kind == "Subnet":
        network.subnet(call.account, call.region, resource_id)


@operation("ec2", "CreateFlowLogs")
def create(call: Call) -> dict[str, Any]:
    params = call.params
    kind = params.get("LogDestinationType", "cloud-watch-logs")
    destination, group = params.get("LogDestination"), params.get("LogGroupName")
    refuse_if(
        not params.get("TrafficType") and params["ResourceType"] in ("VPC", "Subnet", "NetworkInterface"),
        "InvalidParameter",
        "TrafficType is required for VPC, subnet and network interface flow logs",
    )
    interval = params.get("MaxAggregationInterval", 600)
    refuse_if(interval not in (60, 600), "InvalidParameter", "Invalid Flow Log Max Aggregation Interval")
    refuse_if(
        kind != "s3" and params.get("DestinationOptions"),
        "InvalidParameter",
        "DestinationOptions are only for the destination type s3",
    )
    if kind == "cloud-watch-logs":
        if destination and not group:
            group = destination.split(":log-group:", 1)[-1].removesuffix(":*")
        _check_cloudwatch(call, group)
    elif kind == "s3":
        _check_s3(call, destination)
    _check_format(params.get("LogFormat") or DEFAULT_FORMAT)
    made = []
    for resource_id in params["ResourceIds"]:
        _check_resource(call, params["ResourceType"], resource_id)
        made.append(_make(call, resource_id, kind, group, interval))
    return {"FlowLogIds": made, "Unsuccessful": []}


def _make(call: Call, resource_id: str, kind: str, group: str | None, interval: int) -> str:
    params, flow_log_id = call.params, names.hex_id("fl")
    document = {
        "FlowLogId": flow_log_id,
        "ResourceId": resource_id,
        "TrafficType": params.get("TrafficType"),
        "LogDestinationType": kind,
        "LogGroupName": group,
        "LogDestination": params.get("LogDestination"),
        "DeliverLogsPermissionArn": params.get("DeliverLogsPermissionArn"),
        "DeliverLogsStatus": "SUCCESS",
        "FlowLogStatus": "ACTIVE",
        "LogFormat": params.get("LogFormat") or DEFAULT_FORMAT,
        "MaxAggregationInterval": interval,
        "DestinationOptions": params.get("DestinationOptions"),
        "CreationTime": ec2_services.now(),
    }
    known = call.store.flow_logs
    same = ("ResourceId", "LogDestinationType", "LogGroupName", "LogDestination", "TrafficType")
    refuse_if(
        any(all(item[key] == document[key] for key in same) for item in known.values()),
        "FlowLogAlreadyExists",
        "Error. There is an existing Flow Log with the same configuration and log destination.",
    )
    known[flow_log_id] = {key: value for key, value in document.items() if value is not None}
    for key in same:
        known[flow_log_id].setdefault(key, None)
    network.backend(call.account, call.region).create_tags([flow_log_id], ec2_services._given_tags(params))
    return flow_log_id


@operation("ec2", "DescribeFlowLogs")
def describe(call: Call) -> dict[str, Any]:
    wanted = call.params.get("FlowLogIds") or []
    found = [
        {**item, "Tags": ec2_services.tags_of(call.account, call.region, key)}
        for key, item in call.store.flow_logs.items()
        if not wanted or key in wanted
    ]
    fields = {"resource-id": "ResourceId", "traffic-type": "TrafficType", "flow-log-id": "FlowLogId",
              "log-group-name": "LogGroupName", "log-destination-type": "LogDestinationType"}  # fmt: skip
    filters = call.params.get("Filter")
    if filters:
        call.params["Filters"] = filters
    return {"FlowLogs": [item for item in found if ec2_endpoints.matches(call, item, fields)]}


@operation("ec2", "DeleteFlowLogs")
def delete(call: Call) -> dict[str, Any]:
    missing = [item for item in call.params["FlowLogIds"] if item not in call.store.flow_logs]
    refuse_if(missing, "InvalidFlowLogId.NotFound", f"These flow log ids in the input list are not found: {missing}")
    for item in call.params["FlowLogIds"]:
        del call.store.flow_logs[item]
    return {"Unsuccessful": []}
