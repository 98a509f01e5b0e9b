"""IAM, STS, CloudTrail: sessions only for roles that trust the caller; policies that are policies."""

import re
from typing import Any

from ..faults import refuse_if
from ..hooks import Call, operation
from ..identity import find_role, trusts
from . import policies


@operation("sts", "AssumeRole")
def assume_role(call: Call) -> dict[str, Any]:
    arn = call.params["RoleArn"]
    role = find_role(arn)
    refuse_if(
        role is None or not trusts(role, call.principals | {"*"}),
        "AccessDenied",
        f"User: {sorted(call.principals)[0]} is not authorized to perform: sts:AssumeRole on resource: {arn}",
    )
    return call.proceed()


@operation("iam", "CreateRole", "UpdateAssumeRolePolicy")
def check_trust(call: Call) -> dict[str, Any]:
    text = call.params.get("AssumeRolePolicyDocument") or call.params.get("PolicyDocument")
    policy = policies.check(text)
    for statement in policies.statements_of(policy):
        refuse_if("Principal" not in statement, "MalformedPolicyDocument", "Missing required field Principal")
        refuse_if("Resource" in statement, "MalformedPolicyDocument", "Has prohibited field Resource")
        named = statement["Principal"]
        for service in policies.listed(named.get("Service")) if isinstance(named, dict) else []:
            refuse_if(
                not re.fullmatch(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|amazonaws\.eu)", service),
                "MalformedPolicyDocument",
                f'Invalid principal in policy: "SERVICE":"{service}"',
            )
    return call.proceed()


@operation("iam", "PutRolePolicy", "CreatePolicy", "CreatePolicyVersion")
def check_identity_policy(call: Call) -> dict[str, Any]:
    policy = policies.check(call.params["PolicyDocument"])
    for statement in policies.statements_of(policy):
        refuse_if(
            "Principal" in statement, "MalformedPolicyDocument", "Policy document should not specify a principal."
        )
        refuse_if(
            not ({"Resource", "NotResource"} & set(statement)),
            "MalformedPolicyDocument",
            "Policy statement must contain resources.",
        )
        for action in policies.listed(statement.get("Action")):
            refuse_if(
                action != "*" and not re.fullmatch(r"[a-zA-Z0-9-]+:[\w*?]+", action),
                "MalformedPolicyDocument",
                f"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. ({action})",
            )
        for resource in policies.listed(statement.get("Resource")):
            refuse_if(
                resource != "*" and not resource.startswith("arn:"),
                "MalformedPolicyDocument",
                f'Resource {resource} must be in ARN format or "*".',
            )
    return call.proceed()


@operation("cloudtrail", "LookupEvents")
def lookup_events(call: Call) -> dict[str, Any]:
    """The CDK CLI asks for the trail of a failed deployment; the emulator records none."""
    return {"Events": []}
