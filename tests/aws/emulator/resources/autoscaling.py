"""AWS::ApplicationAutoScaling."""

from typing import Any

from . import Context, Handler, gone, handles, pick

TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def _gone(error: Exception) -> bool:
    return gone(error, "ObjectNotFoundException")


@handles("AWS::ApplicationAutoScaling::ScalableTarget")
class ScalableTarget(Handler):
    updates = frozenset({"MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState", "ScheduledActions"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        self._register(ctx, props)
        self._schedules(ctx, {}, props)
        return "|".join((props["ResourceId"], props["ScalableDimension"], props["ServiceNamespace"]))

    def _register(self, ctx: Context, props: dict[str, Any]) -> None:
        members = (*TARGET, "MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState")
        ctx.call("application-autoscaling", "RegisterScalableTarget", **pick(props, *members))

    def _schedules(self, ctx: Context, old: dict[str, Any], new: dict[str, Any]) -> None:
        kept = {item["ScheduledActionName"] for item in new.get("ScheduledActions") or []}
        for item in old.get("ScheduledActions") or []:
            if item["ScheduledActionName"] not in kept:
                ctx.call("application-autoscaling", "DeleteScheduledAction", **pick(old, *TARGET),
                         ScheduledActionName=item["ScheduledActionName"])  # fmt: skip
        for item in new.get("ScheduledActions") or []:
            ctx.call("application-autoscaling", "PutScheduledAction", **pick(new, *TARGET), **item)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._register(ctx, new)
        self._schedules(ctx, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            self._schedules(ctx, props, {**props, "ScheduledActions": []})
            ctx.call("application-autoscaling", "DeregisterScalableTarget", **pick(props, *TARGET))
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::ApplicationAutoScaling::ScalingPolicy")
class ScalingPolicy(Handler):
    updates = frozenset({"TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration", "PolicyType"})

    def _target(self, props: dict[str, Any]) -> dict[str, str]:
        if "ScalingTargetId" not in props:
            return pick(props, *TARGET)
        resource, dimension, namespace = props["ScalingTargetId"].split("|")
        return dict(zip(TARGET, (namespace, resource, dimension), strict=True))

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("application-autoscaling", "PutScalingPolicy", **self._target(props),
                        PolicyName=props["PolicyName"], **pick(props, *self.updates))  # fmt: skip
        return made["PolicyARN"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("application-autoscaling", "DeleteScalingPolicy", **self._target(props),
                     PolicyName=props["PolicyName"])  # fmt: skip
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": physical}
