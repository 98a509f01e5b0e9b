"""From an API request to the target of a deployment, with every check that comes before work."""

import re
from typing import Any

from botocore.exceptions import ClientError

from .. import clients, identity
from ..faults import Fault, refuse_if
from ..hooks import Call
from ..services import network
from . import document, graph, parameters, schema, scopes
from .stack import Stack, Target

_IAM_TYPES = {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::User",
              "AWS::IAM::Group", "AWS::IAM::InstanceProfile", "AWS::IAM::AccessKey"}  # fmt: skip
_IAM_NAMES = {"AWS::IAM::Role": "RoleName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName"}
_LIMITS = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}


def template_text(call: Call) -> str:
    """The template of the request, from its body or from S3."""
    body, url = call.params.get("TemplateBody"), call.params.get("TemplateURL")
    if body is not None:
        refuse_if(
            len(body.encode()) > document.MAX_BODY_BYTES,
            "ValidationError",
            f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint:"
            f" Member must have length less than or equal to {document.MAX_BODY_BYTES}",
        )
        return body
    refuse_if(not url, "ValidationError", "Either Template URL or Template Body must be specified.")
    text = _from_s3(call, str(url))
    refuse_if(
        len(text.encode()) > document.MAX_OBJECT_BYTES,
        "ValidationError",
        "Template may not exceed 1000000 bytes in size.",
    )
    return text


def _from_s3(call: Call, url: str) -> str:
    match = re.match(r"https?://(?:([^./]+)\.)?s3[.-][^/]*/(.+)", url)
    match_local = re.match(re.escape(clients.endpoint()) + r"/([^/]+)/(.+)", url)
    if match_local:
        bucket, key = match_local.groups()
    elif match and match.group(1):
        bucket, key = match.groups()
    elif match:
        bucket, key = match.group(2).split("/", 1)
    else:
        raise Fault("ValidationError", f"TemplateURL must be a supported URL: {url}")
    try:
        client = clients.client("s3", call.region, call.access_key)
        return client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except ClientError as error:
        raise Fault("ValidationError", f"S3 error: {error.response['Error']['Message']}") from error


def target(call: Call, stack: Stack) -> Target:
    """What the request asks the stack to become; a template that cannot be is refused here."""
    previous = stack.target
    if call.params.get("UsePreviousTemplate"):
        refuse_if(previous is None, "ValidationError", "There is no previous template.")
        text = previous.text
    else:
        text = template_text(call)
    template = document.parse(text)
    _check_outline(template, call.region)
    texts, values = parameters.resolve(
        template.get("Parameters") or {},
        call.params.get("Parameters") or [],
        previous.texts if previous else {},
        lambda name: _ssm_value(call, name),
    )
    _check_existence(call, template, values)
    given_tags = call.params.get("Tags")
    tags = {tag["Key"]: tag["Value"] for tag in given_tags or []}
    if given_tags is None and previous:
        tags = previous.tags
    refuse_if(
        any(key.startswith("aws:") for key in tags),
        "ValidationError",
        "aws: prefixed tag key names are not allowed for external use.",
    )
    _check_capabilities(template, call.params.get("Capabilities") or [])
    return Target(
        text=text,
        template=template,
        texts=texts,
        values=values,
        tags=tags,
        capabilities=call.params.get("Capabilities") or [],
        role_arn=call.params.get("RoleARN") or (previous.role_arn if previous else None),
        access_key=call.access_key,
        disable_rollback=bool(call.params.get("DisableRollback")),
    )


def _check_existence(call: Call, template: dict[str, Any], values: dict[str, Any]) -> None:
    """Parameters of AWS-specific types must name what is there."""
    finders = {
        "AWS::EC2::VPC::Id": network.vpc,
        "AWS::EC2::Subnet::Id": network.subnet,
        "AWS::EC2::SecurityGroup::Id": network.security_group,
    }
    for name, slot in (template.get("Parameters") or {}).items():
        kind = slot.get("Type", "String").removeprefix("List<").removesuffix(">")
        given = values[name] if isinstance(values[name], list) else [values[name]]
        for item in given if kind in finders else []:
            try:
                finders[kind](call.account, call.region, item)
            except Fault as fault:
                raise Fault(
                    "ValidationError",
                    f"Parameter validation failed: parameter value {item} for parameter name {name} does not exist",
                ) from fault


def _ssm_value(call: Call, name: str) -> str:
    client = clients.client("ssm", call.region, call.access_key)
    try:
        return client.get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        raise Fault(
            "ValidationError",
            f"Unable to fetch parameters [{name}] from parameter store for this account.",
        ) from error


def _check_outline(template: dict[str, Any], region: str) -> None:
    for section, limit in _LIMITS.items():
        count = len(template.get(section) or {})
        refuse_if(
            count > limit,
            "ValidationError",
            f"Template format error: Number of {section.lower()}, {count}, is greater than maximum allowed, {limit}",
        )
    refuse_if(template.get("Transform"), "ValidationError", "the emulator does not run transforms")
    needed = graph.dependencies(template)
    graph.order(needed, lambda name: name)
    kinds = [item["Type"] for item in template["Resources"].values()]
    unknown = sorted({kind for kind in kinds if not schema.exists(kind, region)})
    refuse_if(
        unknown,
        "ValidationError",
        f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]",
    )


def _check_capabilities(template: dict[str, Any], given: list[str]) -> None:
    needs: str | None = None
    for resource in template["Resources"].values():
        kind = resource["Type"]
        if kind in _IAM_TYPES:
            needs = needs or "CAPABILITY_IAM"
            if _IAM_NAMES.get(kind) in (resource.get("Properties") or {}):
                needs = "CAPABILITY_NAMED_IAM"
    enough = {"CAPABILITY_IAM": {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}}
    if needs and not set(given) & enough.get(needs, {needs}):
        raise Fault("InsufficientCapabilitiesException", f"Requires capabilities : [{needs}]")


def working_key(wanted: Target, stack: Stack) -> str:
    """The credentials that CloudFormation works with: its role's, or the caller's."""
    if not wanted.role_arn:
        return wanted.access_key
    role = identity.find_role(wanted.role_arn)
    if role is None or not identity.trusts(role, {"cloudformation.amazonaws.com"}):
        raise Fault(
            "ValidationError",
            f"Role {wanted.role_arn} is invalid or cannot be assumed",
        )
    from moto.sts.models import sts_backends

    session = sts_backends[stack.account]["aws"].assume_role(
        region_name=stack.region,
        role_session_name="AWSCloudFormation",
        role_arn=wanted.role_arn,
        policy="",
        duration=3600,
        external_id="",
    )
    return session.access_key_id


def changes(stack: Stack, wanted: Target) -> list[dict[str, Any]]:
    """The resource changes that the target brings, as a change set shows them."""
    old_template = stack.target.template if stack.target else {"Resources": {}}
    old, new = old_template["Resources"], wanted.template["Resources"]
    scope = scopes.of(stack, wanted, wanted.access_key)

    def active(resource: dict[str, Any]) -> bool:
        return "Condition" not in resource or scope.condition(resource["Condition"])

    found = []
    for name, resource in new.items():
        current = stack.resources.get(name)
        if current is None and active(resource):
            found.append(_change("Add", name, resource["Type"], None))
        elif current is not None and not active(resource):
            found.append(_change("Remove", name, current.kind, current.physical_id))
        elif current is not None and _differs(stack, wanted, name, old, new):
            found.append(_modification(stack, scope, name, resource))
    for name, current in stack.resources.items():
        if name not in new:
            found.append(_change("Remove", name, current.kind, current.physical_id))
    return found


def _differs(stack: Stack, wanted: Target, name: str, old: dict, new: dict) -> bool:
    if old.get(name) != new[name] or stack.target.tags != wanted.tags:
        return True
    changed = {key for key in wanted.texts if stack.target.texts.get(key) != wanted.texts[key]}
    if changed & graph.references(new[name].get("Properties")):
        return True
    return stack.target.template.get("Mappings") != wanted.template.get("Mappings")


def _change(action: str, name: str, kind: str, physical: str | None) -> dict[str, Any]:
    change = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Scope": [], "Details": []}
    if physical:
        change["PhysicalResourceId"] = physical
    return {"Type": "Resource", "ResourceChange": change}


def _modification(stack: Stack, scope: Any, name: str, resource: dict[str, Any]) -> dict[str, Any]:
    from .deployment import replacement

    current = stack.resources[name]
    entry = _change("Modify", name, current.kind, current.physical_id)
    change = entry["ResourceChange"]
    props = scope.value(resource.get("Properties") or {})
    if not schema.is_custom(current.kind):
        props = schema.of(current.kind, stack.region).coerce(props)
    new_place = replacement(current.kind, stack.region, current.properties, props)
    change["Replacement"] = "True" if new_place else "False"
    change["Scope"] = ["Properties"]
    changed = sorted(
        key for key in set(props) | set(current.properties) if props.get(key) != current.properties.get(key)
    )
    change["Details"] = [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": key,
                "RequiresRecreation": "Always" if new_place else "Never",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for key in changed
    ]
    return entry
