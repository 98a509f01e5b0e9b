"""CloudFormation's API: what the CDK CLI and boto3 call."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from . import document, graph, schema, targets
from .deployment import Deployment, delete_stack, reason_of
from .stack import ChangeSet, Stack, Target, exports, find, now, stacks

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
_UPDATABLE = {
    "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED",
    "UPDATE_FAILED", "REVIEW_IN_PROGRESS",
}  # fmt: skip


def load() -> None:
    """Importing this module registers its operations."""


def _stack(call: Call, name: str | None = None) -> Stack:
    wanted = name or call.params.get("StackName") or ""
    stack = find(call.account, call.region, wanted)
    if stack is None:
        raise Fault("ValidationError", f"Stack with id {wanted} does not exist")
    return stack


def _new_stack(call: Call) -> Stack:
    name = call.params["StackName"]
    arn = f"arn:aws:cloudformation:{call.region}:{call.account}:stack/{name}/{uuid.uuid4()}"
    stack = Stack(arn, name, call.account, call.region)
    stacks(call.account, call.region)[arn] = stack
    return stack


def _discard(stack: Stack) -> None:
    stacks(stack.account, stack.region).pop(stack.id, None)


def _in_background(stack: Stack, work: Callable[[], None]) -> None:
    """Run an operation of a stack; an error of the emulator itself ends it as an internal failure."""

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # the caller polls: a silent thread would hang it
            stack.move("UPDATE_ROLLBACK_FAILED" if stack.target else "ROLLBACK_FAILED", reason_of(error), None)
            raise

    threading.Thread(target=guarded, daemon=True).start()


def _deploy(stack: Stack, wanted: Target, token: str | None, change_set_id: str | None) -> None:
    creating = stack.target is None
    key = targets.working_key(wanted, stack)
    stack.change_set_id = change_set_id
    verb = "CREATE" if creating else "UPDATE"
    stack.move(f"{verb}_IN_PROGRESS", "User Initiated", token)
    _in_background(stack, Deployment(stack, wanted, key, token).run)


def _refuse_busy(stack: Stack, action: str) -> None:
    refuse_if(
        stack.busy or stack.status not in _UPDATABLE,
        "ValidationError",
        f"Stack:{stack.id} is in {stack.status} state and can not be {action}.",
    )


@operation("cloudformation", "CreateStack")
def create_stack(call: Call) -> dict[str, Any]:
    name = call.params["StackName"]
    refuse_if(find(call.account, call.region, name), "AlreadyExistsException", f"Stack [{name}] already exists")
    stack = _new_stack(call)
    try:
        wanted = targets.target(call, stack)
        stack.protected = bool(call.params.get("EnableTerminationProtection"))
        _deploy(stack, wanted, call.params.get("ClientRequestToken"), None)
    except Fault:
        _discard(stack)
        raise
    return {"StackId": stack.id}


@operation("cloudformation", "UpdateStack")
def update_stack(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    _refuse_busy(stack, "updated")
    wanted = targets.target(call, stack)
    refuse_if(not targets.changes(stack, wanted), "ValidationError", "No updates are to be performed.")
    _deploy(stack, wanted, call.params.get("ClientRequestToken"), None)
    return {"StackId": stack.id}


@operation("cloudformation", "CreateChangeSet")
def create_change_set(call: Call) -> dict[str, Any]:
    kind = call.params.get("ChangeSetType", "UPDATE")
    refuse_if(kind == "IMPORT", "ValidationError", "the emulator does not import resources")
    stack = find(call.account, call.region, call.params["StackName"])
    fresh = stack is None
    if kind == "CREATE":
        refuse_if(
            stack and stack.status != "REVIEW_IN_PROGRESS",
            "ValidationError",
            f"Stack [{call.params['StackName']}] already exists and cannot be created again with the changeSet.",
        )
        stack = stack or _new_stack(call)
    elif stack is None:
        stack = _stack(call)
    try:
        change_set = _change_set(call, stack, kind)
    except Fault:
        if fresh:
            _discard(stack)
        raise
    if fresh:
        stack.move("REVIEW_IN_PROGRESS", "User Initiated", call.params.get("ClientToken"))
    stack.change_sets[change_set.id] = change_set
    return {"Id": change_set.id, "StackId": stack.id}


def _change_set(call: Call, stack: Stack, kind: str) -> ChangeSet:
    if kind == "UPDATE":
        _refuse_busy(stack, "updated")
    name = call.params["ChangeSetName"]
    refuse_if(
        any(item.name == name for item in stack.change_sets.values()),
        "AlreadyExistsException",
        f"ChangeSet {name} already exists",
    )
    wanted = targets.target(call, stack)
    changes = targets.changes(stack, wanted)
    same = kind == "UPDATE" and not changes and _same_outputs(stack, wanted)
    return ChangeSet(
        id=f"arn:aws:cloudformation:{call.region}:{call.account}:changeSet/{name}/{uuid.uuid4()}",
        name=name,
        kind=kind,
        target=wanted,
        status="FAILED" if same else "CREATE_COMPLETE",
        reason=NO_CHANGES if same else None,
        execution="UNAVAILABLE" if same else "AVAILABLE",
        changes=changes,
        description=call.params.get("Description"),
    )


def _same_outputs(stack: Stack, wanted: Target) -> bool:
    before = stack.target.template if stack.target else {}
    return before.get("Outputs") == wanted.template.get("Outputs")


def _find_change_set(call: Call) -> tuple[Stack, ChangeSet]:
    wanted = call.params["ChangeSetName"]
    for stack in stacks(call.account, call.region).values():
        named = call.params.get("StackName")
        if named and named not in (stack.name, stack.id):
            continue
        for change_set in stack.change_sets.values():
            if wanted in (change_set.id, change_set.name):
                return stack, change_set
    raise Fault("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist")


@operation("cloudformation", "DescribeChangeSet")
def describe_change_set(call: Call) -> dict[str, Any]:
    stack, change_set = _find_change_set(call)
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": change_set.description,
        "Parameters": _parameter_list(change_set.target),
        "CreationTime": change_set.created,
        "ExecutionStatus": change_set.execution,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "Capabilities": change_set.target.capabilities,
        "Tags": _tag_list(change_set.target),
        "Changes": change_set.changes,
        "IncludeNestedStacks": False,
    }


@operation("cloudformation", "ListChangeSets")
def list_change_sets(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    return {
        "Summaries": [
            {
                "StackId": stack.id,
                "StackName": stack.name,
                "ChangeSetId": item.id,
                "ChangeSetName": item.name,
                "ExecutionStatus": item.execution,
                "Status": item.status,
                "StatusReason": item.reason,
                "CreationTime": item.created,
            }
            for item in stack.change_sets.values()
        ]
    }


@operation("cloudformation", "DeleteChangeSet")
def delete_change_set(call: Call) -> dict[str, Any]:
    try:
        stack, change_set = _find_change_set(call)
    except Fault:
        return {}
    del stack.change_sets[change_set.id]
    return {}


@operation("cloudformation", "ExecuteChangeSet")
def execute_change_set(call: Call) -> dict[str, Any]:
    stack, change_set = _find_change_set(call)
    refuse_if(
        change_set.execution != "AVAILABLE",
        "InvalidChangeSetStatus",
        f"ChangeSet [{change_set.id}] cannot be executed in its current status of [{change_set.status}]",
    )
    _refuse_busy(stack, "updated")
    change_set.target.disable_rollback = bool(call.params.get("DisableRollback"))
    _deploy(stack, change_set.target, call.params.get("ClientRequestToken"), change_set.id)
    stack.change_sets.clear()
    return {}


@operation("cloudformation", "DeleteStack")
def delete(call: Call) -> dict[str, Any]:
    stack = find(call.account, call.region, call.params["StackName"])
    if stack is None or not stack.alive:
        return {}
    refuse_if(
        stack.protected,
        "ValidationError",
        f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled",
    )
    refuse_if(stack.busy, "ValidationError", f"Stack [{stack.id}] is in {stack.status} state.")
    _refuse_exports_in_use(stack)
    token = call.params.get("ClientRequestToken")
    key = call.access_key
    if stack.target:
        role = call.params.get("RoleARN") or stack.target.role_arn
        stack.target.role_arn = role
        stack.target.access_key = call.access_key
        key = targets.working_key(stack.target, stack)
    stack.move("DELETE_IN_PROGRESS", "User Initiated", token)
    retain = set(call.params.get("RetainResources") or [])
    _in_background(stack, lambda: delete_stack(stack, key, retain, token))
    return {}


def _refuse_exports_in_use(stack: Stack) -> None:
    own = {output.get("ExportName") for output in stack.outputs}
    for other in stacks(stack.account, stack.region).values():
        used = sorted(name for name in other.imports & own if name)
        if other is not stack and other.alive and used:
            raise Fault(
                "ValidationError",
                f"Export {used[0]} cannot be deleted as it is in use by {other.name}",
            )


@operation("cloudformation", "UpdateTerminationProtection")
def protect(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    stack.protected = call.params["EnableTerminationProtection"]
    return {"StackId": stack.id}


def _parameter_list(target: Target | None) -> list[dict[str, str]]:
    if target is None:
        return []
    declared = target.template.get("Parameters") or {}
    return [
        {
            "ParameterKey": name,
            "ParameterValue": "****" if declared[name].get("NoEcho") else text,
        }
        for name, text in target.texts.items()
    ]


def _tag_list(target: Target | None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (target.tags if target else {}).items()]


def _description(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set_id,
        "Description": stack.target.template.get("Description") if stack.target else None,
        "Parameters": _parameter_list(stack.target),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": stack.target.capabilities if stack.target else [],
        "Outputs": stack.outputs,
        "RoleARN": stack.target.role_arn if stack.target else None,
        "Tags": _tag_list(stack.target),
        "EnableTerminationProtection": stack.protected,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


@operation("cloudformation", "DescribeStacks")
def describe_stacks(call: Call) -> dict[str, Any]:
    if call.params.get("StackName"):
        return {"Stacks": [_description(_stack(call))]}
    known = stacks(call.account, call.region).values()
    return {"Stacks": [_description(stack) for stack in known if stack.alive]}


@operation("cloudformation", "ListStacks")
def list_stacks(call: Call) -> dict[str, Any]:
    wanted = call.params.get("StackStatusFilter")
    found = [
        _description(stack)
        for stack in stacks(call.account, call.region).values()
        if not wanted or stack.status in wanted
    ]
    return {"StackSummaries": found}


@operation("cloudformation", "DescribeStackEvents")
def describe_stack_events(call: Call) -> dict[str, Any]:
    return {"StackEvents": list(reversed(_stack(call).events))}


@operation("cloudformation", "DescribeEvents")
def describe_events(call: Call) -> dict[str, Any]:
    """Operation events: the emulator validates before it accepts a change set, so none are left."""
    return {"OperationEvents": []}


@operation("cloudformation", "GetTemplate")
def get_template(call: Call) -> dict[str, Any]:
    if call.params.get("ChangeSetName"):
        text: str | None = _find_change_set(call)[1].target.text
    else:
        stack = _stack(call)
        text = stack.target.text if stack.target else None
    return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}


@operation("cloudformation", "GetTemplateSummary")
def get_template_summary(call: Call) -> dict[str, Any]:
    if call.params.get("StackName"):
        target = _stack(call).target
        template = target.template if target else {"Resources": {}}
    else:
        template = document.parse(targets.template_text(call))
    declared = template.get("Parameters") or {}
    return {
        "Parameters": [
            {
                "ParameterKey": name,
                "ParameterType": slot.get("Type"),
                "DefaultValue": str(slot["Default"]) if "Default" in slot else None,
                "NoEcho": bool(slot.get("NoEcho")),
                "Description": slot.get("Description"),
            }
            for name, slot in declared.items()
        ],
        "Description": template.get("Description"),
        "ResourceTypes": sorted({item["Type"] for item in template["Resources"].values()}),
        "Version": template.get("AWSTemplateFormatVersion"),
        "Metadata": None,
    }


@operation("cloudformation", "ValidateTemplate")
def validate_template(call: Call) -> dict[str, Any]:
    template = document.parse(targets.template_text(call))
    graph.order(graph.dependencies(template), lambda name: name)
    for item in template["Resources"].values():
        refuse_if(
            not schema.exists(item["Type"], call.region),
            "ValidationError",
            f"Template format error: Unrecognized resource types: [{item['Type']}]",
        )
    return {"Parameters": [], "Description": template.get("Description")}


def _resource(stack: Stack, name: str) -> dict[str, Any]:
    item = stack.resources[name]
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": name,
        "PhysicalResourceId": item.physical_id,
        "ResourceType": item.kind,
        "Timestamp": item.changed,
        "LastUpdatedTimestamp": item.changed,
        "ResourceStatus": item.status,
        "ResourceStatusReason": item.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


@operation("cloudformation", "DescribeStackResources", "ListStackResources", "DescribeStackResource")
def describe_resources(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    wanted = call.params.get("LogicalResourceId")
    refuse_if(
        wanted and wanted not in stack.resources,
        "ValidationError",
        f"Resource {wanted} does not exist for stack {stack.name}",
    )
    found = [_resource(stack, name) for name in stack.resources if wanted in (None, name)]
    if call.operation == "DescribeStackResource":
        return {"StackResourceDetail": found[0]}
    key = "StackResources" if call.operation == "DescribeStackResources" else "StackResourceSummaries"
    return {key: found}


@operation("cloudformation", "ListExports")
def list_exports(call: Call) -> dict[str, Any]:
    return {
        "Exports": [
            {"ExportingStackId": stack.id, "Name": name, "Value": value}
            for name, (stack, value) in exports(call.account, call.region).items()
        ]
    }


@operation("cloudformation", "ListImports")
def list_imports(call: Call) -> dict[str, Any]:
    name = call.params["ExportName"]
    known = stacks(call.account, call.region).values()
    users = [stack.name for stack in known if stack.alive and name in stack.imports]
    refuse_if(not users, "ValidationError", f"Export '{name}' is not imported by any stack.")
    return {"Imports": users}


@operation("cloudformation", "ContinueUpdateRollback", "RollbackStack")
def roll_back(call: Call) -> dict[str, Any]:
    stack = _stack(call)
    refuse_if(
        not stack.status.endswith("_FAILED"),
        "ValidationError",
        f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.",
    )
    stack.updated = now()
    raise Fault("NotImplemented", "the emulator does not roll back a stack that was left failed")
