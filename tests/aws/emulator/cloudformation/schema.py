"""CloudFormation's own resource schemas: what it checks before it calls a service.

The schemas are the public ones, as the Python package `cfn-lint` (a dependency of moto) carries them.
"""

import json
from functools import lru_cache
from importlib import resources
from typing import Any

import regex
from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from ..faults import Fault

_DATA = resources.files("cfnlint") / "data" / "schemas"
_SCALARS = {"string", "integer", "number", "boolean"}
CUSTOM = "AWS::CloudFormation::CustomResource"


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Any:
    """Patterns are Java's: they know classes such as `\\p{L}`."""
    if isinstance(value, str) and not regex.search(pattern, value):
        yield ValidationError(f"string [{value}] does not match pattern {pattern}")


_Validator = extend(Draft7Validator, {"pattern": _pattern})


@lru_cache(maxsize=None)
def _types(region: str) -> dict[str, str]:
    return json.loads((_DATA / "providers" / f"{region}.json").read_text())


@lru_cache(maxsize=None)
def _document(file: str) -> dict[str, Any]:
    return json.loads((_DATA / "resources" / f"{file}.json").read_text())


def is_custom(kind: str) -> bool:
    """Whether the type is a custom resource, which a Lambda function or topic implements."""
    return kind.startswith("Custom::") or kind == CUSTOM


def exists(kind: str, region: str) -> bool:
    """Whether CloudFormation knows the type in the Region."""
    return is_custom(kind) or kind in _types(region)


class ResourceSchema:
    """The schema of one resource type in one Region."""

    def __init__(self, kind: str, region: str):
        self.kind = kind
        if kind not in _types(region):
            raise Fault(
                "ValidationError",
                f"Template format error: Unrecognized resource types: [{kind}]",
            )
        self.document = _document(_types(region)[kind])
        self._read_only = self._top("readOnlyProperties")
        self.create_only = self._top("createOnlyProperties")
        required = [name for name in self.document.get("required", []) if name not in self._read_only]
        self._validator = _Validator({**self.document, "required": required})

    def _top(self, key: str) -> set[str]:
        """The top-level properties that a list of pointers names as a whole."""
        pointers = [pointer.split("/")[2:] for pointer in self.document.get(key, [])]
        return {parts[0] for parts in pointers if len(parts) == 1}

    def nested_create_only(self) -> list[list[str]]:
        """Create-only members inside properties, as paths."""
        pointers = [pointer.split("/")[2:] for pointer in self.document.get("createOnlyProperties", [])]
        return [parts for parts in pointers if len(parts) > 1 and "*" not in parts]

    @property
    def taggable(self) -> bool:
        """Whether the type takes a list of key and value tags under `Tags`."""
        tags = self._resolve(self.document["properties"].get("Tags", {}))
        return tags.get("type") == "array"

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].lstrip("#/").split("/"):
                found = found[part]
            node = found
        return node

    def coerce(self, properties: dict[str, Any]) -> dict[str, Any]:
        """The properties with scalars converted as CloudFormation converts them."""
        return self._coerced(self.document, properties)

    def _coerced(self, node: dict[str, Any], value: Any) -> Any:
        node = self._resolve(node)
        if isinstance(value, dict) and "properties" in node:
            known = node["properties"]
            return {key: self._coerced(known.get(key, {}), item) for key, item in value.items()}
        if isinstance(value, list) and isinstance(node.get("items"), dict):
            return [self._coerced(node["items"], item) for item in value]
        kinds = node.get("type")
        kinds = set(kinds if isinstance(kinds, list) else [kinds])
        return _scalar(kinds & _SCALARS, value) if not isinstance(value, (dict, list)) else value

    def check(self, properties: dict[str, Any]) -> None:
        """Refuse properties that the type does not have, lacks, or whose value it does not allow."""
        given = sorted(set(properties) & self._read_only)
        if given:
            raise Fault("InvalidRequest", f"Encountered unsupported property {given[0]}")
        for error in sorted(self._validator.iter_errors(properties), key=lambda e: list(e.path)):
            where = "#/" + "/".join(map(str, error.path))
            raise Fault("InvalidRequest", _words(error, where))


def _words(error: Any, where: str) -> str:
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", {}))
        unknown = sorted(set(error.instance) - known)
        return f"Encountered unsupported property {unknown[0] if unknown else ''} ({where})"
    if error.validator == "required":
        return f"Properties validation failed: {where}: required key [{error.message}] not found"
    if error.validator == "enum":
        return (
            f"Properties validation failed: {where}: {error.instance} is not a valid enum value"
            f" (allowed: {error.validator_value})"
        )
    return f"Properties validation failed: {where}: {error.message}"


def _scalar(kinds: set[str], value: Any) -> Any:
    if isinstance(value, bool):
        return value if "boolean" in kinds or "string" not in kinds else str(value).lower()
    if isinstance(value, (int, float)) and kinds == {"string"}:
        return str(value)
    if isinstance(value, str) and "string" not in kinds:
        return _from_text(kinds, value)
    return value


def _from_text(kinds: set[str], value: str) -> Any:
    if "boolean" in kinds and value.lower() in ("true", "false"):
        return value.lower() == "true"
    try:
        if "integer" in kinds:
            return int(value)
        if "number" in kinds:
            return float(value)
    except ValueError:
        pass
    return value


@lru_cache(maxsize=None)
def of(kind: str, region: str) -> ResourceSchema:
    """The schema of a type; a type that the Region lacks is refused."""
    return ResourceSchema(kind, region)
