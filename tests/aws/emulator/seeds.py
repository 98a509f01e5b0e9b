"""What an account holds before a deployment: networks, certificates, images, secrets and more by name.

AWS gives such resources their IDs and ARNs; a template names them. The tests tell the emulator which ones
exist through `POST /_emulator/seed`, the only call that AWS does not have.
"""

import base64
import io
import ipaddress
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.acm.models import acm_backends
from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends, route_tables, subnets, vpcs
from moto.ecr.models import ecr_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.route53.models import route53_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from . import clients
from .cloudformation.stack import Stack, stacks
from .identity import access_key

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
    match = re.fullmatch(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([^:@]+)(?::([^@]+))?(?:@(.+))?", uri)
    if not match:
        raise ValueError(f"{uri} is not an image in ECR")
    account, region, name, tag, digest = match.groups()
    backend = ecr_backends[account][region]
    if name not in backend.repositories:
        backend.create_repository(name, account, None, None, "MUTABLE", [])
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "layers": [], "for": tag or digest})
    backend.put_image(name, manifest, tag or "latest", kind, digest)


def secret(arn: str, keys: list[str], kms_key: str | None = None) -> None:
    """A secret with this ARN (or the ARN that its name gets), with the JSON keys that are read."""
    _, _, _, region, account, _, name = arn.split(":")[:7]
    backend = secretsmanager_backends[account][region]
    short = re.sub(r"-[A-Za-z0-9]{6}$", "", name)
    content = json.dumps({key: "example" for key in keys or ["password"]})
    backend.create_secret(short, content, None, None, [], kms_key, None, [], False)
    backend.secrets[short].arn = arn if short != name else f"{arn}-AbCdEf"


def parameter(account: str, region: str, name: str, value: str) -> None:
    """An SSM parameter."""
    ssm_backends[account][region].put_parameter(name, "", value, "String", "", "", True, [], "text", None, None)


def zone(account: str, zone_id: str, name: str) -> None:
    """A public hosted zone with this ID."""
    backend = route53_backends[account]["aws"]
    found = backend.create_hosted_zone(name, False, zone_id)
    del backend.zones[found.resource_id]
    found.resource_id = zone_id
    backend.zones[zone_id] = found


def role(account: str, name: str, service: str = "ec2.amazonaws.com") -> str:
    """A role that a service may assume."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    backend = iam_backends[account]["aws"]
    return backend.create_role(name, policy, "/", None, "", [], "3600").arn


def function(arn: str) -> None:
    """A Lambda function with this ARN that does nothing."""
    _, _, _, region, account, _, name = arn.split(":")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return None\n")
    lambda_backends[account][region].create_function(
        {
            "FunctionName": name, "Runtime": "python3.13", "Handler": "index.handler",
            "Role": role(account, name, "lambda.amazonaws.com"),
            "Code": {"ZipFile": base64.b64encode(packed.getvalue()).decode()},
        }
    )  # fmt: skip


def key(arn: str, services: list[str]) -> None:
    """A key with this ARN that its account manages and that services may use."""
    _, _, _, region, account, name = arn.split(":")
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    users = [
        {"Effect": "Allow", "Principal": {"Service": item}, "Action": actions, "Resource": "*"} for item in services
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [root, *users]})
    backend = kms_backends[account][region]
    made = backend.create_key(policy, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None)
    del backend.keys[made.id]
    made.id, made.arn = name.removeprefix("key/"), arn
    backend.keys[made.id] = made


def topic(arn: str, services: list[str]) -> None:
    """A topic to which services may publish."""
    _, _, _, region, account, name = arn.split(":")
    sns = clients.client("sns", region, access_key(account))
    statements = [
        {"Effect": "Allow", "Principal": {"Service": item}, "Action": "SNS:Publish", "Resource": arn}
        for item in services
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    sns.create_topic(Name=name, Attributes={"Policy": policy})


def cluster(account: str, region: str, name: str) -> None:
    """A cluster for tasks on Fargate."""
    ecs = clients.client("ecs", region, access_key(account))
    ecs.create_cluster(clusterName=name, capacityProviders=["FARGATE", "FARGATE_SPOT"])


def boundary(arn: str) -> None:
    """A managed policy that bounds roles."""
    iam = clients.client("iam", "us-east-1", access_key(arn.split(":")[4]))
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_policy(PolicyName=arn.rsplit("/", 1)[1], PolicyDocument=policy)


def network(item: dict[str, Any]) -> None:
    """A VPC with DNS names on, its subnets in the Region's zones, route tables, exports, endpoints."""
    backend = ec2_backends[item["account"]][item["region"]]
    with _ids(vpcs, "random_vpc_id", item["vpc"]):
        backend.create_vpc(item["cidr"])
    backend.vpcs[item["vpc"]].enable_dns_hostnames = True
    blocks = ipaddress.ip_network(item["cidr"]).subnets(new_prefix=24)
    for index, (subnet_id, block) in enumerate(zip(item["subnets"], blocks, strict=False)):
        with _ids(subnets, "random_subnet_id", subnet_id):
            backend.create_subnet(item["vpc"], str(block), availability_zone=item["region"] + "abcdef"[index])
        if index < len(item["tables"]):
            with _ids(route_tables, "random_route_table_id", item["tables"][index]):
                backend.create_route_table(item["vpc"])
            backend.associate_route_table(item["tables"][index], subnet_id=subnet_id)
    if item.get("exports"):
        exports(item["account"], item["region"], "network", dict.fromkeys(item["exports"], item["vpc"]))
    for service in item.get("endpoints", []):
        _endpoint(item, service)


def _endpoint(item: dict[str, Any], service: str) -> None:
    """An interface endpoint of somebody else in the VPC, open to the whole VPC."""
    key = access_key(item["account"])
    ec2 = clients.client("ec2", item["region"], key)
    group = ec2.create_security_group(GroupName=service, Description="endpoint", VpcId=item["vpc"])["GroupId"]
    peer = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": item["cidr"]}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=peer)
    ec2.create_vpc_endpoint(
        VpcId=item["vpc"], VpcEndpointType="Interface", PrivateDnsEnabled=True,
        ServiceName=f"com.amazonaws.{item['region']}.{service}", SubnetIds=item["subnets"],
        SecurityGroupIds=[group],
    )  # fmt: skip


@contextmanager
def _ids(module: Any, name: str, wanted: str) -> Iterator[None]:
    """Let moto give the next resource this ID."""
    own = getattr(module, name)
    setattr(module, name, lambda *_: wanted)
    try:
        yield
    finally:
        setattr(module, name, own)


def exports(account: str, region: str, name: str, values: dict[str, str]) -> None:
    """A stack of somebody else that exports values."""
    place = f"arn:aws:cloudformation:{region}:{account}:stack/{name}/seed"
    found = Stack(place, name, account, region, status="CREATE_COMPLETE")
    found.outputs = [
        {"OutputKey": f"Output{index}", "OutputValue": value, "ExportName": key}
        for index, (key, value) in enumerate(values.items())
    ]
    stacks(account, region)[place] = found


def plant(document: dict[str, Any]) -> None:
    """Make everything that the document lists."""
    for item in document.get("networks", []):
        network(item)
    for item in document.get("zones", []):
        zone(item["account"], item["id"], item["name"])
    for item in document.get("roles", []):
        role(item["account"], item["name"])
    for item in document.get("functions", []):
        function(item["arn"])
    for item in document.get("certificates", []):
        certificate(item["arn"], item.get("domain", "service.example.com"))
    for uri in document.get("images", []):
        image(uri)
    for item in document.get("keys", []):
        key(item["arn"], item.get("services", []))
    for item in document.get("secrets", []):
        secret(item["arn"], item.get("keys", []), item.get("kmsKey"))
    for item in document.get("parameters", []):
        parameter(item["account"], item["region"], item["name"], item["value"])
    for item in document.get("topics", []):
        topic(item["arn"], item.get("services", []))
    for item in document.get("clusters", []):
        cluster(item["account"], item["region"], item["name"])
    for item in document.get("boundaries", []):
        boundary(item["arn"])
    for item in document.get("exports", []):
        exports(item["account"], item["region"], item["stack"], item["values"])
