"""Reading a template's text: JSON, or YAML with CloudFormation's short forms."""

import json
from typing import Any

import yaml

from ..faults import Fault

SECTIONS = {
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings",
    "Conditions", "Transform", "Resources", "Outputs", "Hooks",
}  # fmt: skip
MAX_BODY_BYTES = 51_200
MAX_OBJECT_BYTES = 1_048_576


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as CloudFormation reads it: dates stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(text: str) -> Any:
    """JSON, or YAML with short forms, as plain values."""
    return json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, _Loader)


def parse(text: str) -> dict[str, Any]:
    """The template as plain values, refused where CloudFormation refuses its outline."""
    try:
        document = load(text)
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise Fault("ValidationError", f"Template format error: {error}") from error
    if not isinstance(document, dict):
        raise Fault("ValidationError", "Template format error: unsupported structure.")
    unknown = sorted(set(document) - SECTIONS)
    if unknown:
        raise Fault("ValidationError", f"Invalid template property or properties {unknown}")
    if not document.get("Resources"):
        raise Fault(
            "ValidationError",
            "Template format error: At least one Resources member must be defined.",
        )
    return document
