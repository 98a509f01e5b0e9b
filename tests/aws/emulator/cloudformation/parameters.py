"""A stack's parameters: defaults, previous values, constraints and types."""

import re
from collections.abc import Callable
from typing import Any

from ..faults import Fault

_LISTS = ("CommaDelimitedList", "List<")


def refuse(message: str) -> None:
    """Refuse as CloudFormation refuses a template or its parameters."""
    raise Fault("ValidationError", message)


def resolve(
    declared: dict[str, Any],
    given: list[dict[str, Any]],
    previous: dict[str, str],
    ssm_value: Callable[[str], str],
) -> tuple[dict[str, str], dict[str, Any]]:
    """The parameters' texts as given, and the values that `Ref` yields."""
    texts = _texts(declared, given, previous)
    missing = sorted(set(declared) - set(texts))
    if missing:
        refuse(f"Parameters: [{', '.join(missing)}] must have values")
    values = {}
    for name, text in texts.items():
        kind = declared[name].get("Type", "String")
        if kind.startswith("AWS::SSM::Parameter::Value<"):
            inner = kind[len("AWS::SSM::Parameter::Value<") : -1]
            values[name] = _typed(ssm_value(text), inner)
        else:
            _check(name, declared[name], text, kind)
            values[name] = _typed(text, kind)
    return texts, values


def _texts(declared: dict[str, Any], given: list[dict[str, Any]], previous: dict[str, str]) -> dict[str, str]:
    texts = {name: _default(slot["Default"]) for name, slot in declared.items() if "Default" in slot}
    for item in given:
        name = item["ParameterKey"]
        if name not in declared:
            refuse(f"Parameters: [{name}] do not exist in the template")
        if item.get("UsePreviousValue"):
            if name not in previous:
                refuse(f"Invalid input for parameter key {name}. There is no previous value")
            texts[name] = previous[name]
        else:
            texts[name] = item["ParameterValue"]
    return texts


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _typed(text: str, kind: str) -> Any:
    if kind.startswith(_LISTS):
        return [item.strip() for item in text.split(",")] if text else []
    return text


def _check(name: str, slot: dict[str, Any], text: str, kind: str) -> None:
    advice = slot.get("ConstraintDescription")
    because = f"Parameter {name} failed to satisfy constraint: "
    allowed = slot.get("AllowedValues")
    if allowed is not None and text not in [_default(item) for item in allowed]:
        refuse(because + (advice or f"AllowedValues [{', '.join(map(str, allowed))}]"))
    pattern = slot.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, text):
        refuse(because + (advice or f"must match pattern {pattern}"))
    if len(text) < int(slot.get("MinLength", 0)):
        refuse(because + (advice or f"length must be at least {slot['MinLength']}"))
    if len(text) > int(slot.get("MaxLength", 4096)):
        refuse(because + (advice or f"length must be at most {slot.get('MaxLength', 4096)}"))
    if kind == "Number":
        _check_number(name, slot, text, because + (advice or "value out of range"))


def _check_number(name: str, slot: dict[str, Any], text: str, because: str) -> None:
    try:
        number = float(text)
    except ValueError:
        refuse(f"Parameter '{name}' must be a number.")
        return
    low, high = slot.get("MinValue"), slot.get("MaxValue")
    if (low is not None and number < float(low)) or (high is not None and number > float(high)):
        refuse(because)
