"""Application Auto Scaling on the emulator's ECS services."""

from typing import Any

from moto.applicationautoscaling.models import (
    ApplicationAutoscalingBackend,
    FakeApplicationAutoscalingPolicy,
    applicationautoscaling_backends,
)

from .. import clients, state
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from ..identity import access_key

CODE = "ValidationException"


def _service_exists(self: Any, resource_id: str) -> bool:
    parts = resource_id.split("/")
    services = state.store("ecs", self.account_id, self.region_name).services
    found = services.get("/".join(parts[1:])) if len(parts) == 3 else None
    if found is None or found["status"] != "ACTIVE":
        raise Fault(CODE, f"ECS service doesn't exist: {resource_id}")
    return True


ApplicationAutoscalingBackend._ecs_service_exists_for_target = _service_exists


@operation("application-autoscaling", "RegisterScalableTarget")
def register(call: Call) -> dict[str, Any]:
    low, high = call.params.get("MinCapacity"), call.params.get("MaxCapacity")
    refuse_if(
        low is not None and high is not None and low > high,
        CODE,
        "Minimum capacity must be less than or equal to maximum capacity.",
    )
    answer = call.proceed()
    _into_range(call)
    return answer


def _into_range(call: Call) -> None:
    """Registering a target brings the capacity of an active service into its range (API reference)."""
    resource = call.params["ResourceId"]
    if call.params["ServiceNamespace"] != "ecs":
        return
    backend = applicationautoscaling_backends[call.account][call.region]
    target = backend.targets[call.params["ScalableDimension"]][resource]
    service = state.store("ecs", call.account, call.region).services["/".join(resource.split("/")[1:])]
    wanted = max(int(target.min_capacity), min(int(target.max_capacity), service["desiredCount"]))
    if wanted != service["desiredCount"]:
        ecs = clients.client("ecs", call.region, access_key(call.account))
        ecs.update_service(cluster=resource.split("/")[1], service=resource.split("/")[2], desiredCount=wanted)


@operation("application-autoscaling", "PutScheduledAction")
def put_scheduled(call: Call) -> dict[str, Any]:
    action = call.params.get("ScalableTargetAction") or {}
    low, high = action.get("MinCapacity"), action.get("MaxCapacity")
    refuse_if(not action, CODE, "A scheduled action must change the minimum or maximum capacity.")
    refuse_if(
        low is not None and high is not None and low > high,
        CODE,
        "Minimum capacity must be less than or equal to maximum capacity.",
    )
    schedule = call.params.get("Schedule", "")
    refuse_if(
        not schedule.startswith(("cron(", "rate(", "at(")) or not schedule.endswith(")"),
        CODE,
        f"Schedule expression {schedule} is not valid.",
    )
    return call.proceed()


@operation("application-autoscaling", "PutScalingPolicy")
def put_policy(call: Call) -> dict[str, Any]:
    tracking = call.params.get("TargetTrackingScalingPolicyConfiguration")
    refuse_if(
        call.params.get("PolicyType") == "TargetTrackingScaling" and not tracking,
        CODE,
        "TargetTrackingScalingPolicyConfiguration must be specified for target tracking.",
    )
    if tracking:
        refuse_if(
            bool(tracking.get("PredefinedMetricSpecification")) == bool(tracking.get("CustomizedMetricSpecification")),
            CODE,
            "Exactly one of a predefined and a customized metric must be specified.",
        )
    return _put(call)


def _put(call: Call) -> dict[str, Any]:
    """An update keeps the policy's ARN and its alarms' number; moto makes a new policy beside them."""
    backend = applicationautoscaling_backends[call.account][call.region]
    members = ("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName")
    key = FakeApplicationAutoscalingPolicy.formulate_key(*(call.params[name] for name in members))
    old = backend.policies.get(key)
    if old is not None:
        old.delete_alarms(call.account, call.region)
    answer = call.proceed()
    if old is not None:
        backend.policies[key].policy_arn = answer["PolicyARN"] = old.policy_arn
    return answer
