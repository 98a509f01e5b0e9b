"""Custom resources: the provider function is invoked, and must answer at the response URL."""

import json
import uuid
from typing import Any

from ..cloudformation.callbacks import Waiter
from ..faults import Fault
from . import Context, Handler, handles


@handles("AWS::CloudFormation::CustomResource")
class CustomResource(Handler):
    """The protocol of the CloudFormation guide (custom resources, request and response objects)."""

    def create(self, ctx: Context, props: dict[str, Any]) -> str:
        answer = self._ask(ctx, "Create", None, props, {})
        return answer["PhysicalResourceId"]

    def update(self, ctx: Context, physical: str, old: dict[str, Any], new: dict[str, Any]) -> Any:
        return self._ask(ctx, "Update", physical, new, {"OldResourceProperties": _texts(old)})["PhysicalResourceId"]

    def delete(self, ctx: Context, physical: str, props: dict[str, Any]) -> None:
        self._ask(ctx, "Delete", physical, props, {})

    def attributes(self, ctx: Context, physical: str, props: dict[str, Any]) -> dict[str, Any]:
        return ctx.data.get("Data") or {}

    def _ask(
        self, ctx: Context, kind: str, physical: str | None, props: dict[str, Any], more: dict[str, Any]
    ) -> dict[str, Any]:
        token = props.get("ServiceToken")
        if not token or ":lambda:" not in token:
            raise Fault("InvalidRequest", f"the emulator cannot reach the service token {token}")
        waiter = Waiter()
        event = {
            "RequestType": kind,
            "ServiceToken": token,
            "ResponseURL": waiter.url,
            "StackId": ctx.stack_id,
            "RequestId": str(uuid.uuid4()),
            "LogicalResourceId": ctx.logical_id,
            "ResourceType": ctx.data.get("Type", "AWS::CloudFormation::CustomResource"),
            "ResourceProperties": _texts(props),
            **more,
        }
        if physical is not None:
            event["PhysicalResourceId"] = physical
        ctx.call("lambda", "Invoke", FunctionName=token, InvocationType="Event", Payload=json.dumps(event))
        body = waiter.wait(float(props.get("ServiceTimeout", 3600)))
        if body is None or "Abandoned" in body:
            reason = (body or {}).get("Abandoned", "")
            raise Fault(
                "NotStabilized",
                f"CloudFormation did not receive a response from your Custom Resource. {reason}",
            )
        return self._checked(ctx, event, body)

    def _checked(self, ctx: Context, event: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        if body.get("Status") != "SUCCESS":
            raise Fault(
                "GeneralServiceException",
                f"Received response status [FAILED] from custom resource. Message returned: {body.get('Reason')}",
            )
        for key in ("StackId", "RequestId", "LogicalResourceId"):
            if body.get(key) != event[key]:
                raise Fault("InvalidRequest", f"Invalid Custom Resource response: {key} does not match the request")
        if not body.get("PhysicalResourceId"):
            raise Fault("InvalidRequest", "Invalid PhysicalResourceId")
        ctx.data = {"Data": body.get("Data") or {}}
        return body


def _texts(value: Any) -> Any:
    """CloudFormation hands every scalar to a custom resource as text."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
