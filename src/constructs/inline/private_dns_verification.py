"""Starts the verification of an endpoint service's private DNS name, and waits until AWS has found the TXT record."""
import json
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
PAUSE = 15  # seconds between two looks
RESERVE = 100_000  # milliseconds kept for the answer
PATIENCE = 5  # refused calls that may be new resources or permissions not known everywhere yet


def handler(event, context):
    reason, data = None, {}
    try:
        if event["RequestType"] != "Delete":
            service = event["ResourceProperties"]["ServiceId"]
            data = {"State": wait_until_verified(service, context)}
    except Exception as error:  # CloudFormation would wait an hour for an answer that never comes
        reason = f"{type(error).__name__}: {error}"
    answer(event, context, reason, data)


def wait_until_verified(service, context):
    started, refused, found = False, 0, {}
    while context.get_remaining_time_in_millis() > RESERVE:
        try:
            found = private_dns(service)
            if found.get("State") == "verified":
                return "verified"
            if not started or found.get("State") == "failed":
                ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=service)
                started = True
        except ClientError:
            refused += 1
            if refused > PATIENCE:
                raise
        time.sleep(PAUSE)
    state, name = found.get("State", "unknown"), found.get("Name", "?")
    raise TimeoutError(
        f"the private DNS name of {service} is {state}; AWS looks for the TXT record {name} in the public DNS of the"
        " domain: see that the hosted zone is public and that the domain is delegated to it, then deploy again"
    )


def private_dns(service):
    found = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service])
    return found["ServiceConfigurations"][0].get("PrivateDnsNameConfiguration", {})


def answer(event, context, reason, data):
    physical = event.get("PhysicalResourceId") or context.log_stream_name
    if event["RequestType"] != "Delete":
        physical = event.get("ResourceProperties", {}).get("ServiceId", physical)
    body = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": (reason or "done")[:1000],
        "PhysicalResourceId": physical,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": data,
    }
    print(json.dumps(body))
    request = urllib.request.Request(
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": ""}
    )
    for attempt in range(5):
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except OSError as error:
            print(f"attempt {attempt + 1}: {error}")
            time.sleep(2**attempt)
