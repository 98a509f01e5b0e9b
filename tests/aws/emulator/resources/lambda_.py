"""AWS::Lambda functions and permissions."""

import io
import uuid
import zipfile
from typing import Any

from ..faults import Fault
from . import Context, Handler, gone, handles, pick, tag_map

CONFIGURATION = ("Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "VpcConfig",
                 "Environment", "TracingConfig", "EphemeralStorage", "LoggingConfig", "KmsKeyArn")  # fmt: skip


def archive(props: dict[str, Any]) -> dict[str, Any]:
    """The code: inline text becomes a file with the name that the runtime expects."""
    code = props["Code"]
    if "ZipFile" not in code:
        return pick(code, "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri")
    end = ".py" if props.get("Runtime", "").startswith("python") else ".js"
    if len(code["ZipFile"]) > 4 * 1024 * 1024:
        raise Fault("InvalidRequest", "Inline code is longer than 4 MB")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("index" + end, code["ZipFile"])
    return {"ZipFile": content.getvalue()}


@handles("AWS::Lambda::Function")
class Function(Handler):
    updates = frozenset({*CONFIGURATION, "Code", "ReservedConcurrentExecutions", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("FunctionName") or ctx.name(64)
        ctx.call("lambda", "CreateFunction", FunctionName=name, Code=archive(props), Tags=tag_map(props) or None,
                 **pick(props, *CONFIGURATION, "Architectures", "PackageType"))  # fmt: skip
        self._concurrency(ctx, name, {}, props)
        return name

    def _concurrency(self, ctx: Context, name: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        wanted = new.get("ReservedConcurrentExecutions")
        if wanted is not None and wanted != old.get("ReservedConcurrentExecutions"):
            ctx.call("lambda", "PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=wanted)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        if old["Code"] != new["Code"]:
            ctx.call("lambda", "UpdateFunctionCode", FunctionName=physical, **archive(new))
        if pick(old, *CONFIGURATION) != pick(new, *CONFIGURATION):
            ctx.call("lambda", "UpdateFunctionConfiguration", FunctionName=physical, **pick(new, *CONFIGURATION))
        self._concurrency(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("lambda", "DeleteFunction", FunctionName=physical)
        except Exception as error:
            if not gone(error, "ResourceNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": f"arn:aws:lambda:{ctx.arn_prefix}:function:{physical}"}


@handles("AWS::Lambda::Permission")
class Permission(Handler):
    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        statement = f"s-{uuid.uuid4()}"
        ctx.call("lambda", "AddPermission", StatementId=statement,
                 **pick(props, "FunctionName", "Action", "Principal", "SourceArn", "SourceAccount"))  # fmt: skip
        return statement

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("lambda", "RemovePermission", FunctionName=props["FunctionName"], StatementId=physical)
        except Exception as error:
            if not gone(error, "ResourceNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}
