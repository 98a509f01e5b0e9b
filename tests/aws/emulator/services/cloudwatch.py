"""CloudWatch: alarms that must make sense, dashboards that must be JSON, managed insight rules."""

import json
import re
from typing import Any

from ..faults import refuse_if
from ..hooks import Call, operation

MANAGED_RULES = (
    "VpcEndpointService-ActiveConnectionsByEndpointId-v1",
    "VpcEndpointService-BytesByEndpointId-v1",
    "VpcEndpointService-NewConnectionsByEndpointId-v1",
    "VpcEndpointService-RstPacketsByEndpointId-v1",
)
TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")


@operation("cloudwatch", "PutMetricAlarm")
def put_alarm(call: Call) -> dict[str, Any]:
    params = call.params
    treatment = params.get("TreatMissingData")
    refuse_if(
        treatment and treatment not in TREATMENTS,
        "ValidationError",
        f"Unsupported treat missing data value: {treatment}. It must be one of {list(TREATMENTS)}",
    )
    refuse_if(
        bool(params.get("MetricName")) == bool(params.get("Metrics")),
        "ValidationError",
        "Either MetricName or Metrics must be specified",
    )
    if params.get("MetricName"):
        refuse_if(not params.get("Namespace"), "ValidationError", "Namespace must be specified with MetricName")
        refuse_if(
            bool(params.get("Statistic")) == bool(params.get("ExtendedStatistic")),
            "ValidationError",
            "You must specify either Statistic or ExtendedStatistic",
        )
        period = params.get("Period", 60)
        refuse_if(
            period not in (10, 20, 30) and period % 60,
            "ValidationError",
            f"Period {period} must be 10, 20, 30 or a multiple of 60",
        )
    ratio = params.get("DatapointsToAlarm", 1)
    refuse_if(
        ratio > params["EvaluationPeriods"],
        "ValidationError",
        "DatapointsToAlarm must not be greater than EvaluationPeriods",
    )
    return call.proceed()


@operation("cloudwatch", "PutDashboard")
def put_dashboard(call: Call) -> dict[str, Any]:
    code = "InvalidParameterInput"
    try:
        body = json.loads(call.params["DashboardBody"])
    except json.JSONDecodeError:
        body = None
    refuse_if(not isinstance(body, dict), code, "The field DashboardBody must be a valid JSON object")
    widgets = body.get("widgets")
    refuse_if(not isinstance(widgets, list), code, "Should have required property 'widgets'")
    refuse_if(len(widgets) > 500, code, "A dashboard can have at most 500 widgets")
    for index, widget in enumerate(widgets):
        where = f"/widgets/{index}"
        refuse_if(
            widget.get("type") not in ("metric", "text", "log", "alarm", "explorer", "custom"),
            code,
            f"{where}/type should be one of the allowed widget types",
        )
        width, x = widget.get("width", 6), widget.get("x", 0)
        refuse_if(not 1 <= width <= 24 or x + width > 24, code, f"{where} does not fit the 24 columns")
        properties = widget.get("properties", {})
        refuse_if(
            widget["type"] in ("metric", "log") and not properties.get("region"),
            code,
            f"{where}/properties should have required property 'region'",
        )
    return call.proceed()


@operation("cloudwatch", "PutCompositeAlarm")
def put_composite(call: Call) -> dict[str, Any]:
    """A composite alarm's rule may only name alarms that exist."""
    from moto.cloudwatch.models import cloudwatch_backends

    backend = cloudwatch_backends[call.account][call.region]
    names = re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\")]+)\"?\s*\)", call.params["AlarmRule"])
    known = set(backend.alarms) | set(call.store.composites)
    for name in names:
        short = name.split(":alarm:")[-1]
        refuse_if(short not in known, "ValidationError", f"Invalid AlarmRule: alarm {name} does not exist")
    refuse_if(not names, "ValidationError", "Invalid AlarmRule")
    call.store.composites[call.params["AlarmName"]] = {
        **call.params,
        "AlarmArn": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{call.params['AlarmName']}",
    }
    return {}


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call) -> dict[str, Any]:
    answer = call.proceed()
    wanted = call.params.get("AlarmNames")
    answer["CompositeAlarms"] = [item for name, item in call.store.composites.items() if not wanted or name in wanted]
    return answer


@operation("cloudwatch", "DeleteAlarms")
def delete_alarms(call: Call) -> dict[str, Any]:
    names = call.params["AlarmNames"]
    own = [name for name in names if call.store.composites.pop(name, None)]
    return {} if own and len(own) == len(names) else call.proceed()


@operation("cloudwatch", "PutManagedInsightRules")
def put_managed_rules(call: Call) -> dict[str, Any]:
    for rule in call.params["ManagedRules"]:
        refuse_if(
            rule["TemplateName"] not in MANAGED_RULES,
            "InvalidParameterValue",
            f"The managed rule template {rule['TemplateName']} does not exist",
        )
        call.store.managed_rules[(rule["ResourceARN"], rule["TemplateName"])] = rule
    return {"Failures": []}


@operation("cloudwatch", "ListManagedInsightRules")
def list_managed_rules(call: Call) -> dict[str, Any]:
    arn = call.params["ResourceARN"]
    return {
        "ManagedRules": [
            {
                "TemplateName": name,
                "ResourceARN": owner,
                "RuleState": {"RuleName": f"{name}-{owner.rsplit('/', 1)[-1]}", "State": "ENABLED"},
            }
            for owner, name in call.store.managed_rules
            if owner == arn
        ]
    }


@operation("cloudwatch", "DeleteInsightRules")
def delete_rules(call: Call) -> dict[str, Any]:
    for name in call.params["RuleNames"]:
        for owner, template in list(call.store.managed_rules):
            if name == f"{template}-{owner.rsplit('/', 1)[-1]}":
                del call.store.managed_rules[(owner, template)]
    return {"Failures": []}
