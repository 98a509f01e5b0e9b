"""AWS::IAM roles and policies."""

import json
from typing import Any

from . import Context, Handler, gone, handles, list_change, tags


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _quietly(ctx: Context, operation: str, **params: Any) -> None:
    try:
        ctx.call("iam", operation, **params)
    except Exception as error:
        if not gone(error, "NoSuchEntity"):
            raise


@handles("AWS::IAM::Role")
class Role(Handler):
    updates = frozenset({"AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "Description",
                         "MaxSessionDuration", "PermissionsBoundary", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("RoleName") or ctx.name(64)
        ctx.call("iam", "CreateRole", RoleName=name, Path=props.get("Path"),
                 AssumeRolePolicyDocument=_text(props["AssumeRolePolicyDocument"]),
                 Description=props.get("Description"), Tags=tags(props) or None,
                 MaxSessionDuration=props.get("MaxSessionDuration"),
                 PermissionsBoundary=props.get("PermissionsBoundary"))  # fmt: skip
        try:
            self._policies(ctx, name, {}, props)
        except Exception:
            self.delete(ctx, name, props)
            raise
        return name

    def _policies(self, ctx: Context, name: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        added, removed = list_change(old.get("Policies"), new.get("Policies"))
        kept = {item["PolicyName"] for item in new.get("Policies") or []}
        for item in removed:
            if item["PolicyName"] not in kept:
                _quietly(ctx, "DeleteRolePolicy", RoleName=name, PolicyName=item["PolicyName"])
        for item in added:
            ctx.call("iam", "PutRolePolicy", RoleName=name, PolicyName=item["PolicyName"],
                     PolicyDocument=_text(item["PolicyDocument"]))  # fmt: skip
        added, removed = list_change(old.get("ManagedPolicyArns"), new.get("ManagedPolicyArns"))
        for arn in removed:
            _quietly(ctx, "DetachRolePolicy", RoleName=name, PolicyArn=arn)
        for arn in added:
            ctx.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=arn)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if old["AssumeRolePolicyDocument"] != new["AssumeRolePolicyDocument"]:
            ctx.call("iam", "UpdateAssumeRolePolicy", RoleName=physical,
                     PolicyDocument=_text(new["AssumeRolePolicyDocument"]))  # fmt: skip
        ctx.call("iam", "UpdateRole", RoleName=physical, Description=new.get("Description"),
                 MaxSessionDuration=new.get("MaxSessionDuration"))  # fmt: skip
        self._policies(ctx, physical, old, new)
        added, removed = list_change(tags(old), tags(new))
        kept = {tag["Key"] for tag in tags(new)}
        dropped = [tag["Key"] for tag in removed if tag["Key"] not in kept]
        if dropped:
            ctx.call("iam", "UntagRole", RoleName=physical, TagKeys=dropped)
        if added:
            ctx.call("iam", "TagRole", RoleName=physical, Tags=added)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        for item in props.get("Policies") or []:
            _quietly(ctx, "DeleteRolePolicy", RoleName=physical, PolicyName=item["PolicyName"])
        for arn in props.get("ManagedPolicyArns") or []:
            _quietly(ctx, "DetachRolePolicy", RoleName=physical, PolicyArn=arn)
        _quietly(ctx, "DeleteRole", RoleName=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("iam", "GetRole", RoleName=physical)["Role"]
        return {"Arn": found["Arn"], "RoleId": found["RoleId"]}


class Attached(Handler):
    """A policy that names the roles it belongs to."""

    def _roles(self, old: dict[str, Any], new: dict[str, Any]) -> tuple[list[str], list[str]]:
        return list_change(old.get("Roles"), new.get("Roles"))


@handles("AWS::IAM::Policy")
class Policy(Attached):
    updates = frozenset({"PolicyDocument", "Roles"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        self._put(ctx, props["PolicyName"], props)
        return props["PolicyName"]

    def _put(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        for role in props.get("Roles") or []:
            ctx.call("iam", "PutRolePolicy", RoleName=role, PolicyName=name,
                     PolicyDocument=_text(props["PolicyDocument"]))  # fmt: skip

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        for role in self._roles(old, new)[1]:
            _quietly(ctx, "DeleteRolePolicy", RoleName=role, PolicyName=physical)
        self._put(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        for role in props.get("Roles") or []:
            _quietly(ctx, "DeleteRolePolicy", RoleName=role, PolicyName=physical)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> bool:
        return old["PolicyName"] != new["PolicyName"]

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::IAM::ManagedPolicy")
class ManagedPolicy(Attached):
    updates = frozenset({"PolicyDocument", "Roles"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("iam", "CreatePolicy", PolicyName=props.get("ManagedPolicyName") or ctx.name(),
                        Path=props.get("Path"), Description=props.get("Description"),
                        PolicyDocument=_text(props["PolicyDocument"]))  # fmt: skip
        arn = made["Policy"]["Arn"]
        for role in props.get("Roles") or []:
            ctx.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=arn)
        return arn

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if old["PolicyDocument"] != new["PolicyDocument"]:
            self._drop_versions(ctx, physical)
            ctx.call("iam", "CreatePolicyVersion", PolicyArn=physical, SetAsDefault=True,
                     PolicyDocument=_text(new["PolicyDocument"]))  # fmt: skip
        added, removed = self._roles(old, new)
        for role in removed:
            _quietly(ctx, "DetachRolePolicy", RoleName=role, PolicyArn=physical)
        for role in added:
            ctx.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=physical)

    def _drop_versions(self, ctx: Context, arn: str) -> None:
        for item in ctx.call("iam", "ListPolicyVersions", PolicyArn=arn)["Versions"]:
            if not item["IsDefaultVersion"]:
                _quietly(ctx, "DeletePolicyVersion", PolicyArn=arn, VersionId=item["VersionId"])

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        for role in props.get("Roles") or []:
            _quietly(ctx, "DetachRolePolicy", RoleName=role, PolicyArn=physical)
        try:
            self._drop_versions(ctx, physical)
        except Exception as error:
            if not gone(error, "NoSuchEntity"):
                raise
        _quietly(ctx, "DeletePolicy", PolicyArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"PolicyArn": physical}
