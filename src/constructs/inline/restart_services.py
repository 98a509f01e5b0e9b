"""Starts services anew after a secret that they use has changed: a task reads its secrets only when it starts.

The event is the constant input of the rule: {"services": [{"cluster": ..., "service": ...}, ...]}.
"""
import logging

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger()
log.setLevel(logging.INFO)

# Refusals that mean that there is nothing to start anew, now or later.
GONE = {"ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException"}


def connect():
    return boto3.client("ecs", config=Config(retries={"mode": "standard", "max_attempts": 5}))


def restart(ecs, cluster, service):
    try:
        ecs.update_service(cluster=cluster, service=service, forceNewDeployment=True)
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise
        log.warning("%s in %s is gone", service, cluster)
    else:
        log.info("%s in %s is started anew", service, cluster)


def handler(event, context, ecs=None):
    ecs = ecs or connect()
    failures = []
    # One service that cannot be started anew must not keep the others from it.
    for entry in event["services"]:
        try:
            restart(ecs, entry["cluster"], entry["service"])
        except (ClientError, BotoCoreError) as error:
            failures.append(f"{entry['service']}: {error}")
    if failures:
        # Lambda calls the function again, twice, when it fails.
        raise RuntimeError("; ".join(failures))
