"""ECS services on Fargate: what CreateService refuses, and tasks that start or do not."""

import secrets
from typing import Any

from .. import state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import elbv2_target_groups, fargate, network
from .ec2_services import now
from .ecs_definitions import arn, cluster, definition
from .task_start import Start

INVALID = "InvalidParameterException"
_KEPT = (
    "serviceName", "desiredCount", "launchType", "capacityProviderStrategy", "platformVersion",
    "deploymentConfiguration", "networkConfiguration", "loadBalancers", "serviceRegistries",
    "healthCheckGracePeriodSeconds", "schedulingStrategy", "deploymentController",
    "enableECSManagedTags", "propagateTags", "enableExecuteCommand", "availabilityZoneRebalancing",
    "placementConstraints", "placementStrategy",
)  # fmt: skip


def _find(call: Call, name: str, of_cluster: str | None) -> dict[str, Any]:
    key = f"{cluster(call, of_cluster)['clusterName']}/{name.rsplit('/', 1)[-1]}"
    found = call.store.services.get(key)
    if found is None:
        raise Fault("ServiceNotFoundException", "Service not found.")
    return found


def _check_launch(document: dict[str, Any], owner: dict[str, Any]) -> None:
    strategy = document.get("capacityProviderStrategy")
    refuse_if(
        strategy and document.get("launchType"),
        INVALID,
        "Specifying both a launch type and capacity provider strategy is not supported.",
    )
    for item in strategy or []:
        refuse_if(
            item["capacityProvider"] not in owner["capacityProviders"],
            INVALID,
            f"The specified capacity provider '{item['capacityProvider']}' was not found: it is not"
            " associated with the cluster.",
        )
    refuse_if(
        strategy and not any(item.get("weight", 0) > 0 for item in strategy),
        INVALID,
        "At least one capacity provider of a strategy must have a weight greater than zero.",
    )
    refuse_if(
        sum(1 for item in strategy or [] if item.get("base")) > 1,
        INVALID,
        "Only one capacity provider of a strategy can have a base.",
    )


def _check_network(call: Call, document: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    found = (document.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    refuse_if(
        task.get("networkMode") == "awsvpc" and not found,
        INVALID,
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    )
    refuse_if(len(found["subnets"]) > 16, INVALID, "subnets can have at most 16 items.")
    groups = found.get("securityGroups") or []
    refuse_if(len(groups) > 5, INVALID, "securityGroups can have at most 5 items.")
    vpcs = {network.subnet(call.account, call.region, item, INVALID).vpc_id for item in found["subnets"]}
    vpcs |= {network.security_group(call.account, call.region, item, INVALID).vpc_id for item in groups}
    refuse_if(len(vpcs) != 1, INVALID, "Subnets and security groups must belong to one VPC.")
    return found


def _check_balancers(call: Call, document: dict[str, Any], task: dict[str, Any]) -> None:
    balancers = document.get("loadBalancers") or []
    refuse_if(
        document.get("healthCheckGracePeriodSeconds") is not None and not balancers,
        INVALID,
        "Health check grace period is only valid for services configured to use load balancers",
    )
    containers = {item["name"]: item for item in task["containerDefinitions"]}
    for item in balancers:
        group_arn = item.get("targetGroupArn", "")
        group = elbv2_target_groups.find_in(call.account, call.region, group_arn)
        refuse_if(group is None, INVALID, f"The specified target group does not exist: {group_arn}")
        refuse_if(
            group["TargetType"] != "ip",
            INVALID,
            f"The provided target group {group_arn} has target type {group['TargetType']}, which is"
            " incompatible with the awsvpc network mode specified in the task definition.",
        )
        refuse_if(
            not elbv2_target_groups.load_balancers_of(call.account, call.region, group_arn),
            INVALID,
            f"The target group with targetGroupArn {group_arn} does not have an associated load balancer.",
        )
        container = containers.get(item.get("containerName"))
        refuse_if(
            container is None,
            INVALID,
            f"The container {item.get('containerName')} does not exist in the task definition.",
        )
        ports = [mapping["containerPort"] for mapping in container.get("portMappings") or []]
        refuse_if(
            item.get("containerPort") not in ports,
            INVALID,
            f"The container {item['containerName']} did not have a container port {item.get('containerPort')} defined.",
        )


def _check_deployment(document: dict[str, Any]) -> None:
    found = document.get("deploymentConfiguration") or {}
    most, least = found.get("maximumPercent", 200), found.get("minimumHealthyPercent", 100)
    refuse_if(
        most <= least and not (most > 100 and least < 100),
        INVALID,
        "The maximumPercent must be greater than the minimumHealthyPercent, or no task can be replaced.",
    )
    refuse_if(
        document.get("availabilityZoneRebalancing") == "ENABLED" and most <= 100,
        INVALID,
        "availabilityZoneRebalancing needs a maximumPercent greater than 100.",
    )
    breaker = found.get("deploymentCircuitBreaker")
    controller = (document.get("deploymentController") or {}).get("type", "ECS")
    refuse_if(
        breaker and controller != "ECS",
        INVALID,
        "The deployment circuit breaker is only supported with the ECS deployment controller.",
    )


def _check_all(call: Call, document: dict[str, Any], owner: dict[str, Any]) -> dict[str, Any]:
    task = definition(call, document["taskDefinition"])
    refuse_if(task["status"] != "ACTIVE", "ClientException", "TaskDefinition is inactive")
    launch = document.get("launchType") or "FARGATE"
    fargate.require_fargate(launch)
    refuse_if(
        "FARGATE" not in task.get("requiresCompatibilities", []),
        INVALID,
        "Task definition does not support launch_type FARGATE.",
    )
    _check_launch(document, owner)
    _check_network(call, document, task)
    _check_balancers(call, document, task)
    _check_deployment(document)
    refuse_if(
        document.get("enableExecuteCommand") and not task.get("taskRoleArn"),
        INVALID,
        "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid"
        " task role in your task definition and try again.",
    )
    return task


def _deploy(call: Call, document: dict[str, Any], task: dict[str, Any]) -> None:
    """Start the tasks of a new deployment; failures are told as the circuit breaker tells them."""
    placement = document["networkConfiguration"]["awsvpcConfiguration"]
    problems = Start(call.account, call.region, task, placement).problems()
    wanted = document["desiredCount"]
    failed = bool(problems) and wanted > 0
    deployment = {
        "id": f"ecs-svc/{secrets.randbelow(10**19)}",
        "status": "PRIMARY",
        "taskDefinition": task["taskDefinitionArn"],
        "desiredCount": wanted,
        "runningCount": 0 if failed else wanted,
        "pendingCount": 0,
        "failedTasks": 10 if failed else 0,
        "createdAt": now(),
        "updatedAt": now(),
        "rolloutState": "FAILED" if failed else "COMPLETED",
        "rolloutStateReason": "; ".join(problems) if failed else "ECS deployment completed.",
        "networkConfiguration": document["networkConfiguration"],
        "platformVersion": document.get("platformVersion", "LATEST"),
    }
    document["deployments"] = [deployment]
    document["runningCount"] = deployment["runningCount"]
    text = deployment["rolloutStateReason"] if failed else "has reached a steady state."
    document["events"].insert(
        0,
        {
            "id": secrets.token_hex(16),
            "createdAt": now(),
            "message": f"(service {document['serviceName']}) {text}",
        },
    )
    _place(call, document, 0 if failed else wanted)


def _place(call: Call, document: dict[str, Any], count: int) -> None:
    """Give each task a network interface in turn over the subnets, and register it as a target."""
    key = document["serviceArn"]
    network.remove_interfaces(call.account, call.region, call.store.interfaces.pop(key, []))
    placement = document["networkConfiguration"]["awsvpcConfiguration"]
    made, addresses = [], []
    for index in range(count):
        subnet_id = placement["subnets"][index % len(placement["subnets"])]
        eni = network.add_interface(
            call.account, call.region, subnet_id, placement.get("securityGroups") or [], "ECS task"
        )
        made.append(eni.id)
        addresses.append(eni.private_ip_address)
    call.store.interfaces[key] = made
    targets = state.store("elbv2", call.account, call.region).targets
    for item in document.get("loadBalancers") or []:
        targets[item["targetGroupArn"]] = [{"Id": address, "Port": item["containerPort"]} for address in addresses]


@operation("ecs", "CreateService")
def create(call: Call) -> dict[str, Any]:
    params = call.params
    owner = cluster(call, params.get("cluster"))
    key = f"{owner['clusterName']}/{params['serviceName']}"
    old = call.store.services.get(key)
    refuse_if(
        old and old["status"] == "ACTIVE",
        INVALID,
        "Creation of service was not idempotent.",
    )
    document = {name: params[name] for name in _KEPT if params.get(name) is not None}
    document.setdefault("desiredCount", 1)
    document.setdefault("schedulingStrategy", "REPLICA")
    document.setdefault("availabilityZoneRebalancing", "ENABLED")
    document.setdefault("deploymentController", {"type": "ECS"})
    document["taskDefinition"] = params["taskDefinition"]
    task = _check_all(call, document, owner)
    document.update(
        taskDefinition=task["taskDefinitionArn"],
        serviceArn=arn(call, "service", key),
        clusterArn=owner["clusterArn"],
        status="ACTIVE",
        pendingCount=0,
        runningCount=0,
        createdAt=now(),
        events=[],
        roleArn=f"arn:aws:iam::{call.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    )
    call.store.tags[document["serviceArn"]] = params.get("tags") or []
    call.store.services[key] = document
    _deploy(call, document, task)
    return {"service": _shown(call, document)}


def _shown(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "tags": call.store.tags.get(document["serviceArn"], [])}


@operation("ecs", "UpdateService")
def update(call: Call) -> dict[str, Any]:
    params = call.params
    current = _find(call, params["service"], params.get("cluster"))
    refuse_if(current["status"] != "ACTIVE", "ServiceNotActiveException", "Service was not ACTIVE.")
    wanted = {**current, **{name: params[name] for name in _KEPT if params.get(name) is not None}}
    if params.get("capacityProviderStrategy"):
        wanted.pop("launchType", None)
    if params.get("taskDefinition"):
        wanted["taskDefinition"] = params["taskDefinition"]
    owner = cluster(call, params.get("cluster"))
    task = _check_all(call, wanted, owner)
    wanted["taskDefinition"] = task["taskDefinitionArn"]
    current.clear()
    current.update(wanted)
    _deploy(call, current, task)
    return {"service": _shown(call, current)}


@operation("ecs", "DescribeServices")
def describe(call: Call) -> dict[str, Any]:
    found, failures = [], []
    for name in call.params["services"]:
        try:
            found.append(_shown(call, _find(call, name, call.params.get("cluster"))))
        except Fault:
            failures.append({"arn": name, "reason": "MISSING"})
    return {"services": found, "failures": failures}


@operation("ecs", "ListServices")
def list_services(call: Call) -> dict[str, Any]:
    owner = cluster(call, call.params.get("cluster"))
    return {
        "serviceArns": [
            item["serviceArn"]
            for item in call.store.services.values()
            if item["clusterArn"] == owner["clusterArn"] and item["status"] == "ACTIVE"
        ]
    }


@operation("ecs", "DeleteService")
def delete(call: Call) -> dict[str, Any]:
    document = _find(call, call.params["service"], call.params.get("cluster"))
    refuse_if(
        document["desiredCount"] and not call.params.get("force"),
        INVALID,
        "The service cannot be stopped while it is scaled above 0.",
    )
    document.update(desiredCount=0, status="INACTIVE", runningCount=0)
    _place(call, document, 0)
    return {"service": document}
