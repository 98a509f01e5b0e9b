"""Request validation from botocore's service models: required members, types, enums, patterns, limits."""

from functools import lru_cache
from typing import Any

import regex
from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.session import get_session
from botocore.validate import ParamValidator

from .faults import Fault

# Which code a service gives to a request that its model refuses.
VALIDATION_CODES = {
    "ec2": "InvalidParameterValue",
    "ecs": "InvalidParameterException",
    "logs": "InvalidParameterException",
    "secretsmanager": "InvalidParameterException",
    "sns": "InvalidParameter",
    "route53": "InvalidInput",
    "iam": "ValidationError",
    "elbv2": "ValidationError",
    "cloudformation": "ValidationError",
    "cloudwatch": "InvalidParameterValue",
    "sts": "ValidationError",
    "lambda": "InvalidParameterValueException",
}


@lru_cache(maxsize=None)
def service_model(service: str) -> Any:
    """The botocore model of a service, by its boto3 name."""
    return get_session().get_service_model(service)


def check(service: str, operation: OperationModel, params: dict[str, Any]) -> None:
    """Refuse the request unless it satisfies every constraint of the operation's input shape."""
    shape = operation.input_shape
    if shape is None:
        return
    code = VALIDATION_CODES.get(service, "ValidationException")
    report = ParamValidator().validate(params, shape)
    if report.has_errors():
        raise Fault(code, report.generate_report())
    found = list(violations(shape, params, ""))
    if found:
        plural = "s" if len(found) > 1 else ""
        raise Fault(code, f"{len(found)} validation error{plural} detected: " + "; ".join(found))


def violations(shape: Shape, value: Any, path: str) -> list[str]:
    """Every constraint of the shape that the value breaks, in AWS's words."""
    found: list[str] = []
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if isinstance(value, dict) and value.get(name) is not None:
                found += violations(member, value[name], _join(path, name))
        return found
    if shape.type_name == "list":
        found += _length(shape, value, path)
        for index, item in enumerate(value):
            found += violations(shape.member, item, f"{path}.{index + 1}.member")
        return found
    if shape.type_name == "map":
        found += _length(shape, value, path)
        for key, item in value.items():
            found += violations(shape.key, key, f"{path}.{key}.key")
            found += violations(shape.value, item, f"{path}.{key}.member")
        return found
    return _scalar(shape, value, path)


def _join(path: str, name: str) -> str:
    first = name[:1].lower() + name[1:]
    return f"{path}.{first}" if path else first


def _scalar(shape: Shape, value: Any, path: str) -> list[str]:
    if shape.type_name == "string":
        return _enum(shape, value, path) + _length(shape, value, path) + _pattern(shape, value, path)
    if shape.type_name == "blob":
        return _length(shape, value, path)
    if shape.type_name in ("integer", "long", "float", "double"):
        return _range(shape, value, path)
    return []


def _refusal(value: Any, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {constraint}"


def _enum(shape: Shape, value: str, path: str) -> list[str]:
    allowed = getattr(shape, "enum", None) or []
    if not allowed or value in allowed:
        return []
    return [_refusal(value, path, f"satisfy enum value set: [{', '.join(allowed)}]")]


def _length(shape: Shape, value: Any, path: str) -> list[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        return [_refusal(value, path, f"have length greater than or equal to {low}")]
    if high is not None and len(value) > high:
        return [_refusal(value, path, f"have length less than or equal to {high}")]
    return []


def _range(shape: Shape, value: Any, path: str) -> list[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        return [_refusal(value, path, f"have value greater than or equal to {low}")]
    if high is not None and value > high:
        return [_refusal(value, path, f"have value less than or equal to {high}")]
    return []


@lru_cache(maxsize=None)
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    """The pattern as Java reads it, or nothing where even that cannot be compiled."""
    try:
        return regex.compile(pattern)
    except regex.error:
        return None


def _pattern(shape: Shape, value: str, path: str) -> list[str]:
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled is None:
        return []
    anchored = pattern.startswith("^") or pattern.endswith("$")
    if compiled.search(value) if anchored else compiled.fullmatch(value):
        return []
    return [_refusal(value, path, f"satisfy regular expression pattern: {pattern}")]


def method_name(operation: str) -> str:
    """The name of an operation on a boto3 client."""
    return xform_name(operation)
