"""AWS::S3."""

import re
from typing import Any

from ..faults import Fault
from . import Context, Handler, gone, handles, tags
from .messaging import _text


def _lifecycle(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """CloudFormation's rules in the API's form; a form that is not known here is refused."""
    shaped = []
    for rule in rules:
        found: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
        rest = {key: value for key, value in rule.items() if key not in ("Status", "Prefix", "Id")}
        if "Id" in rule:
            found["ID"] = rule["Id"]
        if "ExpirationInDays" in rest:
            found["Expiration"] = {"Days": rest.pop("ExpirationInDays")}
        abort = rest.pop("AbortIncompleteMultipartUpload", None)
        if abort:
            found["AbortIncompleteMultipartUpload"] = abort
        noncurrent = rest.pop("NoncurrentVersionExpiration", None)
        if noncurrent:
            found["NoncurrentVersionExpiration"] = noncurrent
        days = rest.pop("NoncurrentVersionExpirationInDays", None)
        if days:
            found["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
        moves = rest.pop("Transitions", None)
        if moves:
            found["Transitions"] = [
                {"Days": item["TransitionInDays"], "StorageClass": item["StorageClass"]} for item in moves
            ]
        if rest:
            raise Fault("InvalidRequest", f"the emulator does not know the lifecycle members {sorted(rest)}")
        shaped.append(found)
    return shaped


@handles("AWS::S3::Bucket")
class Bucket(Handler):
    updates = frozenset({"BucketEncryption", "PublicAccessBlockConfiguration", "OwnershipControls",
                         "VersioningConfiguration", "LifecycleConfiguration", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("BucketName") or ctx.name(63, lower=True)
        place = {} if ctx.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": ctx.region}}
        unknown = sorted(set(props) - self.updates - {"BucketName", "AccessControl"})
        if unknown:
            raise Fault("InvalidRequest", f"the emulator does not know the bucket properties {unknown}")
        ctx.call("s3", "CreateBucket", Bucket=name, **place)
        self._configure(ctx, name, {}, props)
        if "AccessControl" in props:
            canned = re.sub(r"(?<!^)([A-Z])", r"-\1", props["AccessControl"]).lower()
            ctx.call("s3", "PutBucketAcl", Bucket=name, ACL=canned)
        return name

    def _configure(self, ctx: Context, name: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        def changed(key: str) -> Any:
            return new.get(key) if new.get(key) != old.get(key) else None

        if changed("OwnershipControls"):
            ctx.call("s3", "PutBucketOwnershipControls", Bucket=name, OwnershipControls=new["OwnershipControls"])
        if changed("PublicAccessBlockConfiguration"):
            ctx.call("s3", "PutPublicAccessBlock", Bucket=name,
                     PublicAccessBlockConfiguration=new["PublicAccessBlockConfiguration"])  # fmt: skip
        if changed("VersioningConfiguration"):
            ctx.call("s3", "PutBucketVersioning", Bucket=name, VersioningConfiguration=new["VersioningConfiguration"])
        if changed("BucketEncryption"):
            rules = [
                {**{k: v for k, v in rule.items() if k != "ServerSideEncryptionByDefault"},
                 "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
                for rule in new["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            ]  # fmt: skip
            ctx.call("s3", "PutBucketEncryption", Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        if changed("LifecycleConfiguration"):
            ctx.call("s3", "PutBucketLifecycleConfiguration", Bucket=name,
                     LifecycleConfiguration={"Rules": _lifecycle(new["LifecycleConfiguration"]["Rules"])})  # fmt: skip
        if changed("Tags"):
            ctx.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tags(new)})

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._configure(ctx, physical, old, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("s3", "DeleteBucket", Bucket=physical)
        except Exception as error:
            if not gone(error, "NoSuchBucket"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {
            "Arn": f"arn:aws:s3:::{physical}",
            "DomainName": f"{physical}.s3.amazonaws.com",
            "RegionalDomainName": f"{physical}.s3.{ctx.region}.amazonaws.com",
        }


@handles("AWS::S3::BucketPolicy")
class BucketPolicy(Handler):
    updates = frozenset({"PolicyDocument"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        ctx.call("s3", "PutBucketPolicy", Bucket=props["Bucket"], Policy=_text(props["PolicyDocument"]))
        return props["Bucket"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("s3", "DeleteBucketPolicy", Bucket=props["Bucket"])
        except Exception as error:
            if not gone(error, "NoSuchBucket"):
                raise
