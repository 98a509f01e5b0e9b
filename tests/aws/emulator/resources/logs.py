"""AWS::Logs."""

from typing import Any

from . import Context, Handler, gone, handles, pick, tag_map


def _gone(error: Exception) -> bool:
    return gone(error, "ResourceNotFoundException")


@handles("AWS::Logs::LogGroup")
class LogGroup(Handler):
    updates = frozenset({"RetentionInDays", "KmsKeyId", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("LogGroupName") or ctx.name(512)
        ctx.call("logs", "CreateLogGroup", logGroupName=name, kmsKeyId=props.get("KmsKeyId"),
                 logGroupClass=props.get("LogGroupClass"), tags=tag_map(props) or None)  # fmt: skip
        try:
            self._retention(ctx, name, {}, props)
        except Exception:
            ctx.call("logs", "DeleteLogGroup", logGroupName=name)
            raise
        return name

    def _retention(self, ctx: Context, name: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        days = new.get("RetentionInDays")
        if days == old.get("RetentionInDays"):
            return
        if days is None:
            ctx.call("logs", "DeleteRetentionPolicy", logGroupName=name)
        else:
            ctx.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._retention(ctx, physical, old, new)
        if old.get("KmsKeyId") != new.get("KmsKeyId"):
            if new.get("KmsKeyId"):
                ctx.call("logs", "AssociateKmsKey", logGroupName=physical, kmsKeyId=new["KmsKeyId"])
            else:
                ctx.call("logs", "DisassociateKmsKey", logGroupName=physical)
        arn = f"arn:aws:logs:{ctx.arn_prefix}:log-group:{physical}"
        dropped = sorted(set(tag_map(old)) - set(tag_map(new)))
        if dropped:
            ctx.call("logs", "UntagResource", resourceArn=arn, tagKeys=dropped)
        if tag_map(new) != tag_map(old) and tag_map(new):
            ctx.call("logs", "TagResource", resourceArn=arn, tags=tag_map(new))

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("logs", "DeleteLogGroup", logGroupName=physical)
        except Exception as error:
            if not _gone(error):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": f"arn:aws:logs:{ctx.arn_prefix}:log-group:{physical}:*"}


@handles("AWS::Logs::QueryDefinition")
class QueryDefinition(Handler):
    updates = frozenset({"Name", "QueryString", "LogGroupNames", "QueryLanguage"})

    def _put(self, ctx: Context, props: dict[str, Any], wanted: str | None) -> str:
        made = ctx.call("logs", "PutQueryDefinition", name=props["Name"], queryDefinitionId=wanted,
                        queryString=props["QueryString"], logGroupNames=props.get("LogGroupNames"),
                        queryLanguage=props.get("QueryLanguage"))  # fmt: skip
        return made["queryDefinitionId"]

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        return self._put(ctx, props, None)

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._put(ctx, new, physical)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("logs", "DeleteQueryDefinition", queryDefinitionId=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"QueryDefinitionId": physical}


@handles("AWS::Logs::MetricFilter")
class MetricFilter(Handler):
    updates = frozenset({"FilterPattern", "MetricTransformations"})

    def _put(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        shaped = [
            {key[:1].lower() + key[1:]: value for key, value in item.items()} for item in props["MetricTransformations"]
        ]
        ctx.call("logs", "PutMetricFilter", filterName=name, logGroupName=props["LogGroupName"],
                 filterPattern=props["FilterPattern"], metricTransformations=shaped)  # fmt: skip

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("FilterName") or ctx.name()
        self._put(ctx, name, props)
        return name

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        self._put(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("logs", "DeleteMetricFilter", filterName=physical, **{"logGroupName": props["LogGroupName"]})
        except Exception as error:
            if not _gone(error):
                raise


@handles("AWS::Logs::ResourcePolicy")
class ResourcePolicy(Handler):
    updates = frozenset({"PolicyDocument"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = pick(props, "PolicyName", "PolicyDocument")
        ctx.call("logs", "PutResourcePolicy", policyName=given["PolicyName"], policyDocument=given["PolicyDocument"])
        return props["PolicyName"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("logs", "DeleteResourcePolicy", policyName=physical)
