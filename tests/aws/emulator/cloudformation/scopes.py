"""The names of a stack while it is worked on: parameters, pseudo parameters, resources, imports."""

from typing import Any

from .. import identity, resources
from ..faults import Fault
from ..services import policies
from ..services.ec2_flow_logs import role_policies
from . import schema
from .intrinsics import NoValue, Scope
from .stack import Stack, Target, exports, find


class StackScope(Scope):
    """A scope that reads attributes from the services and remembers which exports it used."""

    imports_used: set[str]


def pseudo(stack: Stack) -> dict[str, Any]:
    """The pseudo parameters of a stack."""
    return {
        "AWS::AccountId": stack.account,
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::Partition": "aws",
        "AWS::NotificationARNs": [],
        "AWS::NoValue": NoValue,
    }


def of(stack: Stack, target: Target, key: str) -> StackScope:
    """The scope in which the target's template is evaluated for the stack."""
    names = {**pseudo(stack), **target.values}
    names.update({name: item.physical_id for name, item in stack.resources.items()})
    used: set[str] = set()

    def context(logical_id: str) -> resources.Context:
        return resources.Context(stack.account, stack.region, key, stack.name, stack.id, logical_id)

    def attribute(name: str, wanted: str) -> Any:
        return read_attribute(stack, context(name), name, wanted)

    def imported(name: str) -> Any:
        found = exports(stack.account, stack.region).get(name)
        if found is None:
            raise Fault("ValidationError", f"No export named {name} found.")
        used.add(name)
        return found[1]

    def zones(region: str) -> list[str]:
        answer = context(stack.name).call("ec2", "DescribeAvailabilityZones")
        return [zone["ZoneName"] for zone in answer["AvailabilityZones"]]

    scope = StackScope(target.template, names, attribute, imported, zones, lambda node: _stack_output(stack, key, node))
    scope.imports_used = used
    return scope


def read_attribute(stack: Stack, context: resources.Context, name: str, wanted: str) -> Any:
    """An attribute of a resource, as the service tells it now."""
    resource = stack.resources.get(name)
    if resource is None:
        raise Fault(
            "ValidationError",
            f"Template error: instance of Fn::GetAtt references undefined resource {name}",
        )
    context.data = dict(resource.data)
    key = schema.CUSTOM if schema.is_custom(resource.kind) else resource.kind
    found = resources.handler(key).attributes(context, resource.physical_id, resource.properties)
    if wanted in found:
        return found[wanted]
    raise Fault(
        "ValidationError",
        f"Template error: resource {name} does not support attribute type {wanted} in Fn::GetAtt",
    )


def _stack_output(stack: Stack, key: str, node: dict[str, Any]) -> Any:
    """`Fn::GetStackOutput`: another stack's output, from another account through a role that may read it."""
    account, role_arn = stack.account, node.get("RoleArn")
    other_name, region = node["StackName"], node.get("Region", stack.region)
    role = identity.find_role(role_arn) if role_arn else None
    if role_arn:
        if role is None or not identity.trusts(role, identity.principals_of(key) | {"*"}):
            raise Fault("ValidationError", f"Fn::GetStackOutput: the role {role_arn} cannot be assumed")
        account = role_arn.split(":")[4]
    other = find(account, region, other_name)
    if role is not None and other is not None:
        if not policies.allows(role_policies(role), "cloudformation:DescribeStacks", other.id):
            raise Fault("ValidationError", f"Fn::GetStackOutput: the role {role_arn} may not describe {other.id}")
    for output in other.outputs if other else []:
        if output["OutputKey"] == node["OutputName"]:
            return output["OutputValue"]
    raise Fault(
        "ValidationError",
        f"Fn::GetStackOutput: stack {other_name} has no output {node['OutputName']}",
    )
