"""ECS clusters, capacity providers and task definitions."""

import re
from typing import Any

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from ..identity import require_role_trusting
from . import fargate
from .ec2_services import now

CLIENT = "ClientException"
PROVIDERS = ("FARGATE", "FARGATE_SPOT")


def cluster(call: Call, name: str | None) -> dict[str, Any]:
    """A cluster by name or ARN."""
    short = (name or "default").rsplit("/", 1)[-1]
    found = call.store.clusters.get(short)
    if found is None or found["status"] != "ACTIVE":
        raise Fault("ClusterNotFoundException", "Cluster not found.")
    return found


def arn(call: Call, kind: str, rest: str) -> str:
    """An ECS ARN in the caller's account and Region."""
    return f"arn:aws:ecs:{call.region}:{call.account}:{kind}/{rest}"


def _check_settings(settings: list[dict[str, str]]) -> None:
    for item in settings:
        refuse_if(
            item["name"] == "containerInsights" and item["value"] not in ("enabled", "disabled", "enhanced"),
            "InvalidParameterException",
            f"Invalid setting value {item['value']} for containerInsights",
        )


@operation("ecs", "CreateCluster")
def create_cluster(call: Call) -> dict[str, Any]:
    params, name = call.params, call.params.get("clusterName", "default")
    refuse_if(
        not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name),
        "InvalidParameterException",
        f"Invalid cluster name '{name}'",
    )
    settings = params.get("settings") or [{"name": "containerInsights", "value": "disabled"}]
    _check_settings(settings)
    document = {
        "clusterArn": arn(call, "cluster", name),
        "clusterName": name,
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 0,
        "pendingTasksCount": 0,
        "settings": settings,
        "configuration": params.get("configuration"),
        "capacityProviders": params.get("capacityProviders") or [],
        "defaultCapacityProviderStrategy": params.get("defaultCapacityProviderStrategy") or [],
        "tags": params.get("tags") or [],
    }
    _check_providers(document["capacityProviders"], document["defaultCapacityProviderStrategy"])
    call.store.clusters[name] = document
    return {"cluster": _shown(call, document)}


def _check_providers(providers: list[str], strategy: list[dict[str, Any]]) -> None:
    unknown = [item for item in providers if item not in PROVIDERS]
    refuse_if(
        unknown,
        "InvalidParameterException",
        f"The specified capacity provider '{unknown[0] if unknown else ''}' was not found.",
    )
    for item in strategy:
        refuse_if(
            item["capacityProvider"] not in providers,
            "InvalidParameterException",
            f"The capacity provider {item['capacityProvider']} of the strategy is not associated with the cluster.",
        )


def _shown(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    own = [
        item
        for item in call.store.services.values()
        if item["clusterArn"] == document["clusterArn"] and item["status"] == "ACTIVE"
    ]
    running = sum(item["runningCount"] for item in own)
    return {**document, "activeServicesCount": len(own), "runningTasksCount": running}


@operation("ecs", "DescribeClusters")
def describe_clusters(call: Call) -> dict[str, Any]:
    found, failures = [], []
    for name in call.params.get("clusters") or ["default"]:
        document = call.store.clusters.get(name.rsplit("/", 1)[-1])
        if document is None:
            failures.append({"arn": name, "reason": "MISSING"})
        else:
            found.append(_shown(call, document))
    return {"clusters": found, "failures": failures}


@operation("ecs", "ListClusters")
def list_clusters(call: Call) -> dict[str, Any]:
    return {"clusterArns": [item["clusterArn"] for item in call.store.clusters.values()]}


@operation("ecs", "UpdateCluster", "UpdateClusterSettings")
def update_cluster(call: Call) -> dict[str, Any]:
    document = cluster(call, call.params["cluster"])
    if call.params.get("settings"):
        _check_settings(call.params["settings"])
        document["settings"] = call.params["settings"]
    if call.params.get("configuration"):
        document["configuration"] = call.params["configuration"]
    return {"cluster": _shown(call, document)}


@operation("ecs", "PutClusterCapacityProviders")
def put_providers(call: Call) -> dict[str, Any]:
    document = cluster(call, call.params["cluster"])
    providers = call.params["capacityProviders"]
    strategy = call.params["defaultCapacityProviderStrategy"]
    _check_providers(providers, strategy)
    document.update(capacityProviders=providers, defaultCapacityProviderStrategy=strategy)
    return {"cluster": _shown(call, document)}


@operation("ecs", "DeleteCluster")
def delete_cluster(call: Call) -> dict[str, Any]:
    document = cluster(call, call.params["cluster"])
    refuse_if(
        _shown(call, document)["activeServicesCount"],
        "ClusterContainsServicesException",
        "The Cluster cannot be deleted while Services are active.",
    )
    del call.store.clusters[document["clusterName"]]
    return {"cluster": {**document, "status": "INACTIVE"}}


def definition(call: Call, name: str) -> dict[str, Any]:
    """A task definition by ARN, `family:revision` or family (the latest active one)."""
    short = name.rsplit("/", 1)[-1]
    known = call.store.definitions
    if short in known:
        return known[short]
    of_family = [item for item in known.values() if item["family"] == short and item["status"] == "ACTIVE"]
    if not of_family:
        raise Fault(CLIENT, "Unable to describe task definition.")
    return max(of_family, key=lambda item: item["revision"])


def _check_containers(task: dict[str, Any]) -> None:
    containers = task["containerDefinitions"]
    refuse_if(not containers, CLIENT, "Container definitions should not be empty.")
    names = [item.get("name") for item in containers]
    refuse_if(len(set(names)) != len(names), CLIENT, "Container names must be unique.")
    refuse_if(
        not any(item.get("essential", True) for item in containers),
        CLIENT,
        "A task definition needs at least one essential container.",
    )
    for item in containers:
        _check_container(item, names)
    for key, words in (("cpu", "CPU"), ("memory", "memory")):
        total = sum(item.get(key) or 0 for item in containers)
        limit = (fargate.cpu_units if key == "cpu" else fargate.mebibytes)(str(task.get(key, "")))
        refuse_if(
            limit is not None and total > limit,
            CLIENT,
            f"Invalid setting for container: the total {words} of the containers ({total}) is greater"
            f" than that of the task ({limit}).",
        )


def _check_container(item: dict[str, Any], names: list[str | None]) -> None:
    name = item.get("name")
    refuse_if(
        not name or not item.get("image"), CLIENT, "Container.image and Container.name should not be null or empty."
    )
    for need in item.get("dependsOn") or []:
        refuse_if(
            need["containerName"] not in names,
            CLIENT,
            f"The container '{name}' depends on '{need['containerName']}', which does not exist.",
        )
    keys = [pair["name"] for pair in [*(item.get("environment") or []), *(item.get("secrets") or [])]]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    refuse_if(
        doubled,
        CLIENT,
        f"The secret name must be unique and not shared with any new or existing environment variables"
        f" set on the container, such as '{doubled[0] if doubled else ''}'.",
    )
    logs = item.get("logConfiguration") or {}
    if logs.get("logDriver") == "awslogs":
        options = logs.get("options") or {}
        for option in ("awslogs-group", "awslogs-region", "awslogs-stream-prefix"):
            refuse_if(
                not options.get(option),
                CLIENT,
                f"Log driver awslogs requires options: {option}",
            )
    check = item.get("healthCheck")
    if check:
        _check_health(check)


def _check_health(check: dict[str, Any]) -> None:
    for key, low, high in (("interval", 5, 300), ("timeout", 2, 120), ("retries", 1, 10), ("startPeriod", 0, 300)):
        value = check.get(key)
        refuse_if(
            value is not None and not low <= value <= high,
            CLIENT,
            f"Health check {key} must be between {low} and {high}.",
        )


def _check_roles(task: dict[str, Any]) -> None:
    for key in ("executionRoleArn", "taskRoleArn"):
        if task.get(key):
            require_role_trusting(
                task[key],
                "ecs-tasks.amazonaws.com",
                CLIENT,
                "so ECS was unable to assume it",
            )


@operation("ecs", "RegisterTaskDefinition")
def register(call: Call) -> dict[str, Any]:
    task = {key: value for key, value in call.params.items() if key != "tags"}
    family = task["family"]
    refuse_if(not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", family), CLIENT, f"Invalid family '{family}'")
    _check_containers(task)
    if "FARGATE" in task.get("requiresCompatibilities", []):
        fargate.check(task)
    _check_roles(task)
    revisions = [item["revision"] for item in call.store.definitions.values() if item["family"] == family]
    revision = max(revisions, default=0) + 1
    for container in task["containerDefinitions"]:
        container.setdefault("essential", True)
        for mapping in container.get("portMappings") or []:
            mapping.setdefault("hostPort", mapping["containerPort"])
            mapping.setdefault("protocol", "tcp")
    document = {
        **task,
        "taskDefinitionArn": arn(call, "task-definition", f"{family}:{revision}"),
        "revision": revision,
        "status": "ACTIVE",
        "compatibilities": ["EC2", "FARGATE"],
        "registeredAt": now(),
    }
    call.store.definitions[f"{family}:{revision}"] = document
    call.store.tags[document["taskDefinitionArn"]] = call.params.get("tags") or []
    return {"taskDefinition": document, "tags": call.params.get("tags") or []}


@operation("ecs", "DescribeTaskDefinition")
def describe(call: Call) -> dict[str, Any]:
    document = definition(call, call.params["taskDefinition"])
    return {"taskDefinition": document, "tags": call.store.tags.get(document["taskDefinitionArn"], [])}


@operation("ecs", "DeregisterTaskDefinition")
def deregister(call: Call) -> dict[str, Any]:
    document = definition(call, call.params["taskDefinition"])
    document["status"] = "INACTIVE"
    return {"taskDefinition": document}


@operation("ecs", "ListTaskDefinitions")
def list_definitions(call: Call) -> dict[str, Any]:
    wanted, family = call.params.get("status", "ACTIVE"), call.params.get("familyPrefix")
    found = [
        item["taskDefinitionArn"]
        for item in call.store.definitions.values()
        if item["status"] == wanted and family in (None, item["family"])
    ]
    return {"taskDefinitionArns": found}


@operation("ecs", "TagResource")
def tag(call: Call) -> dict[str, Any]:
    known = {item["key"]: item for item in call.store.tags.get(call.params["resourceArn"], [])}
    known.update({item["key"]: item for item in call.params["tags"]})
    call.store.tags[call.params["resourceArn"]] = list(known.values())
    return {}


@operation("ecs", "UntagResource")
def untag(call: Call) -> dict[str, Any]:
    known = call.store.tags.get(call.params["resourceArn"], [])
    known[:] = [item for item in known if item["key"] not in call.params["tagKeys"]]
    return {}


@operation("ecs", "ListTagsForResource")
def list_tags(call: Call) -> dict[str, Any]:
    return {"tags": call.store.tags.get(call.params["resourceArn"], [])}
