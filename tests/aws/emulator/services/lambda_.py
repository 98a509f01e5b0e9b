"""Lambda functions that run: inline code in a process of its own, with the function's role."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.sts.models import sts_backends

from .. import clients
from ..cloudformation import callbacks
from ..faults import Fault, refuse_if
from ..hooks import Call, operation
from ..identity import find_role, trusts

SERVICE = "lambda.amazonaws.com"
_PYTHON = """
import importlib, json, sys, time, os
module, name = os.environ["_HANDLER"].rsplit(".", 1)
event = json.load(sys.stdin)
deadline = time.monotonic() + float(os.environ["_TIMEOUT"])
class Context:
    function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    function_version = "$LATEST"
    invoked_function_arn = os.environ["_ARN"]
    memory_limit_in_mb = 128
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    log_group_name = "/aws/lambda/" + function_name
    log_stream_name = "emulator"
    def get_remaining_time_in_millis(self):
        return int((deadline - time.monotonic()) * 1000)
sys.path.insert(0, os.getcwd())
answer = getattr(importlib.import_module(module), name)(event, Context())
with open(os.environ["_ANSWER"], "w") as file:
    file.write(json.dumps(answer, default=str))
"""
_NODE = """
const [file, name] = process.env._HANDLER.split(".");
let text = ""; process.stdin.on("data", part => text += part);
process.stdin.on("end", async () => {
  const end = Date.now() + 1000 * Number(process.env._TIMEOUT);
  const context = { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    logStreamName: "emulator", awsRequestId: "00000000-0000-0000-0000-000000000000",
    invokedFunctionArn: process.env._ARN, getRemainingTimeInMillis: () => end - Date.now() };
  const loaded = await import(require("node:path").resolve(file + ".js"));
  const answer = await (loaded[name] ?? loaded.default[name])(JSON.parse(text), context);
  require("node:fs").writeFileSync(process.env._ANSWER, JSON.stringify(answer ?? null));
});
"""
# What CloudFormation puts beside inline Python code: the response to a custom resource's caller.
CFN_RESPONSE = """
import json, urllib.request
SUCCESS, FAILED = "SUCCESS", "FAILED"
def send(event, context, status, data, physical_id=None, no_echo=False, reason=None):
    body = {"Status": status, "Reason": reason or "see the log", "StackId": event["StackId"],
            "PhysicalResourceId": physical_id or context.log_stream_name,
            "RequestId": event["RequestId"], "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": no_echo, "Data": data}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), method="PUT")
    urllib.request.urlopen(request)
"""


@operation("lambda", "CreateFunction")
def create(call: Call) -> dict[str, Any]:
    role = find_role(call.params["Role"])
    refuse_if(
        role is None or not trusts(role, {SERVICE}),
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )
    return call.proceed()


def _session(account: str, region: str, role_arn: str) -> Any:
    return sts_backends[account]["aws"].assume_role(
        region_name=region, role_session_name="function", role_arn=role_arn, policy="",
        duration=3600, external_id="",
    )  # fmt: skip


def _environment(account: str, region: str, function: Any, answer: Path) -> dict[str, str]:
    session = _session(account, region, function.role)
    return {
        **(function.environment_vars or {}),
        "PATH": os.environ.get("PATH", ""),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": clients.endpoint(),
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "NODE_PATH": str(Path(__file__).parents[2] / "node_modules"),
        "_HANDLER": function.handler,
        "_TIMEOUT": str(function.timeout),
        "_ARN": function.function_arn,
        "_ANSWER": str(answer),
    }


def run(account: str, region: str, function: Any, event: dict[str, Any]) -> tuple[Any, str | None]:
    """Run the function's code once; gives its answer, or the error that ended it."""
    runtime = function.run_time or ""
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        with zipfile.ZipFile(BytesIO(function.code_bytes)) as archive:
            archive.extractall(code)
        answer = Path(folder) / "answer.json"
        if runtime.startswith("python"):
            (code / "cfnresponse.py").write_text(CFN_RESPONSE)
            command = [sys.executable, "-c", _PYTHON]
        elif runtime.startswith("nodejs"):
            command = ["node", "-e", _NODE]
        else:
            return None, f"the emulator does not run {runtime}"
        try:
            done = subprocess.run(
                command, cwd=code, input=json.dumps(event), text=True, capture_output=True,
                timeout=float(function.timeout), check=False,
                env=_environment(account, region, function, answer),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None, f"Task timed out after {function.timeout} seconds"
        if done.returncode != 0:
            return None, done.stderr[-2000:]
        return json.loads(answer.read_text()) if answer.exists() else None, None


def _run_event(account: str, region: str, function: Any, event: dict[str, Any]) -> None:
    """Run without a caller; an error is told to a custom resource's waiter, as its log would tell it."""
    _, error = run(account, region, function, event)
    if error and isinstance(event, dict) and "ResponseURL" in event:
        callbacks.abandon(event["ResponseURL"], error)


@operation("lambda", "Invoke")
def invoke(call: Call) -> dict[str, Any]:
    name = call.params["FunctionName"]
    function = find(call.account, call.region, name)
    payload = call.params.get("Payload") or b"{}"
    event = json.loads(payload)
    if call.params.get("InvocationType") == "Event":
        arguments = (call.account, call.region, function, event)
        threading.Thread(target=_run_event, args=arguments, daemon=True).start()
        return {"StatusCode": 202}
    answer, error = run(call.account, call.region, function, event)
    if error:
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": json.dumps({"errorMessage": error})}
    return {"StatusCode": 200, "Payload": json.dumps(answer)}


def find(account: str, region: str, name: str) -> Any:
    """A function by name or ARN."""
    backend = lambda_backends[account][region]
    short = name.split(":function:")[-1].split(":")[0]
    for function in backend.list_functions():
        if function.function_name == short:
            return function
    raise Fault("ResourceNotFoundException", f"Function not found: {name}")
