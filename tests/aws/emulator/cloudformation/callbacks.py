"""The emulator's own URLs: responses of custom resources, and seeds."""

import json
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from .. import clients, seeds

PREFIX = "/_cloudformation/response/"
_waiting: dict[str, "Waiter"] = {}


class Waiter:
    """One pending response of a custom resource."""

    def __init__(self) -> None:
        self.token = str(uuid.uuid4())
        self.arrived = threading.Event()
        self.body: dict[str, Any] = {}
        _waiting[self.token] = self

    @property
    def url(self) -> str:
        """Where the response is to be sent by PUT."""
        return f"{clients.endpoint()}{PREFIX}{self.token}"

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """The response, or nothing when none came in time."""
        self.arrived.wait(seconds)
        _waiting.pop(self.token, None)
        return self.body if self.arrived.is_set() else None


def _answer_waiter(path: str, method: str, body: bytes) -> str:
    waiter = _waiting.get(path[len(PREFIX) :])
    if waiter is None or method != "PUT":
        return "403 Forbidden"
    waiter.body = json.loads(body)
    waiter.arrived.set()
    return "200 OK"


def abandon(url: str, reason: str) -> None:
    """The provider ended without a response: waiting on would only cost time."""
    waiter = _waiting.get(url.rsplit("/", 1)[-1])
    if waiter is not None:
        waiter.body = {"Abandoned": reason}
        waiter.arrived.set()


class Dispatcher:
    """Take responses of custom resources and seeds, and pass every other request on."""

    def __init__(self, application: Callable[..., Iterable[bytes]]):
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if not path.startswith((PREFIX, seeds.PATH)):
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path.startswith(PREFIX):
            status = _answer_waiter(path, method, body)
        else:
            seeds.plant(json.loads(body))
            status = "200 OK"
        start_response(status, [("Content-Length", "0")])
        return [b""]
