"""AWS::KMS."""

import json
from typing import Any

from . import Context, Handler, gone, handles, tags


def _gone(error: Exception) -> bool:
    return gone(error, "NotFoundException")


@handles("AWS::KMS::Key")
class Key(Handler):
    updates = frozenset({"KeyPolicy", "EnableKeyRotation", "Description", "Enabled",
                         "PendingWindowInDays", "RotationPeriodInDays", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        shaped = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags(props)]
        policy = props.get("KeyPolicy")
        made = ctx.call("kms", "CreateKey", Description=props.get("Description"),
                        KeySpec=props.get("KeySpec"), KeyUsage=props.get("KeyUsage"),
                        Policy=json.dumps(policy) if policy else None, Tags=shaped or None)  # fmt: skip
        key_id = made["KeyMetadata"]["KeyId"]
        self._rotation(ctx, key_id, {}, props)
        return key_id

    def _rotation(self, ctx: Context, key_id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        wanted = bool(new.get("EnableKeyRotation"))
        if wanted != bool(old.get("EnableKeyRotation")):
            ctx.call("kms", "EnableKeyRotation" if wanted else "DisableKeyRotation", KeyId=key_id)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if old.get("KeyPolicy") != new.get("KeyPolicy"):
            ctx.call("kms", "PutKeyPolicy", KeyId=physical, PolicyName="default",
                     Policy=json.dumps(new["KeyPolicy"]))  # fmt: skip
        if old.get("Description") != new.get("Description"):
            ctx.call("kms", "UpdateKeyDescription", KeyId=physical, Description=new.get("Description", ""))
        self._rotation(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        days = props.get("PendingWindowInDays", 30)
        try:
            ctx.call("kms", "ScheduleKeyDeletion", KeyId=physical, PendingWindowInDays=days)
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("kms", "DescribeKey", KeyId=physical)["KeyMetadata"]
        return {"Arn": found["Arn"], "KeyId": physical}


@handles("AWS::KMS::Alias")
class Alias(Handler):
    updates = frozenset({"TargetKeyId"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("kms", "CreateAlias", AliasName=props["AliasName"], TargetKeyId=props["TargetKeyId"])
        return props["AliasName"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call("kms", "UpdateAlias", AliasName=physical, TargetKeyId=new["TargetKeyId"])

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("kms", "DeleteAlias", AliasName=physical)
        except Exception as error:
            if not _gone(error):
                raise
