"""KMS as other services need it: keys by any name, and what their policies allow."""

from typing import Any

from moto.kms.models import kms_backends

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import policies


def key(account: str, region: str, name: str) -> Any | None:
    """A KMS key by ID, ARN or alias."""
    parts = name.split(":")
    if name.startswith("arn:") and len(parts) > 5:
        account, region, name = parts[4], parts[3], parts[5]
    backend = kms_backends[account][region]
    short = name.removeprefix("key/")
    if short in backend.keys:
        return backend.keys[short]
    if name.startswith("alias/"):
        target = backend.get_key_id_from_alias(name)
        return backend.keys.get(target) if target else None
    return None


def key_policy(account: str, region: str, name: str) -> Any:
    """The policy of a key; one that does not exist is refused."""
    found = key(account, region, name)
    if found is None:
        raise Fault("InvalidParameterException", f"The KMS key {name} does not exist")
    return found.policy


@operation("kms", "CreateKey", "PutKeyPolicy")
def check_policy(call: Call) -> dict[str, Any]:
    """A key policy must be a policy, and must let the account go on managing the key."""
    text = call.params.get("Policy")
    if text is not None:
        policy = policies.check(text, "MalformedPolicyDocumentException")
        root = f"arn:aws:iam::{call.account}:root"
        named = [
            item
            for statement in policies.statements_of(policy)
            for item in policies.listed(
                (statement.get("Principal") or {}).get("AWS")
                if isinstance(statement.get("Principal"), dict)
                else statement.get("Principal")
            )
        ]
        safe = call.params.get("BypassPolicyLockoutSafetyCheck")
        refuse_if(
            not safe and not ({root, call.account, "*"} | call.principals) & set(named),
            "MalformedPolicyDocumentException",
            "The new key policy will not allow you to update the key policy in the future.",
        )
    return call.proceed()
