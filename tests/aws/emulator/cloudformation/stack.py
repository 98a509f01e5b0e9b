"""Stacks, their resources, change sets and events, as documents that the API reads."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .. import state

STACK_TYPE = "AWS::CloudFormation::Stack"


def now() -> datetime:
    """The present in UTC, as the serializers want it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class Resource:
    """One resource that a stack holds."""

    logical_id: str
    kind: str
    physical_id: str
    properties: dict[str, Any]
    needs: set[str]
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    changed: datetime = field(default_factory=now)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Target:
    """What a deployment is to bring a stack to."""

    text: str
    template: dict[str, Any]
    texts: dict[str, str]
    values: dict[str, Any]
    tags: dict[str, str]
    capabilities: list[str]
    role_arn: str | None
    access_key: str
    disable_rollback: bool = False


@dataclass
class ChangeSet:
    """A previewed change of a stack."""

    id: str
    name: str
    kind: str
    target: Target
    status: str
    reason: str | None
    execution: str
    changes: list[dict[str, Any]]
    description: str | None = None
    created: datetime = field(default_factory=now)


@dataclass
class Stack:
    """A stack in one account and Region."""

    id: str
    name: str
    account: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    target: Target | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    protected: bool = False
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    change_set_id: str | None = None
    imports: set[str] = field(default_factory=set)

    @property
    def alive(self) -> bool:
        """Whether the stack still answers to its name."""
        return self.status != "DELETE_COMPLETE"

    @property
    def busy(self) -> bool:
        """Whether an operation runs."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def event(self, logical: str, kind: str, physical: str, status: str, reason: str | None, token: str | None) -> None:
        """Add an event, the way DescribeStackEvents shows it."""
        self.events.append(
            {
                "StackId": self.id,
                "StackName": self.name,
                "EventId": f"{logical}-{uuid.uuid4()}",
                "LogicalResourceId": logical,
                "PhysicalResourceId": physical,
                "ResourceType": kind,
                "Timestamp": now(),
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "ClientRequestToken": token,
            }
        )

    def move(self, status: str, reason: str | None, token: str | None) -> None:
        """Change the stack's own status and tell it as an event."""
        self.event(self.name, STACK_TYPE, self.id, status, reason, token)
        self.status, self.reason = status, reason


def stacks(account: str, region: str) -> dict[str, Stack]:
    """The stacks of an account in a Region, deleted ones included, by ID."""
    return state.store("cloudformation", account, region).stacks


def find(account: str, region: str, name: str) -> Stack | None:
    """A living stack by name, or any by ID."""
    known = stacks(account, region)
    if name in known:
        return known[name]
    return next((stack for stack in known.values() if stack.name == name and stack.alive), None)


def exports(account: str, region: str) -> dict[str, tuple[Stack, str]]:
    """Every export of the account in the Region: its stack and value."""
    found: dict[str, tuple[Stack, str]] = {}
    for stack in stacks(account, region).values():
        if stack.alive:
            for output in stack.outputs:
                if output.get("ExportName"):
                    found[output["ExportName"]] = (stack, output["OutputValue"])
    return found
