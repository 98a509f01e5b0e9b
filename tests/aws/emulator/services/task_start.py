"""Whether the first tasks of a service can start: images, secrets and logs must be reachable.

A task in a subnet without a way to the internet needs the endpoints that the Amazon ECS and Amazon
ECR guides name, open security groups on both ends, and an execution role that may use them.
"""

import ipaddress
import json
import re
from typing import Any

from moto.ecr.models import ecr_backends
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from .. import state
from ..identity import find_role
from . import encryption, network, policies
from .ec2_flow_logs import role_policies

_ECR = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)(?::([^@]+))?(?:@(.+))?")
_PULL = ("BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability")
LAYERS = "arn:aws:s3:::prod-{region}-starport-layer-bucket/*"


class Start:
    """One attempt to start the tasks of a service."""

    def __init__(self, account: str, region: str, task: dict[str, Any], placement: dict[str, Any]):
        self.account = account
        self.region = region
        self.task = task
        self.subnets = [network.subnet(account, region, item) for item in placement["subnets"]]
        self.groups = [network.security_group(account, region, item) for item in placement.get("securityGroups") or []]

    def problems(self) -> list[str]:
        """Why tasks stop before they run; empty when they start."""
        found = self._permissions()
        for subnet in self.subnets:
            table = network.route_table_of(self.account, self.region, subnet.id, subnet.vpc_id)
            if table is None or not network.has_default_route(table):
                found += self._isolated(subnet, table)
        return list(dict.fromkeys(found))

    def _needs(self) -> dict[str, str]:
        """The AWS services that starting needs, and what for."""
        needs: dict[str, str] = {}
        for container in self.task["containerDefinitions"]:
            if _ECR.match(container["image"]):
                needs["ecr.api"] = needs["ecr.dkr"] = "unable to pull registry auth"
            if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
                needs["logs"] = "failed to validate logger args"
            for secret in container.get("secrets") or []:
                service = "secretsmanager" if ":secretsmanager:" in secret["valueFrom"] else "ssm"
                needs[service] = "unable to pull secrets"
        return needs

    def _isolated(self, subnet: Any, table: Any) -> list[str]:
        found = []
        for container in self.task["containerDefinitions"]:
            if not _ECR.match(container["image"]):
                found.append(
                    f"CannotPullContainerError: {container['image']}: the subnet {subnet.id} has no"
                    " route to the registry"
                )
        for service, purpose in self._needs().items():
            problem = self._endpoint_problem(service, subnet)
            if problem:
                found.append(f"ResourceInitializationError: {purpose}: {problem}")
        if "ecr.dkr" in self._needs():
            found += self._layers(subnet, table)
        return found

    def _endpoint_problem(self, service: str, subnet: Any) -> str | None:
        name = f"com.amazonaws.{self.region}.{service}"
        endpoints = [
            item
            for item in state.store("ec2", self.account, self.region).endpoints.values()
            if item["ServiceName"] == name and item["VpcId"] == subnet.vpc_id
        ]
        if not endpoints:
            return f"{subnet.vpc_id} has no endpoint for {name}"
        endpoint = endpoints[0]
        if not endpoint["PrivateDnsEnabled"]:
            return f"{endpoint['VpcEndpointId']} ({name}) has no private DNS"
        for action, resource in self._actions():
            if _endpoint_of(action) == service and not policies.allows([endpoint["PolicyDocument"]], action, resource):
                return f"the policy of {endpoint['VpcEndpointId']} ({name}) does not allow {action} on {resource}"
        groups = [network.security_group(self.account, self.region, item["GroupId"]) for item in endpoint["Groups"]]
        cidrs = [network.subnet(self.account, self.region, item).cidr_block for item in endpoint["SubnetIds"]]
        ids = {group.id for group in self.groups}
        if not any(_admits(group.ingress_rules, ids, [subnet.cidr_block]) for group in groups):
            return f"the security groups of {name} do not admit the tasks on port 443"
        peers = {group.id for group in groups}
        if not any(_admits(group.egress_rules, peers, cidrs) for group in self.groups):
            return f"the security groups of the tasks do not let them reach {name} on port 443"
        return None

    def _layers(self, subnet: Any, table: Any) -> list[str]:
        name = f"com.amazonaws.{self.region}.s3"
        start = "CannotPullContainerError: request canceled while waiting for layers: "
        for endpoint in state.store("ec2", self.account, self.region).endpoints.values():
            if endpoint["ServiceName"] != name or table is None:
                continue
            if table.id not in endpoint["RouteTableIds"]:
                continue
            resource = LAYERS.format(region=self.region)
            if not policies.allows([endpoint["PolicyDocument"]], "s3:GetObject", resource):
                return [f"{start}the policy of {endpoint['VpcEndpointId']} does not allow {resource}"]
            lists = network.backend(self.account, self.region).managed_prefix_lists.values()
            peers = {item.id for item in lists if item.prefix_list_name == name}
            if not any(_admits(group.egress_rules, peers, []) for group in self.groups):
                return [f"{start}the security groups of the tasks do not let them reach {peers}"]
            return []
        return [f"{start}{subnet.id} has no route to {name}"]

    def _permissions(self) -> list[str]:
        role = find_role(self.task.get("executionRoleArn") or "")
        documents = role_policies(role) if role else []
        found = [
            f"ResourceInitializationError: the execution role may not {action} on {resource}"
            for action, resource in self._actions()
            if not policies.allows(documents, action, resource)
        ]
        for container in self.task["containerDefinitions"]:
            found += self._image(container["image"])
            for secret in container.get("secrets") or []:
                found += self._missing(secret["valueFrom"])
            options = (container.get("logConfiguration") or {}).get("options") or {}
            group = options.get("awslogs-group")
            groups = logs_backends[self.account][self.region].groups
            if group and group not in groups and options.get("awslogs-create-group") != "true":
                found.append(
                    "ResourceInitializationError: failed to validate logger args: create stream has"
                    f" been retried 1 times: The specified log group does not exist. ({group})"
                )
        return found

    def _actions(self) -> list[tuple[str, str]]:
        """Every call that starting the containers makes, with the resource that it is made on."""
        wanted: list[tuple[str, str]] = []
        for container in self.task["containerDefinitions"]:
            image = _ECR.match(container["image"])
            if image:
                account, region, repository = image.group(1), image.group(2), image.group(3)
                arn = f"arn:aws:ecr:{region}:{account}:repository/{repository}"
                wanted.append(("ecr:GetAuthorizationToken", "*"))
                wanted += [(f"ecr:{action}", arn) for action in _PULL]
            logs = container.get("logConfiguration") or {}
            if logs.get("logDriver") == "awslogs":
                group = logs["options"]["awslogs-group"]
                arn = f"arn:aws:logs:{self.region}:{self.account}:log-group:{group}:log-stream:x"
                wanted += [("logs:CreateLogStream", arn), ("logs:PutLogEvents", arn)]
            for secret in container.get("secrets") or []:
                wanted += self._reading(secret["valueFrom"])
        return wanted

    def _secret(self, value: str) -> Any | None:
        """The secret that a value names, by its ARN or by its ARN without the random end."""
        parts = value.split(":")
        arn = ":".join(parts[:7])
        for secret in secretsmanager_backends[parts[4]][parts[3]].secrets.values():
            if secret.arn == arn or re.fullmatch(re.escape(arn) + r"-[A-Za-z0-9]{6}", secret.arn):
                return secret
        return None

    def _reading(self, value: str) -> list[tuple[str, str]]:
        if ":secretsmanager:" in value:
            secret = self._secret(value)
            if secret is None:
                return []
            calls = [("secretsmanager:GetSecretValue", secret.arn)]
            if secret.kms_key_id:
                key = encryption.key(self.account, self.region, secret.kms_key_id)
                calls += [("kms:Decrypt", key.arn)] if key else []
            return calls
        if value.startswith("arn:"):
            return [("ssm:GetParameters", value)]
        name = value.lstrip("/")
        return [("ssm:GetParameters", f"arn:aws:ssm:{self.region}:{self.account}:parameter/{name}")]

    def _missing(self, value: str) -> list[str]:
        start = "ResourceInitializationError: unable to pull secrets or registry auth: "
        if ":secretsmanager:" not in value:
            name = "/" + value.split(":parameter/", 1)[-1] if value.startswith("arn:") else value
            known = ssm_backends[self.account][self.region]
            there = known.get_parameter(name) or known.get_parameter(name.lstrip("/"))
            return [] if there else [f"{start}invalid ssm parameters: {value}"]
        secret = self._secret(value)
        if secret is None:
            return [f"{start}ResourceNotFoundException: Secrets Manager can't find {value}"]
        parts = value.split(":")
        key = parts[7] if len(parts) > 7 else ""
        try:
            content = json.loads(secret.versions[secret.default_version_id]["secret_string"])
        except (ValueError, KeyError, TypeError):
            content = None
        if key and (not isinstance(content, dict) or key not in content):
            return [f"{start}retrieved secret from Secrets Manager did not contain json key {key}"]
        return []

    def _image(self, image: str) -> list[str]:
        match = _ECR.match(image)
        if not match:
            return []
        account, region, name, tag, digest = match.groups()
        repository = ecr_backends[account][region].repositories.get(name)
        images = repository.images if repository else []
        for item in images:
            if digest and item.get_image_digest() == digest:
                return []
            if not digest and (tag or "latest") in item.image_tags:
                return []
        return [f"CannotPullContainerError: {image}: not found"]


def _endpoint_of(action: str) -> str | None:
    """The endpoint through which a call goes; the registry's token and manifests come from its API."""
    service = action.split(":", 1)[0]
    return {"ecr": "ecr.api", "kms": None}.get(service, service)


def _admits(rules: list[Any], peers: set[str], cidrs: list[str], port: int = 443) -> bool:
    """Whether a rule lets TCP on the port through, to or from one of the peers or networks."""
    for rule in rules:
        if str(rule.ip_protocol) not in ("tcp", "6", "-1"):
            continue
        ranged = rule.from_port not in (None, "") and str(rule.ip_protocol) != "-1"
        if ranged and not int(rule.from_port) <= port <= int(rule.to_port):
            continue
        group = (rule.source_group or {}).get("GroupId")
        listed = rule.prefix_list_id
        if group in peers or listed in peers:
            return True
        block = (rule.ip_range or {}).get("CidrIp")
        if block and any(_covers(block, item) for item in cidrs):
            return True
    return False


def _covers(block: str, inner: str) -> bool:
    return ipaddress.ip_network(inner).subnet_of(ipaddress.ip_network(block))
