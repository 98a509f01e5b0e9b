"""What an account holds before a deployment: certificates, images, secrets and parameters by ARN.

AWS gives such resources their ARNs; a template names them. The tests tell the emulator which ones
exist through `POST /_emulator/seed`, the only call that AWS does not have.
"""

import json
import re
from typing import Any

from moto.acm.models import acm_backends
from moto.ecr.models import ecr_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

PATH = "/_emulator/seed"


def certificate(arn: str, domain: str) -> None:
    """An issued ACM certificate with this ARN."""
    backend = acm_backends[arn.split(":")[4]][arn.split(":")[3]]
    made = backend.request_certificate(domain, None, [], [])
    bundle = backend._certificates.pop(made)
    bundle.arn, bundle.status = arn, "ISSUED"
    backend._certificates[arn] = bundle


def image(uri: str) -> None:
    """A repository with one image of this tag or digest."""
    match = re.fullmatch(
        r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([^:@]+)(?::([^@]+))?(?:@(.+))?", uri
    )
    if not match:
        raise ValueError(f"{uri} is not an image in ECR")
    account, region, name, tag, digest = match.groups()
    backend = ecr_backends[account][region]
    if name not in backend.repositories:
        backend.create_repository(name, account, None, None, "MUTABLE", [])
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "layers": [], "for": tag or digest})
    backend.put_image(name, manifest, tag or "latest", kind, digest)


def secret(arn: str) -> None:
    """A secret with this ARN."""
    _, _, _, region, account, _, name = arn.split(":")[:7]
    backend = secretsmanager_backends[account][region]
    short = re.sub(r"-[A-Za-z0-9]{6}$", "", name)
    backend.create_secret(short, '{"password": "example"}', None, None, [], None, None, [], False)
    backend.secrets[short].arn = arn


def parameter(account: str, region: str, name: str, value: str) -> None:
    """An SSM parameter."""
    ssm_backends[account][region].put_parameter(
        name, "", value, "String", "", "", True, [], "text", None, None
    )


def plant(document: dict[str, Any]) -> None:
    """Make everything that the document lists."""
    for item in document.get("certificates", []):
        certificate(item["arn"], item.get("domain", "service.example.com"))
    for uri in document.get("images", []):
        image(uri)
    for arn in document.get("secrets", []):
        secret(arn)
    for item in document.get("parameters", []):
        parameter(item["account"], item["region"], item["name"], item["value"])
