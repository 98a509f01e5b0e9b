"""Reading resource policies: whom they let do what."""

import fnmatch
import json
from typing import Any

from ..faults import refuse_if


def document(text: Any) -> dict[str, Any]:
    """A policy as a document, whatever form it is kept in."""
    if isinstance(text, bytes):
        text = text.decode()
    return json.loads(text) if isinstance(text, str) and text else (text or {})


def check(text: str, code: str = "MalformedPolicyDocument") -> dict[str, Any]:
    """Refuse a text that is no policy."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    refuse_if(not isinstance(found, dict), code, "The policy is not valid JSON")
    statements = statements_of(found)
    refuse_if(not statements, code, "Missing required field Statement")
    for statement in statements:
        refuse_if(statement.get("Effect") not in ("Allow", "Deny"), code, "Effect must be Allow or Deny")
        refuse_if(not ({"Action", "NotAction"} & set(statement)), code, "Missing required field Action")
    return found


def statements_of(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements as a list."""
    found = policy.get("Statement", [])
    return found if isinstance(found, list) else [found]


def listed(value: Any) -> list[str]:
    """One or many, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def services_of(statement: dict[str, Any]) -> list[str]:
    """The service principals of a statement; `*` stands for everybody.

    A statement for everybody under a condition (a topic's default policy asks for its owner) is no
    statement for a service.
    """
    principal = statement.get("Principal")
    everybody = [] if statement.get("Condition") else ["*"]
    if principal == "*":
        return everybody
    named = principal or {}
    return listed(named.get("Service")) + (everybody if named.get("AWS") == "*" else [])


def lets_service(policy: Any, service: str, action: str) -> bool:
    """Whether a statement lets the service principal do the action."""
    for statement in statements_of(document(policy)):
        names = services_of(statement)
        actions = [item.lower() for item in listed(statement.get("Action"))]
        if (
            statement.get("Effect") == "Allow"
            and (service in names or "*" in names)
            and any(fnmatch.fnmatchcase(action.lower(), item) for item in actions)
        ):
            return True
    return False


def allows(policies: list[Any], action: str, resource: str) -> bool:
    """Whether identity policies allow an action on a resource (conditions are taken as met)."""
    allowed = False
    for policy in policies:
        for statement in statements_of(document(policy)):
            actions = [item.lower() for item in listed(statement.get("Action"))]
            hit = any(fnmatch.fnmatchcase(action.lower(), item) for item in actions) and any(
                fnmatch.fnmatchcase(resource, item) or item == resource for item in listed(statement.get("Resource"))
            )
            if hit and statement.get("Effect") == "Deny" and not statement.get("Condition"):
                return False
            allowed = allowed or (hit and statement.get("Effect") == "Allow")
    return allowed
