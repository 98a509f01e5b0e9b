"""Secrets Manager: rotation that must be possible, sizes and names."""

import re
from typing import Any

from moto.awslambda.models import lambda_backends

from ..faults import refuse_if
from ..hooks import Call, operation
from . import policies

INVALID = "InvalidParameterException"


@operation("secretsmanager", "CreateSecret", "UpdateSecret")
def check_secret(call: Call) -> dict[str, Any]:
    name = call.params.get("Name", "")
    refuse_if(
        name and not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", name),
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    )
    return call.proceed()


@operation("secretsmanager", "RotateSecret")
def rotate(call: Call) -> dict[str, Any]:
    rules = call.params.get("RotationRules") or {}
    refuse_if(
        rules.get("AutomaticallyAfterDays") and rules.get("ScheduleExpression"),
        INVALID,
        "You can't specify both AutomaticallyAfterDays and ScheduleExpression.",
    )
    arn = call.params.get("RotationLambdaARN")
    if arn:
        function = lambda_backends[call.account][call.region]._lambdas.get_arn(arn)
        refuse_if(function is None, "ResourceNotFoundException", "Lambda does not exist.")
        refuse_if(
            not policies.lets_service(
                {"Statement": function.policy.statements}, "secretsmanager.amazonaws.com", "lambda:InvokeFunction"
            ),
            "AccessDeniedException",
            f"Secrets Manager cannot invoke the specified Lambda function. Ensure that the function"
            f" policy grants access to the principal secretsmanager.amazonaws.com. ({arn})",
        )
    secret = call.store.rotations.setdefault(call.params["SecretId"], {})
    secret.update(RotationLambdaARN=arn, RotationRules=rules, RotationEnabled=True)
    return {"ARN": call.params["SecretId"], "Name": call.params["SecretId"].rsplit(":", 1)[-1]}


@operation("secretsmanager", "CancelRotateSecret")
def cancel(call: Call) -> dict[str, Any]:
    call.store.rotations.pop(call.params["SecretId"], None)
    return {"ARN": call.params["SecretId"]}


@operation("secretsmanager", "DescribeSecret")
def describe(call: Call) -> dict[str, Any]:
    answer = call.proceed()
    for name in (answer.get("ARN"), answer.get("Name")):
        answer.update(call.store.rotations.get(name, {}))
    return answer
