"""AWS::CDK: what the CDK puts into every template of an app to be counted."""

from typing import Any

from . import Context, Handler, handles


@handles("AWS::CDK::Metadata")
class Metadata(Handler):
    """A resource that makes nothing: CloudFormation takes it down and gives it an ID."""

    updates = frozenset({"Analytics"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        return ctx.name()

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        pass
