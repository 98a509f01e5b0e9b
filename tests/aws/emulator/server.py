"""moto's server with the emulator's services and CloudFormation loaded."""

import os
from typing import Any

# moto reads these when it is imported.
os.environ.setdefault("MOTO_ALLOW_NONEXISTENT_REGION", "false")
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server  # noqa: E402

from . import clients, hooks, resources, services  # noqa: E402
from .cloudformation import api, callbacks  # noqa: E402


class QuietHandler(MotoRequestHandler):
    """Log through `logging` only, so that the launcher's output stays one line."""

    def handle_expect_100(self) -> bool:
        """werkzeug answers `Expect: 100-continue` itself; a second answer confuses Node's client."""
        return True

    def log_request(self, *_: Any) -> None:
        """Requests are logged by the application when asked to."""


def serve(port: int = 0) -> tuple[BaseWSGIServer, str]:
    """Bind the loopback interface; the caller runs the server."""
    services.load()
    resources.load()
    api.load()
    hooks.install()
    application = callbacks.Dispatcher(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=QuietHandler)
    url = f"http://127.0.0.1:{server.server_port}"
    clients.set_endpoint(url)
    return server, url
