"""Who calls: accounts by access key, and the IAM principal behind a session."""

import json
import re
from typing import Any

from moto.iam import models as iam_models
from moto.iam.models import iam_backends

from .faults import Fault

# Long-lived keys of the tests carry their account, so that two profiles reach two accounts on one
# server: four letters that AWS uses, four of ours, and the account number.
KEY_PREFIX = "AKIATEST"
_KEY = re.compile(KEY_PREFIX + r"(\d{12})")
_moto_lookup = iam_models.get_account_id_from


def access_key(account: str) -> str:
    """The long-lived access key ID that belongs to `account`."""
    return KEY_PREFIX + account


def account_of(key: str) -> str:
    """The account of an access key: by its digits, or a session that moto issued."""
    match = _KEY.fullmatch(key)
    return match.group(1) if match else _moto_lookup(key)


def role_of(key: str, account: str) -> str | None:
    """The ARN of the role whose session the key belongs to."""
    issued = iam_backends[account]["aws"].access_keys.get(key)
    return getattr(issued, "role_arn", None) if issued else None


def principals_of(key: str) -> set[str]:
    """Every way in which a policy may name the caller, without wildcards."""
    account = account_of(key)
    names = {account, f"arn:aws:iam::{account}:root"}
    role = role_of(key, account)
    if role:
        names.add(role)
    return names


def find_role(role_arn: str) -> Any | None:
    """The IAM role with this ARN in whichever account it names."""
    match = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(.+)", role_arn or "")
    if not match:
        return None
    for role in iam_backends[match.group(1)]["aws"].roles.values():
        if role.arn == role_arn:
            return role
    return None


def trusts(role: Any, principals: set[str]) -> bool:
    """Whether the role's trust policy lets one of the principals assume it."""
    document = role.assume_role_policy_document
    if isinstance(document, str):
        document = json.loads(document)
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") == "Allow" and _named(statement.get("Principal")) & principals:
            return True
    return False


def _named(principal: Any) -> set[str]:
    if principal == "*":
        return {"*"}
    names: set[str] = set()
    for value in (principal or {}).values():
        names.update(value if isinstance(value, list) else [value])
    return names


def require_role_trusting(role_arn: str, service: str, code: str, doing: str) -> Any:
    """The role, or the refusal of a service that may not assume it."""
    role = find_role(role_arn)
    if role is None:
        raise Fault(code, f"The role {role_arn} does not exist, {doing}.")
    if not trusts(role, {service}):
        raise Fault(code, f"The role {role_arn} does not allow {service} to assume it, {doing}.")
    return role


iam_models.get_account_id_from = account_of
