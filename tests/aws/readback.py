"""Reading deployed stacks back over the AWS API, and comparing them with their templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from emulator import clients, resources
from emulator.cloudformation import document, parameters, schema
from emulator.cloudformation.intrinsics import NoValue, Scope
from harness import KEY_PREFIX, Emulator

Check = Callable[["Deployed", str, dict[str, Any]], None]
_checks: dict[str, Check] = {}


def reads(*kinds: str) -> Callable[[Check], Check]:
    """Register the function that reads resources of these types back."""

    def register(check: Check) -> Check:
        for kind in kinds:
            _checks[kind] = check
        return check

    return register


class Deployed:
    """One stack as it stands in the account, with the template that it should follow."""

    def __init__(self, emulator: Emulator, account: str, region: str, stack: str, template: Path):
        clients.set_endpoint(emulator.url)
        self.emulator, self.account, self.region, self.stack = emulator, account, region, stack
        self.template = document.parse(template.read_text())
        found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        self.stack_id, self.status = found["StackId"], found["StackStatus"]
        self.outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}
        self.tags = {item["Key"]: item["Value"] for item in found.get("Tags", [])}
        listed = self.client("cloudformation").describe_stack_resources(StackName=stack)
        self.physical = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in listed["StackResources"]}
        self.problems: list[str] = []
        self.compared = 0
        self.scope = self._scope(found.get("Parameters", []))

    def client(self, service: str) -> Any:
        """A boto3 client in the stack's account and Region."""
        return self.emulator.client(service, self.account, self.region)

    def _scope(self, given: list[dict[str, str]]) -> Scope:
        def parameter_store(name: str) -> str:
            return self.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]

        known = [{"ParameterKey": i["ParameterKey"], "ParameterValue": i["ParameterValue"]} for i in given]
        _, values = parameters.resolve(self.template.get("Parameters") or {}, known, {}, parameter_store)
        names = {
            "AWS::AccountId": self.account, "AWS::Region": self.region, "AWS::StackId": self.stack_id,
            "AWS::StackName": self.stack, "AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws",
            "AWS::NoValue": NoValue, **values, **self.physical,
        }  # fmt: skip
        return Scope(self.template, names, self._attribute, self._import, self._zones, self._stack_output)

    def _zones(self, region: str) -> list[str]:
        zones = self.client("ec2").describe_availability_zones()["AvailabilityZones"]
        return [zone["ZoneName"] for zone in zones]

    def _stack_output(self, node: dict[str, Any]) -> str:
        account = node["RoleArn"].split(":")[4] if node.get("RoleArn") else self.account
        other = self.emulator.client("cloudformation", account, node.get("Region", self.region))
        found = other.describe_stacks(StackName=node["StackName"])["Stacks"][0]["Outputs"]
        return next(item["OutputValue"] for item in found if item["OutputKey"] == node["OutputName"])

    def _import(self, name: str) -> str:
        exports = self.client("cloudformation").list_exports()["Exports"]
        return {item["Name"]: item["Value"] for item in exports}[name]

    def _attribute(self, name: str, wanted: str) -> Any:
        kind = self.template["Resources"][name]["Type"]
        if schema.is_custom(kind):
            return NoValue
        context = resources.Context(
            self.account, self.region, KEY_PREFIX + self.account, self.stack, self.stack_id, name
        )
        properties = self.template["Resources"][name].get("Properties") or {}
        simple = {key: value for key, value in properties.items() if isinstance(value, str)}
        if kind in ("AWS::EC2::VPCCidrBlock", "AWS::SSM::Parameter"):
            simple = self.scope.value(properties)
        return resources.handler(kind).attributes(context, self.physical[name], simple)[wanted]

    def wanted(self) -> list[tuple[str, str]]:
        """The resources that the template makes under its conditions: name and type."""
        return [
            (name, item["Type"])
            for name, item in self.template["Resources"].items()
            if "Condition" not in item or self.scope.condition(item["Condition"])
        ]

    def properties(self, name: str) -> dict[str, Any]:
        """The evaluated properties of a resource."""
        item = self.template["Resources"][name]
        found = self.scope.value(item.get("Properties") or {})
        if schema.is_custom(item["Type"]):
            return found
        return schema.of(item["Type"], self.region).coerce(found)

    def same(self, what: str, wanted: Any, found: Any) -> None:
        """Note a difference."""
        self.compared += 1
        if wanted != found:
            self.problems.append(f"{self.stack}: {what}: wanted {wanted!r}, found {found!r}")

    def members(self, what: str, props: dict[str, Any], found: dict[str, Any], *names: str) -> None:
        """Compare members that are spelled alike; those that the template leaves out are skipped."""
        for name in names:
            if name in props:
                self.same(f"{what}.{name}", props[name], found.get(name))

    def policy(self, what: str, wanted: Any, found: Any) -> None:
        """Compare two policy documents as documents."""
        self.same(what, _document(wanted), _document(found))

    def tagged(self, what: str, props: dict[str, Any], found: dict[str, str]) -> None:
        """The template's tags and the stack's must be on the resource."""
        wanted = {tag["Key"]: tag["Value"] for tag in props.get("Tags") or []}
        for key, value in {**self.tags, **wanted}.items():
            self.same(f"{what} tag {key}", value, found.get(key))

    def check(self) -> None:
        """Compare every resource; a type that nothing reads back is a problem of its own."""
        wanted = self.wanted()
        self.same("resources", sorted(name for name, _ in wanted), sorted(self.physical))
        for name, kind in wanted:
            if name not in self.physical:
                continue
            read = _checks.get("Custom" if schema.is_custom(kind) else kind)
            if read is None:
                self.problems.append(f"{self.stack}: nothing reads back {kind} ({name})")
                continue
            before = self.compared
            read(self, name, self.properties(name))
            if self.compared == before:
                self.problems.append(f"{self.stack}: nothing was compared for {kind} ({name})")

    def outputs_match(self) -> None:
        """Every output has the value that the template says."""
        for name, item in (self.template.get("Outputs") or {}).items():
            if "Condition" in item and not self.scope.condition(item["Condition"]):
                continue
            value = self.scope.value(item["Value"])
            if value is not NoValue:
                self.same(f"output {name}", str(value), self.outputs.get(name))


def _document(value: Any) -> Any:
    found = json.loads(value) if isinstance(value, str) else value
    return json.loads(json.dumps(found, sort_keys=True, default=str))


def pairs(items: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """A list of keys and values as one map."""
    return {item[key]: item[value] for item in items or []}
