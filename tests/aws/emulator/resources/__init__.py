"""Resource handlers: how CloudFormation turns each type's properties into API calls."""

import importlib
import random
import string
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from .. import clients, shapes
from ..faults import Fault

MODULES = (
    "autoscaling", "cdk", "cloudwatch", "custom", "ec2_endpoints", "ec2_network", "ec2_security", "ecr",
    "ecs", "elbv2", "iam", "kms", "lambda_", "logs", "messaging", "route53", "s3", "secrets",
)  # fmt: skip
_handlers: dict[str, "Handler"] = {}


class Context:
    """What a handler knows while it works on one resource of one stack."""

    def __init__(self, account: str, region: str, key: str, stack_name: str, stack_id: str, logical_id: str):
        self.account = account
        self.region = region
        self.key = key
        self.stack_name = stack_name
        self.stack_id = stack_id
        self.logical_id = logical_id
        # What a handler remembers about its resource between operations.
        self.data: dict[str, Any] = {}

    def call(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """Call a service with the stack's credentials; absent (None) members are left out."""
        given = {name: value for name, value in params.items() if value is not None}
        model = shapes.service_model(service).operation_model(operation)
        shapes.check(service, model, given)
        client = clients.client(service, self.region, self.key)
        return getattr(client, shapes.method_name(operation))(**given)

    def name(self, limit: int = 128, separator: str = "-", lower: bool = False) -> str:
        """A physical name in CloudFormation's way: stack, logical ID and a random end."""
        end = "".join(random.choices(string.ascii_letters + string.digits, k=12))
        room = limit - len(end) - len(separator)
        start = f"{self.stack_name}{separator}{self.logical_id}"
        if len(start) > room:
            half = (room - len(separator)) // 2
            start = f"{self.stack_name[:half]}{separator}{self.logical_id[:half]}"
        name = f"{start.rstrip('-')}{separator}{end}"
        return name.lower() if lower else name

    @property
    def arn_prefix(self) -> str:
        """Account and Region as ARNs carry them."""
        return f"{self.region}:{self.account}"


class Handler:
    """How one type is created, updated, deleted and read. Anything not overridden is not emulated."""

    # Properties that `update` brings about; a change of any other one is refused loudly.
    updates: frozenset[str] = frozenset()

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        """Create the resource and give its physical ID."""
        raise NotImplementedError

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Bring the resource from its old properties to the new ones."""
        raise NotImplementedError

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        """Delete the resource; one that is already gone is fine."""
        raise NotImplementedError

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        """What `Fn::GetAtt` can read, taken from the service."""
        return {}

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> bool:
        """Whether a change needs a replacement beyond the schema's create-only properties."""
        return False

    def refuse_unknown_updates(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Fail on a change that the handler does not bring about, rather than pretend."""
        changed = {name for name in set(old) | set(new) if old.get(name) != new.get(name)}
        unknown = sorted(changed - self.updates)
        if unknown:
            raise Fault("NotUpdatable", f"the emulator cannot update {', '.join(unknown)} in place")


def handles(*kinds: str) -> Callable[[type[Handler]], type[Handler]]:
    """Register a handler class for its resource types."""

    def register(cls: type[Handler]) -> type[Handler]:
        for kind in kinds:
            _handlers[kind] = cls()
        return cls

    return register


def handler(kind: str) -> Handler:
    """The handler of a type; one that the emulator lacks fails the deployment."""
    if kind not in _handlers:
        raise Fault("InvalidRequest", f"the emulator has no handler for {kind}")
    return _handlers[kind]


def known(kind: str) -> bool:
    """Whether the emulator handles the type."""
    return kind in _handlers


def load() -> None:
    """Import every module of handlers."""
    for module in MODULES:
        importlib.import_module(f"{__name__}.{module}")


def tags(props: dict[str, Any]) -> list[dict[str, str]]:
    """The resource's tags as a list of key and value."""
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in props.get("Tags") or []]


def lower_tags(props: dict[str, Any]) -> list[dict[str, str]]:
    """The tags with the lower-case members that ECS takes."""
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in props.get("Tags") or []]


def tag_map(props: dict[str, Any]) -> dict[str, str]:
    """The tags as one map."""
    return {tag["Key"]: tag["Value"] for tag in props.get("Tags") or []}


def pick(props: dict[str, Any], *names: str) -> dict[str, Any]:
    """The named properties that are there."""
    return {name: props[name] for name in names if props.get(name) is not None}


def camel(value: Any, keep: frozenset[str] = frozenset()) -> Any:
    """CloudFormation's member names as the JSON services spell them; maps under `keep` stay."""
    if isinstance(value, list):
        return [camel(item, keep) for item in value]
    if isinstance(value, dict):
        return {
            name[:1].lower() + name[1:]: item if name in keep else camel(item, keep) for name, item in value.items()
        }
    return value


def list_change(old: list[Any] | None, new: list[Any] | None) -> tuple[list[Any], list[Any]]:
    """What to add and what to remove, in the new and old order."""
    before, after = old or [], new or []
    return [item for item in after if item not in before], [i for i in before if i not in after]


def gone(error: Exception, *codes: str) -> bool:
    """Whether the error says that the resource no longer exists."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    return code in codes or "NotFound" in code or code.startswith("NoSuch")
