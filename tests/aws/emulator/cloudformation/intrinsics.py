"""Evaluating a template's intrinsic functions and conditions."""

import base64
import ipaddress
import json
from collections.abc import Callable
from typing import Any

from ..faults import Fault
from .graph import sub_names


class NoValue:
    """What `AWS::NoValue` leaves behind until its property is removed."""


class Scope:
    """Everything that names can mean while one stack is worked on."""

    def __init__(
        self,
        template: dict[str, Any],
        names: dict[str, Any],
        attribute: Callable[[str, str], Any],
        imported: Callable[[str], Any],
        zones: Callable[[str], list[str]],
        stack_output: Callable[[dict[str, Any]], Any],
    ):
        self.template = template
        self.names = names
        self.attribute = attribute
        self.imported = imported
        self.zones = zones
        self.stack_output = stack_output
        self._conditions: dict[str, bool] = {}

    def condition(self, name: str) -> bool:
        """Whether a named condition holds."""
        if name not in self._conditions:
            declared = self.template.get("Conditions") or {}
            if name not in declared:
                raise Fault("ValidationError", f"Template error: unresolved condition dependency {name}")
            self._conditions[name] = self._holds(declared[name])
        return self._conditions[name]

    def _holds(self, expression: Any) -> bool:
        if isinstance(expression, bool):
            return expression
        key, inner = next(iter(expression.items()))
        if key == "Condition":
            return self.condition(inner)
        if key == "Fn::Equals":
            return str(self.value(inner[0])) == str(self.value(inner[1]))
        if key == "Fn::Not":
            return not self._holds(inner[0])
        if key == "Fn::And":
            return all(self._holds(item) for item in inner)
        if key == "Fn::Or":
            return any(self._holds(item) for item in inner)
        if key == "Fn::Contains":
            return self.value(inner[1]) in self.value(inner[0])
        raise Fault("ValidationError", f"Template error: condition function {key} is not supported")

    def value(self, node: Any) -> Any:
        """The node with every intrinsic evaluated and absent values removed."""
        if isinstance(node, list):
            items = [self.value(item) for item in node]
            return [item for item in items if item is not NoValue]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            key, inner = next(iter(node.items()))
            if key == "Ref":
                return self._ref(inner)
            if key.startswith("Fn::"):
                return self._function(key, inner)
        members = {key: self.value(inner) for key, inner in node.items()}
        return {key: inner for key, inner in members.items() if inner is not NoValue}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NoValue
        if name not in self.names:
            raise Fault(
                "ValidationError",
                f"Template format error: Unresolved resource dependencies [{name}]"
                " in the Resources block of the template",
            )
        return self.names[name]

    def _function(self, key: str, inner: Any) -> Any:
        function = getattr(self, "_fn_" + key[4:].lower(), None)
        if function is None:
            raise Fault("ValidationError", f"Template error: function {key} is not supported")
        return function(inner)

    def _fn_getatt(self, inner: Any) -> Any:
        name, attribute = inner.split(".", 1) if isinstance(inner, str) else inner
        return self.attribute(name, self.value(attribute))

    def _fn_if(self, inner: list[Any]) -> Any:
        return self.value(inner[1] if self.condition(inner[0]) else inner[2])

    def _fn_join(self, inner: list[Any]) -> str:
        items = self.value(inner[1])
        if not isinstance(items, list):
            raise Fault("ValidationError", "Template error: every Fn::Join object requires a list")
        return inner[0].join(_text(item) for item in items)

    def _fn_split(self, inner: list[Any]) -> list[str]:
        return self.value(inner[1]).split(inner[0])

    def _fn_select(self, inner: list[Any]) -> Any:
        index, items = int(self.value(inner[0])), self.value(inner[1])
        if not 0 <= index < len(items):
            raise Fault(
                "ValidationError",
                f"Template error: Fn::Select cannot select nonexistent value at index {index}",
            )
        return items[index]

    def _fn_sub(self, inner: Any) -> str:
        text, given = (inner, {}) if isinstance(inner, str) else (inner[0], self.value(inner[1]))
        for name in sub_names(text):
            if name in given:
                found = given[name]
            elif "." in name:
                found = self.attribute(*name.split(".", 1))
            else:
                found = self._ref(name)
            text = text.replace("${" + name + "}", _text(found))
        return text.replace("${!", "${")

    def _fn_findinmap(self, inner: list[Any]) -> Any:
        keys = [self.value(item) for item in inner[:3]]
        found = (self.template.get("Mappings") or {}).get(keys[0], {}).get(keys[1], {})
        if keys[2] in found:
            return self.value(found[keys[2]])
        if len(inner) > 3 and "DefaultValue" in inner[3]:
            return self.value(inner[3]["DefaultValue"])
        raise Fault(
            "ValidationError",
            f"Template error: Unable to get mapping for {keys[0]}::{keys[1]}::{keys[2]}",
        )

    def _fn_base64(self, inner: Any) -> str:
        return base64.b64encode(_text(self.value(inner)).encode()).decode()

    def _fn_getazs(self, inner: Any) -> list[str]:
        return self.zones(self.value(inner) or self.names["AWS::Region"])

    def _fn_importvalue(self, inner: Any) -> Any:
        return self.imported(self.value(inner))

    def _fn_tojsonstring(self, inner: Any) -> str:
        return json.dumps(self.value(inner), separators=(",", ":"))

    def _fn_length(self, inner: Any) -> int:
        return len(self.value(inner))

    def _fn_getstackoutput(self, inner: Any) -> Any:
        return self.stack_output(self.value(inner))

    def _fn_cidr(self, inner: list[Any]) -> list[str]:
        block, count, *bits = [self.value(item) for item in inner]
        network = ipaddress.ip_network(block)
        size = int(bits[0]) if bits else 8
        subnets = network.subnets(new_prefix=network.max_prefixlen - size)
        return [str(subnet) for _, subnet in zip(range(int(count)), subnets, strict=False)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
