"""Starting the emulator and driving it: the CDK CLI by account, boto3 by account, seeds, resets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import boto3

HERE = Path(__file__).resolve().parent
CDK = Path(os.environ.get("RINGFENCE_CDK", HERE / "node_modules" / ".bin" / "cdk"))
KEY_PREFIX = "AKIATEST"
_SEED = "/_emulator/seed"


class Emulator:
    """One server process; it ends with this process, with the `with` block, or in time."""

    def __init__(self, seconds: float = 1800, verbose: bool = False):
        arguments = ["--seconds", str(seconds), "--parent", str(os.getpid())]
        if verbose:
            arguments.append("--verbose")
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emulator", *arguments],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("the emulator did not start:\n" + self.errors())
        self.url: str = json.loads(line)["url"]

    def errors(self) -> str:
        """What the server wrote about trouble."""
        self.log.seek(0)
        return self.log.read()[-6000:]

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_: Any) -> None:
        self.process.terminate()
        self.process.wait(10)

    def post(self, path: str, document: Any = None) -> None:
        """Send a control request."""
        body = json.dumps(document).encode() if document is not None else b""
        urllib.request.urlopen(urllib.request.Request(self.url + path, body, method="POST"))

    def reset(self) -> None:
        """Forget every account."""
        self.post("/moto-api/reset")

    def seed(self, document: dict[str, Any]) -> None:
        """Make what the accounts hold before the deployment."""
        self.post(_SEED, document)

    def environment(self, account: str, region: str) -> dict[str, str]:
        """The environment in which a command works in the account."""
        kept = ("PATH", "HOME", "TMPDIR", "LANG", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY_PREFIX + account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CI": "true",
            "NO_COLOR": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }

    def client(self, service: str, account: str, region: str) -> Any:
        """A boto3 client in the account."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=KEY_PREFIX + account,
            aws_secret_access_key="test",
        )

    def cdk(self, arguments: list[str], account: str, region: str, expect: int | None = 0) -> str:
        """Run the CDK CLI; an exit code other than `expect` fails with its output."""
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [str(CDK), *arguments, "--no-notices", "--no-version-reporting"],
                cwd=folder,
                env={**self.environment(account, region), "CDK_HOME": folder},
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=600,
                check=False,
            )
        if expect is not None and done.returncode != expect:
            raise AssertionError(
                f"cdk {' '.join(arguments)} ended with {done.returncode}, not {expect}:\n{done.stdout}\n{self.errors()}"
            )
        return done.stdout
