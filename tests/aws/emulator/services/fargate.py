"""What Fargate takes: task sizes, platforms, log drivers (Amazon ECS developer guide, Fargate)."""

import re
from typing import Any

from ..faults import Fault, refuse_if

_GIB = 1024


def _steps(low: int, high: int, step: int) -> set[int]:
    return set(range(low * _GIB, high * _GIB + 1, step * _GIB))


# CPU units to MiB of memory.
SIZES: dict[int, set[int]] = {
    256: {512, 1024, 2048},
    512: _steps(1, 4, 1),
    1024: _steps(2, 8, 1),
    2048: _steps(4, 16, 1),
    4096: _steps(8, 30, 1),
    8192: _steps(16, 60, 4),
    16384: _steps(32, 120, 8),
    32768: {60 * _GIB, 120 * _GIB, 244 * _GIB},
}
LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
CLIENT = "ClientException"


def cpu_units(text: str) -> int | None:
    """CPU units of `256` or `.25 vCPU`."""
    match = re.fullmatch(r"(\d*\.?\d+)\s*vcpu", text.strip().lower())
    if match:
        return int(float(match.group(1)) * 1024)
    return int(text) if text.isdigit() else None


def mebibytes(text: str) -> int | None:
    """MiB of `512` or `1 GB`."""
    match = re.fullmatch(r"(\d*\.?\d+)\s*gb", text.strip().lower())
    if match:
        return int(float(match.group(1)) * 1024)
    return int(text) if text.isdigit() else None


def check(task: dict[str, Any]) -> None:
    """Refuse a task definition that Fargate does not run."""
    refuse_if(
        task.get("networkMode") != "awsvpc",
        CLIENT,
        "Fargate only supports network mode 'awsvpc'.",
    )
    cpu, memory = cpu_units(str(task.get("cpu", ""))), mebibytes(str(task.get("memory", "")))
    refuse_if(
        cpu is None or memory is None,
        CLIENT,
        "Fargate requires that 'cpu' and 'memory' be defined at the task level.",
    )
    refuse_if(
        memory not in SIZES.get(cpu or 0, set()),
        CLIENT,
        f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the"
        " Amazon ECS documentation for the valid values.",
    )
    storage = (task.get("ephemeralStorage") or {}).get("sizeInGiB")
    refuse_if(
        storage is not None and not 21 <= storage <= 200,
        CLIENT,
        f"Ephemeral storage must be between 21 and 200 GiB, not {storage}.",
    )
    refuse_if(task.get("placementConstraints"), CLIENT, "Placement constraints are not supported with Fargate.")
    for container in task["containerDefinitions"]:
        _check_container(container, task)


def _check_container(container: dict[str, Any], task: dict[str, Any]) -> None:
    name = container["name"]
    logs = container.get("logConfiguration")
    if logs:
        driver = logs["logDriver"]
        refuse_if(driver not in LOG_DRIVERS, CLIENT, f"Log driver '{driver}' is not supported on Fargate.")
        refuse_if(
            driver == "awslogs" and not task.get("executionRoleArn"),
            CLIENT,
            "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
        )
    refuse_if(
        re.match(r"\d{12}\.dkr\.ecr\.", container.get("image", "")) and not task.get("executionRoleArn"),
        CLIENT,
        "Fargate requires task definition to have execution role ARN to support ECR images.",
    )
    refuse_if(
        (container.get("stopTimeout") or 0) > 120,
        CLIENT,
        f"The stop timeout of container '{name}' must not be greater than 120 seconds on Fargate.",
    )
    refuse_if(container.get("privileged"), CLIENT, "Fargate does not support privileged containers.")
    for mapping in container.get("portMappings") or []:
        host = mapping.get("hostPort")
        refuse_if(
            host not in (None, 0, mapping.get("containerPort")),
            CLIENT,
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
        )


def require_fargate(launch: str) -> None:
    """The emulator runs Fargate services only."""
    if launch != "FARGATE":
        raise Fault("NotImplemented", f"the emulator has no launch type {launch}")
