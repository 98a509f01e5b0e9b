"""AWS::CloudWatch."""

from typing import Any

from ..faults import Fault
from . import Context, Handler, handles, pick, tags

METRIC_ALARM = ("ActionsEnabled", "AlarmActions", "AlarmDescription", "ComparisonOperator",
                "DatapointsToAlarm", "Dimensions", "EvaluateLowSampleCountPercentile",
                "EvaluationPeriods", "ExtendedStatistic", "InsufficientDataActions", "MetricName",
                "Metrics", "Namespace", "OKActions", "Period", "Statistic", "Threshold",
                "ThresholdMetricId", "TreatMissingData", "Unit")  # fmt: skip
COMPOSITE = ("ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmRule",
             "InsufficientDataActions", "OKActions", "ActionsSuppressor",
             "ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod")  # fmt: skip


def _arn(ctx: Context, name: str) -> str:
    return f"arn:aws:cloudwatch:{ctx.arn_prefix}:alarm:{name}"


class AnyAlarm(Handler):
    """What metric and composite alarms share."""

    operation = ""
    members: tuple[str, ...] = ()

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("AlarmName") or ctx.name(255)
        self._put(ctx, name, props)
        return name

    def _put(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        ctx.call("cloudwatch", self.operation, AlarmName=name, Tags=tags(props) or None,
                 **pick(props, *self.members))  # fmt: skip

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("cloudwatch", "DeleteAlarms", AlarmNames=[physical])

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": _arn(ctx, physical)}


@handles("AWS::CloudWatch::Alarm")
class Alarm(AnyAlarm):
    """A metric alarm."""

    operation = "PutMetricAlarm"
    members = METRIC_ALARM


@handles("AWS::CloudWatch::CompositeAlarm")
class CompositeAlarm(AnyAlarm):
    """An alarm over alarms."""

    operation = "PutCompositeAlarm"
    members = COMPOSITE


@handles("AWS::CloudWatch::Dashboard")
class Dashboard(Handler):
    updates = frozenset({"DashboardBody"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("DashboardName") or ctx.name(255)
        self._put(ctx, name, props)
        return name

    def _put(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        answer = ctx.call("cloudwatch", "PutDashboard", DashboardName=name, DashboardBody=props["DashboardBody"])
        problems = answer.get("DashboardValidationMessages")
        if problems:
            raise Fault("InvalidRequest", str(problems))

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._put(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("cloudwatch", "DeleteDashboards", DashboardNames=[physical])
