"""AWS::SNS, AWS::SQS and AWS::Events."""

import json
from typing import Any

from . import Context, Handler, gone, handles, pick, tag_map, tags

TOPIC_ATTRIBUTES = ("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
QUEUE_ATTRIBUTES = ("DelaySeconds", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
                    "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds",
                    "SqsManagedSseEnabled", "VisibilityTimeout", "FifoQueue", "RedrivePolicy",
                    "ContentBasedDeduplication")  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict) else str(value)


@handles("AWS::SNS::Topic")
class Topic(Handler):
    updates = frozenset({*TOPIC_ATTRIBUTES, "Subscription", "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("TopicName") or ctx.name(256)
        given = {key: _text(props[key]) for key in TOPIC_ATTRIBUTES if key in props}
        if props.get("FifoTopic"):
            given["FifoTopic"] = "true"
            name = name if name.endswith(".fifo") else name + ".fifo"
        made = ctx.call("sns", "CreateTopic", Name=name, Attributes=given or None, Tags=tags(props) or None)
        for item in props.get("Subscription") or []:
            ctx.call("sns", "Subscribe", TopicArn=made["TopicArn"], **pick(item, "Protocol", "Endpoint"))
        return made["TopicArn"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        for key in TOPIC_ATTRIBUTES:
            if old.get(key) != new.get(key):
                ctx.call("sns", "SetTopicAttributes", TopicArn=physical, AttributeName=key,
                         AttributeValue=_text(new.get(key, "")))  # fmt: skip

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("sns", "DeleteTopic", TopicArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"TopicArn": physical, "TopicName": physical.rsplit(":", 1)[1]}


@handles("AWS::SNS::TopicPolicy")
class TopicPolicy(Handler):
    updates = frozenset({"PolicyDocument", "Topics"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        for arn in props["Topics"]:
            ctx.call("sns", "SetTopicAttributes", TopicArn=arn, AttributeName="Policy",
                     AttributeValue=_text(props["PolicyDocument"]))  # fmt: skip
        return ctx.name()

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        """CloudFormation puts the default policy back; without a topic nothing is left to do."""
        default = {"Version": "2008-10-17", "Statement": [{
            "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
            "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": "*",
            "Condition": {"StringEquals": {"AWS:SourceOwner": ctx.account}},
        }]}  # fmt: skip
        for arn in props["Topics"]:
            try:
                ctx.call("sns", "SetTopicAttributes", TopicArn=arn, AttributeName="Policy",
                         AttributeValue=json.dumps(default))  # fmt: skip
            except Exception as error:
                if not gone(error):
                    raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::SNS::Subscription")
class Subscription(Handler):
    updates = frozenset({"FilterPolicy", "RawMessageDelivery"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = {key: _text(props[key]) for key in self.updates if key in props}
        made = ctx.call("sns", "Subscribe", ReturnSubscriptionArn=True, Attributes=given or None,
                        **pick(props, "TopicArn", "Protocol", "Endpoint"))  # fmt: skip
        return made["SubscriptionArn"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        for key in self.updates:
            if old.get(key) != new.get(key):
                ctx.call("sns", "SetSubscriptionAttributes", SubscriptionArn=physical,
                         AttributeName=key, AttributeValue=_text(new.get(key, "")))  # fmt: skip

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ctx.call("sns", "Unsubscribe", SubscriptionArn=physical)

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": physical}


@handles("AWS::SQS::Queue")
class Queue(Handler):
    updates = frozenset({*QUEUE_ATTRIBUTES, "Tags"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        given = {key: _text(props[key]) for key in QUEUE_ATTRIBUTES if key in props}
        made = ctx.call("sqs", "CreateQueue", QueueName=props.get("QueueName") or ctx.name(80),
                        Attributes=given or None, tags=tag_map(props) or None)  # fmt: skip
        return made["QueueUrl"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        given = {key: _text(new[key]) for key in QUEUE_ATTRIBUTES if key in new}
        if given:
            ctx.call("sqs", "SetQueueAttributes", QueueUrl=physical, Attributes=given)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        try:
            ctx.call("sqs", "DeleteQueue", QueueUrl=physical)
        except Exception as error:
            if not gone(error, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        name = physical.rsplit("/", 1)[1]
        return {"Arn": f"arn:aws:sqs:{ctx.arn_prefix}:{name}", "QueueName": name, "QueueUrl": physical}


@handles("AWS::SQS::QueuePolicy")
class QueuePolicy(Handler):
    updates = frozenset({"PolicyDocument", "Queues"})

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        for url in props["Queues"]:
            ctx.call("sqs", "SetQueueAttributes", QueueUrl=url,
                     Attributes={"Policy": _text(props["PolicyDocument"])})  # fmt: skip
        return ctx.name()

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.create(ctx, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        """The queue's policy goes with the queue; alone it leaves an empty one."""

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Id": physical}


@handles("AWS::Events::Rule")
class Rule(Handler):
    updates = frozenset({"ScheduleExpression", "EventPattern", "State", "Description", "RoleArn",
                         "Targets", "Tags"})  # fmt: skip

    def _put(self, ctx: Context, name: str, props: dict[str, Any]) -> None:
        pattern = props.get("EventPattern")
        ctx.call("events", "PutRule", Name=name, EventPattern=_text(pattern) if pattern else None,
                 **pick(props, "ScheduleExpression", "State", "Description", "RoleArn", "EventBusName"))  # fmt: skip
        targets = [{**item} for item in props.get("Targets") or []]
        if targets:
            ctx.call("events", "PutTargets", Rule=name, Targets=targets, **pick(props, "EventBusName"))

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        name = props.get("Name") or ctx.name(64)
        self._put(ctx, name, props)
        return name

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.refuse_unknown_updates(old, new)
        kept = {item["Id"] for item in new.get("Targets") or []}
        dropped = [item["Id"] for item in old.get("Targets") or [] if item["Id"] not in kept]
        if dropped:
            ctx.call("events", "RemoveTargets", Rule=physical, Ids=dropped)
        self._put(ctx, physical, new)

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        ids = [item["Id"] for item in props.get("Targets") or []]
        try:
            if ids:
                ctx.call("events", "RemoveTargets", Rule=physical, Ids=ids)
            ctx.call("events", "DeleteRule", Name=physical)
        except Exception as error:
            if not gone(error, "ResourceNotFoundException"):
                raise

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return {"Arn": f"arn:aws:events:{ctx.arn_prefix}:rule/{physical}"}
