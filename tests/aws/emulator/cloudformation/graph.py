"""What depends on what in a template, and in which order CloudFormation works on it."""

import re
from collections.abc import Callable
from typing import Any

from ..faults import Fault

_SUB = re.compile(r"\$\{([^!${}][^${}]*)\}")
RESOURCE_KEYS = {
    "Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy",
    "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy",
}  # fmt: skip


def sub_names(text: str) -> list[str]:
    """The variables of an `Fn::Sub` text, without the literal `${!…}` ones."""
    return [name.strip() for name in _SUB.findall(text)]


def references(value: Any) -> set[str]:
    """Every name that the value refers to by Ref, GetAtt or Sub (pseudo parameters included)."""
    found: set[str] = set()
    if isinstance(value, list):
        for item in value:
            found |= references(item)
    if not isinstance(value, dict):
        return found
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".", 1)[0])
        elif key == "Fn::Sub":
            found |= _sub_references(inner)
        else:
            found |= references(inner)
    return found


def _sub_references(inner: Any) -> set[str]:
    text, given = (inner, {}) if isinstance(inner, str) else (inner[0], inner[1])
    names = {name.split(".", 1)[0] for name in sub_names(text) if name not in given}
    return names | references(given)


def dependencies(template: dict[str, Any]) -> dict[str, set[str]]:
    """For each resource the resources that it needs first; unresolved names are refused."""
    resources = template["Resources"]
    known = set(resources) | set(template.get("Parameters") or {})
    needed: dict[str, set[str]] = {}
    for name, resource in resources.items():
        unknown_keys = sorted(set(resource) - RESOURCE_KEYS)
        if unknown_keys:
            raise Fault("ValidationError", f"Invalid template resource property '{unknown_keys[0]}'")
        if "Type" not in resource:
            raise Fault(
                "ValidationError",
                f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.",
            )
        explicit = resource.get("DependsOn", [])
        explicit = {explicit} if isinstance(explicit, str) else set(explicit)
        used = references(resource.get("Properties")) | explicit
        _refuse_unresolved(used, known, "Resources")
        needed[name] = (used & set(resources)) - {name}
    _refuse_unresolved(references(template.get("Outputs")), known, "Outputs")
    return needed


def _refuse_unresolved(used: set[str], known: set[str], block: str) -> None:
    missing = sorted(name for name in used if name not in known and not name.startswith("AWS::"))
    if missing:
        raise Fault(
            "ValidationError",
            f"Template format error: Unresolved resource dependencies [{', '.join(missing)}]"
            f" in the {block} block of the template",
        )


def order(needed: dict[str, set[str]], rank: Callable[[str], Any]) -> list[str]:
    """A creation order: among the resources that are ready, the lowest rank goes first."""
    remaining = {name: set(names) & set(needed) for name, names in needed.items()}
    ordered: list[str] = []
    while remaining:
        ready = [name for name, names in remaining.items() if not names]
        if not ready:
            circle = ", ".join(sorted(remaining))
            raise Fault("ValidationError", f"Circular dependency between resources: [{circle}]")
        chosen = min(ready, key=rank)
        ordered.append(chosen)
        del remaining[chosen]
        for names in remaining.values():
            names.discard(chosen)
    return ordered
