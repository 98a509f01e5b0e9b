"""AWS::SecretsManager and AWS::SSM parameters."""

import json
from typing import Any

from . import Context, Handler, gone, handles, pick, tag_map, tags


def _gone(error: Exception) -> bool:
    return gone(error, "ResourceNotFoundException", "ParameterNotFound")


@handles("AWS::SecretsManager::Secret")
class Secret(Handler):
    updates = frozenset({"SecretString", "GenerateSecretString", "Description", "KmsKeyId", "Tags"})

    def _value(self, ctx: Context, props: dict[str, Any]) -> str | None:
        rule = props.get("GenerateSecretString")
        if rule is None:
            return props.get("SecretString")
        names = ("PasswordLength", "ExcludeCharacters", "ExcludeNumbers", "ExcludePunctuation",
                 "ExcludeUppercase", "ExcludeLowercase", "IncludeSpace", "RequireEachIncludedType")  # fmt: skip
        made = ctx.call("secretsmanager", "GetRandomPassword", **pick(rule, *names))["RandomPassword"]
        if "GenerateStringKey" not in rule:
            return made
        document = json.loads(rule.get("SecretStringTemplate", "{}"))
        return json.dumps({**document, rule["GenerateStringKey"]: made})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        made = ctx.call("secretsmanager", "CreateSecret", Name=props.get("Name") or ctx.name(512),
                        SecretString=self._value(ctx, props), Tags=tags(props) or None,
                        **pick(props, "Description", "KmsKeyId"))  # fmt: skip
        return made["ARN"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call(
            "secretsmanager", "UpdateSecret", SecretId=physical, **pick(new, "Description", "KmsKeyId", "SecretString")
        )

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("secretsmanager", "DeleteSecret", SecretId=physical, ForceDeleteWithoutRecovery=True)
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::SecretsManager::RotationSchedule")
class RotationSchedule(Handler):
    updates = frozenset({"RotationLambdaARN", "RotationRules"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("secretsmanager", "RotateSecret", RotateImmediately=False,
                 **pick(props, "SecretId", "RotationLambdaARN", "RotationRules"))  # fmt: skip
        return props["SecretId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("secretsmanager", "CancelRotateSecret", SecretId=physical)
        except Exception as error:
            if not _gone(error):
                raise


@handles("AWS::SecretsManager::ResourcePolicy")
class SecretPolicy(Handler):
    updates = frozenset({"ResourcePolicy", "BlockPublicPolicy"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("secretsmanager", "PutResourcePolicy", SecretId=props["SecretId"],
                 ResourcePolicy=json.dumps(props["ResourcePolicy"]),
                 BlockPublicPolicy=props.get("BlockPublicPolicy"))  # fmt: skip
        return props["SecretId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("secretsmanager", "DeleteResourcePolicy", SecretId=props["SecretId"])
        except Exception as error:
            if not _gone(error):
                raise


@handles("AWS::SSM::Parameter")
class Parameter(Handler):
    updates = frozenset({"Value", "Description", "AllowedPattern", "Tier", "Type", "Tags"})
    members = ("Type", "Value", "Description", "AllowedPattern", "Tier", "DataType")

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("Name") or ctx.name(128)
        shaped = [{"Key": key, "Value": value} for key, value in tag_map_of(props).items()]
        ctx.call("ssm", "PutParameter", Name=name, Tags=shaped or None, **pick(props, *self.members))
        return name

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        ctx.call("ssm", "PutParameter", Name=physical, Overwrite=True, **pick(new, *self.members))

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("ssm", "DeleteParameter", Name=physical)
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Type": props["Type"], "Value": props["Value"]}


def tag_map_of(props: dict[str, Any]) -> dict[str, str]:
    """Tags of a type that takes them as one map."""
    found = props.get("Tags") or {}
    return found if isinstance(found, dict) else tag_map(props)
