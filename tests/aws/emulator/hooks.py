"""The seam to moto: each API call is validated, then answered by us, or by moto, or by both."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore import parsers
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model
from moto.moto_api._internal.models import MotoAPIBackend

from . import shapes, state
from .faults import Fault
from .identity import principals_of

# Services whose requests are checked against botocore's model before anything else happens.
CHECKED = {
    "ec2", "elbv2", "ecs", "ecr", "logs", "iam", "sts", "kms", "secretsmanager", "ssm", "sns", "sqs",
    "cloudwatch", "application-autoscaling", "route53", "lambda", "events", "cloudformation", "cloudtrail",
}  # fmt: skip
# Services that we answer alone: moto's own state for them stays empty, so its answers would lie.
OWNED = {"cloudformation", "elbv2", "ecs"}

Answer = dict[str, Any] | None
log = logging.getLogger("emulator")
_answers: dict[tuple[str, str], Callable[["Call"], Answer]] = {}
_moto_call_action = BaseResponse.call_action


@dataclass
class Call:
    """One API request, as the emulated service sees it."""

    service: str
    operation: str
    params: dict[str, Any]
    account: str
    region: str
    access_key: str
    response: BaseResponse = field(repr=False)

    @property
    def store(self) -> state.Store:
        """What the emulator keeps for this service in the caller's account and Region."""
        return state.store(self.service, self.account, self.region)

    @property
    def principals(self) -> set[str]:
        """The names by which a policy may allow the caller."""
        return principals_of(self.access_key)

    def proceed(self) -> dict[str, Any]:
        """Let moto answer, and give its answer as the members of the output shape."""
        status, headers, body = _moto_call_action(self.response)
        model = get_service_model(self.service)
        parser = parsers.create_parser(self.response.determine_response_protocol(model))
        raw = {
            "status_code": int(status),
            "headers": headers,
            "body": body.encode() if isinstance(body, str) else body,
        }
        shape = model.operation_model(self.operation).output_shape
        parsed = parser.parse(raw, shape)
        error = parsed.pop("Error", None)
        if int(status) >= 300 or error:
            raise Fault((error or {}).get("Code", "InternalError"), (error or {}).get("Message", ""))
        parsed.pop("ResponseMetadata", None)
        return parsed


def operation(service: str, *names: str) -> Callable[..., Any]:
    """Register the function that answers these operations; it may call `proceed` for moto's part."""

    def register(answer: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        for name in names:
            assert (service, name) not in _answers, f"{service}:{name} is answered twice"
            _answers[(service, name)] = answer
        return answer

    return register


def _parameters(response: BaseResponse, service: str, name: str) -> dict[str, Any]:
    model = get_service_model(service)
    request = response.normalized_request
    protocol = determine_request_protocol(model, request.content_type)
    parser = PROTOCOL_PARSERS[protocol](model.operation_model(name), map_type=dict)
    return parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": response.uri_match,
        }
    )


def _call_of(response: BaseResponse, service: str, name: str) -> Call:
    return Call(
        service=service,
        operation=name,
        params=_parameters(response, service, name),
        account=response.get_current_account(),
        region=response.region,
        access_key=response.get_access_key(),
        response=response,
    )


def _answered(response: BaseResponse, service: str, name: str) -> Any:
    call = _call_of(response, service, name)
    shapes.check(service, shapes.service_model(service).operation_model(name), call.params)
    answer = _answers.get((service, name))
    if answer is None:
        if service in OWNED:
            raise Fault("NotImplemented", f"the emulator does not answer {service}:{name}")
        return _moto_call_action(response)
    given = answer(call)
    # moto's transformers expect moto's own models; our answers have the members' final form.
    response.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}
    return response.serialized(ActionResult(given))


def call_action(response: BaseResponse) -> Any:
    """moto's entry for every query, JSON and REST call of the services that are not S3."""
    service = response.boto3_service_name
    name = response._get_action()
    if service not in CHECKED or not name:
        return _moto_call_action(response)
    try:
        result = _answered(response, service, name)
    except Fault as fault:
        result = response.serialized(ActionResult(fault))
    except Exception as error:
        log.exception("%s:%s", service, name)
        text = f"the emulator failed in {service}:{name}: {type(error).__name__}: {error}"
        result = response.serialized(ActionResult(Fault("InternalFailure", text)))
    status, headers, body = result
    headers, body = response._enrich_response(headers, body)
    headers["status"] = str(status)
    return status, headers, body


def install() -> None:
    """Put the emulator before moto, and make moto's reset ours too."""
    BaseResponse.call_action = call_action
    moto_reset = MotoAPIBackend.reset

    def reset(self: MotoAPIBackend, *args: Any, **kwargs: Any) -> None:
        state.reset()
        moto_reset(self, *args, **kwargs)

    MotoAPIBackend.reset = reset
