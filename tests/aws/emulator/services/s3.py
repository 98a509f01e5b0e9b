"""S3: bucket policies as far as moto can judge them, and policies that are policies."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

from . import policies


def _get_permission(self: Any, action: str, resource: str) -> Any:
    """moto takes a denial under a condition as a denial; plain HTTP on the loopback is no fault.

    The usual such statement denies requests without TLS. The emulator stands for an endpoint with
    TLS, so statements under conditions that moto cannot evaluate are left out.
    """
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = policies.document(self.policy)
    kept = [
        item for item in policies.statements_of(policy) if not (item.get("Effect") == "Deny" and item.get("Condition"))
    ]
    if not kept:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**policy, "Statement": kept})).is_action_permitted(action, resource)


FakeBucket.get_permission = _get_permission
