"""What accounts must hold before templates are deployed: read from what the templates name."""

from __future__ import annotations

import re
from typing import Any

_CERTIFICATE = re.compile(r"arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+")
_SECRET = re.compile(r"(arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+)(?::([^:]+))?.*")
_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/\S+")
_FUNCTION = re.compile(r"arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+")
_VPC = re.compile(r"vpc-[0-9a-f]{8,17}")
_SUBNET = re.compile(r"subnet-[0-9a-f]{8,17}")
_TABLE = re.compile(r"rtb-[0-9a-f]{8,17}")
_ZONE = re.compile(r"Z[0-9A-Z]{12,31}")
_CIDR = re.compile(r"(10|172|192)\.\d+\.\d+\.\d+/(\d+)")
# The network that a consumer's parameters name when a template leaves it open.
OPEN_VPC = "vpc-0c0ffee0c0ffee001"
OPEN_SUBNETS = ("subnet-0c0ffee0c0ffee00a", "subnet-0c0ffee0c0ffee00b")
OPEN_CIDR = "10.30.0.0/16"


class Reader:
    """The texts of one template, with joins and pseudo parameters put together where possible."""

    def __init__(self, template: dict[str, Any], account: str, region: str):
        self.template, self.account, self.region = template, account, region
        self.pseudo = {
            "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }  # fmt: skip
        self.resources = template.get("Resources", {})

    def whole(self, value: Any) -> str | None:
        """The text that a value stands for, if it can be known without deploying."""
        if isinstance(value, str):
            return value
        if not isinstance(value, dict) or len(value) != 1:
            return None
        key, inner = next(iter(value.items()))
        if key == "Ref":
            return self.pseudo.get(inner)
        if key == "Fn::Join" and isinstance(inner[1], list):
            parts = [self.whole(item) for item in inner[1]]
            return None if None in parts else inner[0].join(map(str, parts))
        if key == "Fn::Sub" and isinstance(inner, str):
            for name, text in self.pseudo.items():
                inner = inner.replace("${" + name + "}", text)
            return None if "${" in inner else inner
        return None

    def texts(self, value: Any) -> list[str]:
        """Every text in a value."""
        found = self.whole(value)
        if found is not None:
            return [found]
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [text for item in items for text in self.texts(item)]

    def matching(self, pattern: re.Pattern[str]) -> list[str]:
        """The texts of the resources that are exactly such a name, sorted."""
        return sorted({text for text in self.texts(self.resources) if pattern.fullmatch(text)})

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The properties of the resources of a type."""
        return [item.get("Properties") or {} for item in self.resources.values() if item["Type"] == kind]

    def secret_values(self) -> list[str]:
        """The values that containers take from secrets and parameters which are named in full."""
        found = []
        for props in self.of_type("AWS::ECS::TaskDefinition"):
            for container in props["ContainerDefinitions"]:
                for secret in container.get("Secrets") or []:
                    found += self.texts([secret["ValueFrom"]])
        return found

    def secrets(self) -> list[dict[str, Any]]:
        """Secrets by ARN, with the JSON keys that are read."""
        found: dict[str, set[str]] = {}
        for text in self.secret_values():
            match = _SECRET.fullmatch(text)
            if match:
                found.setdefault(match.group(1), set()).update(filter(None, [match.group(2)]))
        return [{"arn": arn, "keys": sorted(keys)} for arn, keys in sorted(found.items())]

    def parameters(self) -> list[dict[str, str]]:
        """SSM parameters."""
        names = set()
        for text in self.secret_values():
            if ":parameter/" in text:
                names.add("/" + text.split(":parameter/", 1)[1])
            elif not text.startswith("arn:"):
                names.add(text)
        place = {"account": self.account, "region": self.region, "value": "example"}
        return [{**place, "name": name} for name in sorted(names)]

    def zones(self) -> list[dict[str, str]]:
        """Public hosted zones by ID: the domain of a record is one of theirs."""
        found = {}
        for props in self.of_type("AWS::Route53::RecordSet"):
            zone = props.get("HostedZoneId")
            if isinstance(zone, str) and _ZONE.fullmatch(zone):
                last = self.texts(props["Name"])[-1]
                found[zone] = ".".join(last.strip(".").split(".")[-2:])
        return [{"account": self.account, "id": key, "name": name} for key, name in sorted(found.items())]

    def roles(self) -> list[dict[str, str]]:
        """Roles that policies are attached to by name."""
        names = set()
        for kind in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            for props in self.of_type(kind):
                names |= {name for name in props.get("Roles") or [] if isinstance(name, str)}
        return [{"account": self.account, "name": name} for name in sorted(names)]

    def networks(self) -> list[dict[str, Any]]:
        """The VPC, subnets and route tables that are named by ID, or left to parameters."""
        vpcs, subnets, tables = self.matching(_VPC), self.matching(_SUBNET), self.matching(_TABLE)
        imports = self._vpc_imports()
        declared = self.template.get("Parameters") or {}
        cidr = next(iter(sorted(t for t in self.texts(self.resources) if self._network(t))), OPEN_CIDR)
        if "AWS::EC2::VPC::Id" in [slot.get("Type") for slot in declared.values()]:
            vpcs, subnets, cidr = [OPEN_VPC], list(OPEN_SUBNETS), OPEN_CIDR
        if not vpcs and not imports:
            return []
        return [
            {
                "account": self.account, "region": self.region, "vpc": (vpcs or [OPEN_VPC])[0],
                "cidr": cidr, "subnets": subnets, "tables": tables, "exports": imports,
            }
        ]  # fmt: skip

    def _network(self, text: str) -> bool:
        match = _CIDR.fullmatch(text)
        return bool(match) and 16 <= int(match.group(2)) <= 20

    def _vpc_imports(self) -> list[str]:
        """The exports that stand for a VPC."""
        found = set()
        for item in self.resources.values():
            value = (item.get("Properties") or {}).get("VpcId")
            if isinstance(value, dict) and "Fn::ImportValue" in value:
                name = self.whole(value["Fn::ImportValue"])
                if name:
                    found.add(name)
        return sorted(found)


def needs(template: dict[str, Any], account: str, region: str) -> dict[str, list[Any]]:
    """What the template names and does not make, as the emulator's seeds."""
    reader = Reader(template, account, region)
    return {
        "networks": reader.networks(),
        "certificates": [{"arn": arn} for arn in reader.matching(_CERTIFICATE)],
        "images": reader.matching(_IMAGE),
        "secrets": reader.secrets(),
        "parameters": reader.parameters(),
        "zones": reader.zones(),
        "roles": reader.roles(),
        "functions": [{"arn": arn} for arn in reader.matching(_FUNCTION)],
    }


def open_parameter(name: str, slot: dict[str, Any]) -> str:
    """The value of a parameter about the consumer's network."""
    kind = slot.get("Type", "String")
    if kind == "AWS::EC2::VPC::Id":
        return OPEN_VPC
    if kind == "List<AWS::EC2::Subnet::Id>":
        return ",".join(OPEN_SUBNETS)
    if "cidr" in name.lower():
        return OPEN_CIDR
    raise AssertionError(f"the scenario has no value for the parameter {name}")
