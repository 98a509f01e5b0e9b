"""Connections of endpoints to services, as their provider sees them, and notifications about them."""

from typing import Any

from moto.sns.models import sns_backends

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import ec2_endpoints, ec2_services, encryption, names, policies

EVENTS = ("Accept", "Connect", "Delete", "Reject")
PRINCIPAL = "vpce.amazonaws.com"


def _view(call: Call, service: dict[str, Any], account: str, region: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "ServiceId": service["ServiceId"],
        "VpcEndpointId": item["VpcEndpointId"],
        "VpcEndpointOwner": account,
        "VpcEndpointState": item["State"],
        "CreationTimestamp": item["CreationTimestamp"],
        "DnsEntries": item["DnsEntries"],
        "NetworkLoadBalancerArns": service["NetworkLoadBalancerArns"],
        "IpAddressType": item["IpAddressType"],
        "VpcEndpointRegion": region,
    }


_FILTERS = {
    "service-id": "ServiceId",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-owner": "VpcEndpointOwner",
    "vpc-endpoint-state": "VpcEndpointState",
    "vpc-endpoint-region": "VpcEndpointRegion",
}


@operation("ec2", "DescribeVpcEndpointConnections")
def describe(call: Call) -> dict[str, Any]:
    found = [
        _view(call, service, account, region, item)
        for service in call.store.endpoint_services.values()
        for account, region, item in ec2_services.connections(service["ServiceId"])
    ]
    found = [item for item in found if ec2_endpoints.matches(call, item, _FILTERS)]
    return {"VpcEndpointConnections": found}


@operation("ec2", "AcceptVpcEndpointConnections", "RejectVpcEndpointConnections")
def decide(call: Call) -> dict[str, Any]:
    service = ec2_services.find(call, call.params["ServiceId"])
    known = {item["VpcEndpointId"]: item for _, _, item in ec2_services.connections(service["ServiceId"])}
    accepting, failed = call.operation.startswith("Accept"), []
    for endpoint_id in call.params["VpcEndpointIds"]:
        item = known.get(endpoint_id)
        fit = item is not None and (item["State"] == "pendingAcceptance" or not accepting)
        if item is None or not fit:
            error = {
                "Code": "InvalidVpcEndpointId.NotFound" if item is None else "InvalidState",
                "Message": f"Connection {endpoint_id} cannot be changed",
            }
            failed.append({"ResourceId": endpoint_id, "Error": error})
            continue
        item["State"] = "available" if accepting else "rejected"
    return {"Unsuccessful": failed}


def _check_topic(call: Call, arn: str) -> None:
    topic = sns_backends[call.account][arn.split(":")[3] or call.region].topics.get(arn)
    refuse_if(topic is None, "InvalidParameter", f"The SNS topic '{arn}' does not exist")
    refuse_if(
        not policies.lets_service(topic._policy_json, PRINCIPAL, "sns:Publish"),
        "InvalidParameter",
        f"The policy of the SNS topic '{arn}' does not let {PRINCIPAL} publish to it",
    )
    key = topic.kms_master_key_id
    if not key:
        return
    refuse_if(
        key.endswith("alias/aws/sns"),
        "InvalidParameter",
        f"The SNS topic '{arn}' is encrypted with alias/aws/sns, which {PRINCIPAL} cannot use",
    )
    policy = encryption.key_policy(call.account, call.region, key)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        refuse_if(
            not policies.lets_service(policy, PRINCIPAL, action),
            "InvalidParameter",
            f"The key of the SNS topic '{arn}' does not let {PRINCIPAL} do {action}",
        )


def _check_events(events: list[str]) -> None:
    unknown = [item for item in events if item not in EVENTS]
    refuse_if(
        unknown or not events,
        "InvalidParameter",
        f"Invalid connection events {unknown}; they must be among {list(EVENTS)}",
    )


@operation("ec2", "CreateVpcEndpointConnectionNotification")
def create_notification(call: Call) -> dict[str, Any]:
    params = call.params
    refuse_if(
        bool(params.get("ServiceId")) == bool(params.get("VpcEndpointId")),
        "InvalidParameter",
        "You must specify either a service ID or a VPC endpoint ID",
    )
    if params.get("ServiceId"):
        ec2_services.find(call, params["ServiceId"])
    else:
        ec2_endpoints.find(call, params["VpcEndpointId"])
    _check_events(params["ConnectionEvents"])
    _check_topic(call, params["ConnectionNotificationArn"])
    document = {
        "ConnectionNotificationId": names.hex_id("vpce-nfn"),
        "ConnectionNotificationType": "Topic",
        "ConnectionNotificationArn": params["ConnectionNotificationArn"],
        "ConnectionEvents": params["ConnectionEvents"],
        "ConnectionNotificationState": "Enabled",
        **{key: params[key] for key in ("ServiceId", "VpcEndpointId") if params.get(key)},
    }
    call.store.notifications[document["ConnectionNotificationId"]] = document
    return {"ConnectionNotification": document}


def _notification(call: Call, wanted: str) -> dict[str, Any]:
    found = call.store.notifications.get(wanted)
    if found is None:
        raise Fault("InvalidConnectionNotification", f"The connection notification '{wanted}' does not exist")
    return found


@operation("ec2", "ModifyVpcEndpointConnectionNotification")
def modify_notification(call: Call) -> dict[str, Any]:
    document = _notification(call, call.params["ConnectionNotificationId"])
    if call.params.get("ConnectionEvents"):
        _check_events(call.params["ConnectionEvents"])
        document["ConnectionEvents"] = call.params["ConnectionEvents"]
    if call.params.get("ConnectionNotificationArn"):
        _check_topic(call, call.params["ConnectionNotificationArn"])
        document["ConnectionNotificationArn"] = call.params["ConnectionNotificationArn"]
    return {"ReturnValue": True}


@operation("ec2", "DescribeVpcEndpointConnectionNotifications")
def describe_notifications(call: Call) -> dict[str, Any]:
    wanted = call.params.get("ConnectionNotificationId")
    found = [_notification(call, wanted)] if wanted else list(call.store.notifications.values())
    return {"ConnectionNotificationSet": found}


@operation("ec2", "DeleteVpcEndpointConnectionNotifications")
def delete_notifications(call: Call) -> dict[str, Any]:
    failed = []
    for item in call.params["ConnectionNotificationIds"]:
        if call.store.notifications.pop(item, None) is None:
            error = {"Code": "InvalidConnectionNotification", "Message": f"'{item}' does not exist"}
            failed.append({"ResourceId": item, "Error": error})
    return {"Unsuccessful": failed}
