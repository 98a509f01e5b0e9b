"""AWS::ECR repositories, which the CDK bootstrap stack has."""

import json
from typing import Any

from . import Context, Handler, gone, handles, tags


@handles("AWS::ECR::Repository")
class Repository(Handler):
    updates = frozenset({"ImageTagMutability", "LifecyclePolicy", "RepositoryPolicyText",
                         "ImageScanningConfiguration", "Tags"})  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("RepositoryName") or ctx.name(256, lower=True)
        ctx.call("ecr", "CreateRepository", repositoryName=name, tags=tags(props) or None,
                 imageTagMutability=props.get("ImageTagMutability"))  # fmt: skip
        self._policies(ctx, name, props)
        return name

    def _policies(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        text = (props.get("LifecyclePolicy") or {}).get("LifecyclePolicyText")
        if text:
            ctx.call("ecr", "PutLifecyclePolicy", repositoryName=name, lifecyclePolicyText=text)
        if props.get("RepositoryPolicyText"):
            ctx.call("ecr", "SetRepositoryPolicy", repositoryName=name,
                     policyText=json.dumps(props["RepositoryPolicyText"]))  # fmt: skip

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._policies(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("ecr", "DeleteRepository", repositoryName=physical, force=bool(props.get("EmptyOnDelete")))
        except Exception as error:
            if not gone(error, "RepositoryNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        found = ctx.call("ecr", "DescribeRepositories", repositoryNames=[physical])["repositories"][0]
        return {"Arn": found["repositoryArn"], "RepositoryUri": found["repositoryUri"]}
