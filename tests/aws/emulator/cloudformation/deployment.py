"""Bringing a stack to a target: create, update and replace in order, or roll everything back."""

import uuid
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .. import resources
from ..faults import Fault
from . import graph, schema, scopes
from .stack import STACK_TYPE, Resource, Stack, Target, exports, now

# CloudFormation works on everything that is ready at once. The emulator makes what these types need,
# then them, and everything else later, so that an order that the template does not state fails.
IMPATIENT = (
    "AWS::ECS::Service",
    "AWS::EC2::VPCEndpointConnectionNotification",
    "AWS::EC2::FlowLog",
    "AWS::EC2::VPCEndpointService",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
)


class Failure(Exception):
    """A resource that could not be brought to its target."""

    def __init__(self, logical_id: str, reason: str):
        super().__init__(reason)
        self.logical_id = logical_id
        self.reason = reason


def reason_of(error: Exception) -> str:
    """An error in the words of a resource's status reason."""
    token = uuid.uuid4()
    if isinstance(error, ClientError):
        details, status = error.response["Error"], error.response["ResponseMetadata"]
        return (
            f'Resource handler returned message: "{details["Message"]} (Service: '
            f"{error.operation_name}, Status Code: {status.get('HTTPStatusCode')}, Error Code: "
            f'{details["Code"]})" (RequestToken: {token}, HandlerErrorCode: InvalidRequest)'
        )
    if isinstance(error, (Fault, BotoCoreError)):
        return f'Resource handler returned message: "{error}" (RequestToken: {token}, HandlerErrorCode: InvalidRequest)'
    return f"Internal Failure: {type(error).__name__}: {error}"


def rank(target: Target, needed: dict[str, set[str]]) -> Any:
    """The order among resources that are ready: what the first impatient one needs, it, the next …"""
    resources_of = target.template["Resources"]
    names = list(resources_of)
    impatient = sorted(
        (name for name in names if resources_of[name]["Type"] in IMPATIENT),
        key=lambda name: IMPATIENT.index(resources_of[name]["Type"]),
    )
    places: dict[str, int] = {}
    for place, name in enumerate(impatient):
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in places:
                places[current] = place
                waiting += needed[current]
    # Within one rank the last of the template goes first.
    return lambda name: (places.get(name, len(impatient)), -names.index(name))


class Deployment:
    """One creation or update of a stack."""

    def __init__(self, stack: Stack, target: Target, key: str, token: str | None):
        self.stack = stack
        self.target = target
        self.key = key
        self.token = token
        self.creating = stack.target is None
        self.verb = "CREATE" if self.creating else "UPDATE"
        self.before = dict(stack.resources)
        self.leftovers: list[Resource] = []
        self.undo: list[tuple[str, Resource, Resource | None]] = []

    def run(self) -> None:
        """Deploy; on failure undo everything that was done."""
        stack = self.stack
        needed = graph.dependencies(self.target.template)
        try:
            self.scope = scopes.of(stack, self.target, self.key)
            wanted = [
                name
                for name in graph.order(needed, rank(self.target, needed))
                if self._wanted(self.target.template["Resources"][name])
            ]
            for name in wanted:
                self._apply(name, needed[name])
            stack.outputs = self._outputs()
        except Failure as failure:
            self._fail(failure)
            return
        except Exception as error:  # the stack must end in a state that the caller can read
            self._fail(Failure(stack.name, reason_of(error)))
            return
        self._finish(set(wanted))

    def _wanted(self, resource: dict[str, Any]) -> bool:
        return "Condition" not in resource or self.scope.condition(resource["Condition"])

    def _finish(self, wanted: set[str]) -> None:
        stack = self.stack
        removed = [item for name, item in stack.resources.items() if name not in wanted]
        stack.target = self.target
        if not self.creating and (removed or self.leftovers):
            stack.move("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None, self.token)
            for old in self.leftovers:
                self._remove(old, replaced=True)
            for old in deletion_order(removed):
                if self._remove(old, replaced=False):
                    del stack.resources[old.logical_id]
        stack.imports = self.scope.imports_used
        stack.updated = None if self.creating else now()
        stack.move(f"{self.verb}_COMPLETE", None, self.token)

    def _context(self, logical_id: str) -> resources.Context:
        stack = self.stack
        return resources.Context(stack.account, stack.region, self.key, stack.name, stack.id, logical_id)

    def _tell(self, resource: Resource, status: str, reason: str | None = None) -> None:
        resource.status, resource.reason, resource.changed = status, reason, now()
        self.stack.event(resource.logical_id, resource.kind, resource.physical_id, status, reason, self.token)

    def _apply(self, name: str, needs: set[str]) -> None:
        declared = self.target.template["Resources"][name]
        kind = declared["Type"]
        old = self.stack.resources.get(name)
        try:
            props = self._properties(declared)
            new = Resource(
                name, kind, old.physical_id if old else "", props, needs,
                declared.get("DeletionPolicy", "Delete"),
                declared.get("UpdateReplacePolicy", "Delete"),
            )  # fmt: skip
            if old is None:
                self._create(new)
            elif old.kind != kind:
                raise Fault("ValidationError", f"Update of resource type is not permitted. Resource: {name}")
            else:
                self._change(old, new)
        except (Fault, ClientError, BotoCoreError, NotImplementedError, KeyError, TypeError, ValueError, AttributeError) as error:  # fmt: skip
            reason = reason_of(error)
            failed = Resource(name, kind, old.physical_id if old else "", {}, needs)
            verb = "UPDATE" if old else "CREATE"
            self._tell(failed, f"{verb}_FAILED", reason)
            raise Failure(name, reason) from error

    def _properties(self, declared: dict[str, Any]) -> dict[str, Any]:
        props = self.scope.value(declared.get("Properties") or {})
        kind = declared["Type"]
        if schema.is_custom(kind):
            return props
        found = schema.of(kind, self.stack.region)
        props = found.coerce(props)
        if found.taggable and self.target.tags:
            own = {tag["Key"]: tag for tag in props.get("Tags", [])}
            inherited = [{"Key": key, "Value": value} for key, value in self.target.tags.items() if key not in own]
            props = {**props, "Tags": [*own.values(), *inherited]}
        found.check(props)
        return props

    def _create(self, new: Resource) -> None:
        handler = resources.handler(resources_key(new.kind))
        self._tell(new, "CREATE_IN_PROGRESS")
        context = self._context(new.logical_id)
        new.physical_id = handler.create(context, new.properties)
        new.data = context.data
        self.undo.append(("create", new, None))
        self._tell(new, "CREATE_IN_PROGRESS", "Resource creation Initiated")
        self._keep(new)
        self._tell(new, "CREATE_COMPLETE")

    def _keep(self, new: Resource) -> None:
        self.stack.resources[new.logical_id] = new
        self.scope.names[new.logical_id] = new.physical_id

    def _change(self, old: Resource, new: Resource) -> None:
        new.data = old.data
        if old.properties == new.properties:
            new.status = old.status
            self._keep(new)
            return
        handler = resources.handler(resources_key(new.kind))
        if replacement(new.kind, self.stack.region, old.properties, new.properties):
            self._replace(handler, old, new)
            return
        self._tell(new, "UPDATE_IN_PROGRESS")
        context = self._context(new.logical_id)
        context.data = dict(old.data)
        self.undo.append(("update", new, old))
        updated = handler.update(context, old.physical_id, old.properties, new.properties)
        new.data = context.data
        if isinstance(updated, str) and updated != old.physical_id:
            new.physical_id = updated
            self.leftovers.append(old)
        self._keep(new)
        self._tell(new, "UPDATE_COMPLETE")

    def _replace(self, handler: resources.Handler, old: Resource, new: Resource) -> None:
        reason = "Requested update requires the creation of a new physical resource; hence creating one."
        self._tell(new, "UPDATE_IN_PROGRESS", reason)
        context = self._context(new.logical_id)
        new.physical_id = handler.create(context, new.properties)
        new.data = context.data
        self.undo.append(("replace", new, old))
        self.leftovers.append(old)
        self._keep(new)
        self._tell(new, "UPDATE_COMPLETE")

    def _remove(self, old: Resource, replaced: bool) -> bool:
        """Delete during cleanup; a failure is told and leaves the resource behind, as in AWS."""
        policy = old.replace_policy if replaced else old.deletion_policy
        if policy.startswith("Retain") and policy != "RetainExceptOnCreate":
            self._tell(old, "DELETE_SKIPPED")
            return True
        self._tell(old, "DELETE_IN_PROGRESS")
        try:
            delete(self._context(old.logical_id), old)
        except Exception as error:  # cleanup goes on with the rest
            self._tell(old, "DELETE_FAILED", reason_of(error))
            return False
        self._tell(old, "DELETE_COMPLETE")
        return True

    def _outputs(self) -> list[dict[str, Any]]:
        found = []
        for name, declared in (self.target.template.get("Outputs") or {}).items():
            if not self._wanted(declared):
                continue
            value = self.scope.value(declared["Value"])
            output = {"OutputKey": name, "OutputValue": str(value)}
            if "Description" in declared:
                output["Description"] = declared["Description"]
            if "Export" in declared:
                output["ExportName"] = self._export(self.scope.value(declared["Export"]["Name"]))
            found.append(output)
        return found

    def _export(self, name: str) -> str:
        owner = exports(self.stack.account, self.stack.region).get(name)
        if owner and owner[0] is not self.stack:
            raise Failure(
                self.stack.name,
                f"Export with name {name} is already exported by stack {owner[0].name}",
            )
        return name

    def _fail(self, failure: Failure) -> None:
        stack = self.stack
        told = f"The following resource(s) failed to {self.verb.lower()}: [{failure.logical_id}]. "
        if failure.logical_id == stack.name:
            told = failure.reason
        if self.target.disable_rollback:
            stack.target = self.target
            stack.move(f"{self.verb}_FAILED", told, self.token)
            return
        start = "ROLLBACK_IN_PROGRESS" if self.creating else "UPDATE_ROLLBACK_IN_PROGRESS"
        stack.move(start, told + " Rollback requested by user.", self.token)
        left = self._undo_all()
        done = "ROLLBACK" if self.creating else "UPDATE_ROLLBACK"
        if left:
            names = ", ".join(item.logical_id for item in left)
            stack.move(f"{done}_FAILED", f"The following resource(s) failed to delete: [{names}].", self.token)
        else:
            stack.move(f"{done}_COMPLETE", None, self.token)
        if self.creating:
            stack.target = self.target

    def _undo_all(self) -> list[Resource]:
        """Undo in reverse; gives what could not be undone."""
        left = []
        for action, new, old in reversed(self.undo):
            try:
                if action == "update" and old is not None:
                    self._tell(old, "UPDATE_IN_PROGRESS")
                    handler = resources.handler(resources_key(new.kind))
                    context = self._context(new.logical_id)
                    context.data = dict(new.data)
                    handler.update(context, old.physical_id, new.properties, old.properties)
                    self._tell(old, "UPDATE_COMPLETE")
                else:
                    self._tell(new, "DELETE_IN_PROGRESS")
                    delete(self._context(new.logical_id), new)
                    self._tell(new, "DELETE_COMPLETE")
            except Exception as error:  # the rest must be undone too
                self._tell(new, "DELETE_FAILED", reason_of(error))
                left.append(new)
        self.stack.resources = {} if self.creating else self.before
        for resource in left:
            self.stack.resources.setdefault(resource.logical_id, resource)
        return left


def resources_key(kind: str) -> str:
    """The handler's name for a type: all custom resources share one."""
    return schema.CUSTOM if schema.is_custom(kind) else kind


def delete(context: resources.Context, resource: Resource) -> None:
    """Delete through the handler."""
    if not resource.physical_id:
        return
    context.data = dict(resource.data)
    handler = resources.handler(resources_key(resource.kind))
    handler.delete(context, resource.physical_id, resource.properties)


def replacement(kind: str, region: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the change needs a new physical resource."""
    if schema.is_custom(kind):
        return old.get("ServiceToken") != new.get("ServiceToken")
    found = schema.of(kind, region)
    if any(old.get(name) != new.get(name) for name in found.create_only):
        return True
    for path in found.nested_create_only():
        if _at(old, path) != _at(new, path):
            return True
    return resources.known(kind) and resources.handler(kind).replaced_by(old, new)


def _at(value: Any, path: list[str]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def deletion_order(items: list[Resource]) -> list[Resource]:
    """Dependents before what they depend on."""
    by_name = {item.logical_id: item for item in items}
    dependents: dict[str, set[str]] = {name: set() for name in by_name}
    for item in items:
        for need in item.needs & set(by_name):
            dependents[need].add(item.logical_id)
    return [by_name[name] for name in graph.order(dependents, lambda name: name)]


def delete_stack(stack: Stack, key: str, retain: set[str], token: str | None) -> None:
    """Delete everything that the stack holds; what cannot be deleted stays and is told."""
    failed: list[str] = []
    deployment = Deployment(stack, stack.target, key, token) if stack.target else None
    for item in deletion_order(list(stack.resources.values())):
        blocked = any(item.logical_id in stack.resources[name].needs for name in failed)
        keep = item.logical_id in retain or item.deletion_policy == "Retain"
        if blocked or deployment is None:
            failed.append(item.logical_id)
            continue
        if keep:
            deployment._tell(item, "DELETE_SKIPPED")
        elif not deployment._remove(item, replaced=False):
            failed.append(item.logical_id)
            continue
        del stack.resources[item.logical_id]
    if failed:
        names = ", ".join(failed)
        stack.move("DELETE_FAILED", f"The following resource(s) failed to delete: [{names}]. ", token)
        return
    stack.outputs = []
    stack.deleted = now()
    stack.move("DELETE_COMPLETE", None, token)


__all__ = ["Deployment", "STACK_TYPE", "delete_stack", "replacement", "reason_of"]
