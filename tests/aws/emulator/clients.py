"""boto3 clients on the emulator itself: CloudFormation's handlers reach services as AWS's do."""

import threading
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

_endpoint: dict[str, str] = {}
_lock = threading.Lock()
_session = boto3.Session()


def set_endpoint(url: str) -> None:
    """Tell the clients where the server listens, before the first is made."""
    _endpoint["url"] = url


def endpoint() -> str:
    """The server's own URL."""
    return _endpoint["url"]


@lru_cache(maxsize=None)
def _client(service: str, region: str, key: str) -> Any:
    with _lock:
        return _session.client(
            service,
            region_name=region,
            endpoint_url=endpoint(),
            aws_access_key_id=key,
            aws_secret_access_key="test",
            config=Config(
                retries={"max_attempts": 1},
                s3={"addressing_style": "path"},
                max_pool_connections=4,
            ),
        )


def client(service: str, region: str, key: str) -> Any:
    """A client with these credentials; one per service, Region and key is kept."""
    return _client(service, region, key)
