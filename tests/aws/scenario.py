"""Deploy a cloud assembly with the CDK CLI, read it back, update it, and take it away again.

`python scenario.py ASSEMBLY [--update ASSEMBLY]` ends with 0 when everything was as it should be.
The assembly holds one stack with an endpoint service (the provider) and any number of consumers,
each of which takes the service's name as a parameter without a default.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import readback_network  # noqa: F401  registers what it reads back
import readback_service  # noqa: F401  registers what it reads back
from emulator import resources
from harness import Emulator
from prior import needs, open_parameter
from promises import Promises
from readback import Deployed

# What CloudFormation takes in a request. The CDK CLI sends YAML, which is never shorter than JSON without spaces.
REQUEST_BYTES = 51_200
# Where stacks are deployed that leave the environment to the caller.
ANY_ACCOUNT, ANY_REGION = "111122223333", "eu-west-1"


@dataclass
class StackOf:
    """One stack of a cloud assembly."""

    artifact: str
    name: str
    account: str
    region: str
    template: Path
    bootstrapped: bool

    @property
    def document(self) -> dict[str, Any]:
        """The template."""
        return json.loads(self.template.read_text())

    @property
    def kinds(self) -> set[str]:
        """The resource types of the template."""
        return {item["Type"] for item in self.document.get("Resources", {}).values()}

    @property
    def provides(self) -> bool:
        """Whether the stack shares a service."""
        return "AWS::EC2::VPCEndpointService" in self.kinds

    @property
    def consumes(self) -> bool:
        """Whether the stack connects to a service and runs nothing."""
        return "AWS::EC2::VPCEndpoint" in self.kinds and "AWS::ECS::Service" not in self.kinds

    @property
    def needs_bucket(self) -> bool:
        """Whether the template is too large for a request."""
        return len(json.dumps(self.document, separators=(",", ":"))) > REQUEST_BYTES

    @property
    def open_parameters(self) -> list[str]:
        """The parameters that a deployment must give."""
        declared = self.document.get("Parameters") or {}
        return [name for name, slot in declared.items() if "Default" not in slot]


def stacks_of(assembly: Path) -> list[StackOf]:
    """The stacks of a cloud assembly, in the manifest's order."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    found = []
    for artifact, item in manifest["artifacts"].items():
        if item["type"] == "aws:cloudformation:stack":
            _, _, account, region = item["environment"].split("/")
            account = account.replace("unknown-account", ANY_ACCOUNT)
            region = region.replace("unknown-region", ANY_REGION)
            props = item["properties"]
            found.append(
                StackOf(
                    artifact, props.get("stackName", artifact), account, region,
                    assembly / props["templateFile"], "requiresBootstrapStackVersion" in props,
                )
            )  # fmt: skip
    return found


class Scenario:
    """One run from empty accounts to empty accounts."""

    def __init__(
        self, emulator: Emulator, assembly: Path, update: Path | None, prior: dict[str, Any], specs: list[Promises]
    ):
        self.emulator, self.assembly, self.update, self.prior = emulator, assembly, update, prior
        self.specs = specs
        self.stacks = stacks_of(assembly)
        self.providers = [stack for stack in self.stacks if stack.provides]
        self.consumers = [stack for stack in self.stacks if stack.consumes]
        self.others = [s for s in self.stacks if s not in self.providers and s not in self.consumers]
        self.compared = 0
        self.started = time.monotonic()

    def say(self, text: str) -> None:
        """Tell a step that held."""
        print(f"ok {time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    def cdk(self, stack: StackOf, assembly: Path, *arguments: str, expect: int | None = 0) -> str:
        """Run the CDK CLI for one stack, with that stack's account."""
        return self.emulator.cdk(["--app", str(assembly), *arguments], stack.account, stack.region, expect)

    def prepare(self) -> None:
        """Empty accounts, bootstrapped where the assembly needs it, with what the templates name."""
        self.emulator.reset()
        places = {(stack.account, stack.region) for stack in self.stacks if stack.bootstrapped}
        for account, region in sorted(places):
            self.emulator.cdk(["bootstrap", f"aws://{account}/{region}"], account, region)
            self.say(f"cdk bootstrap aws://{account}/{region}")
        seeds: dict[str, list[Any]] = {}
        every = self.stacks + (stacks_of(self.update) if self.update else [])
        for stack in every:
            for key, items in needs(stack.document, stack.account, stack.region).items():
                known = seeds.setdefault(key, [])
                known += [item for item in items if item not in known]
        self.emulator.seed({**seeds, **self.prior})

    def without_bucket(self) -> None:
        """A template too large for a request goes nowhere until the environment has a bucket."""
        for stack in self.stacks:
            if stack.bootstrapped or not stack.needs_bucket:
                continue
            text = self.cdk(stack, self.assembly, "deploy", stack.artifact, "--exclusively", "--require-approval",
                            "never", expect=1)  # fmt: skip
            assert "must be uploaded to S3" in text and f"cdk bootstrap aws://{stack.account}" in text, text
            self.say(f"{stack.name}: too large without a bucket")
            self.emulator.cdk(["bootstrap", f"aws://{stack.account}/{stack.region}"], stack.account, stack.region)

    def list_and_diff(self) -> None:
        """`cdk ls` names every stack; `cdk diff` shows every resource as new."""
        first = self.stacks[0]
        listed = {line.split(" ")[0] for line in self.cdk(first, self.assembly, "ls").splitlines()}
        missing = {stack.artifact for stack in self.stacks} - listed
        assert not missing, f"cdk ls does not list {missing}"
        self.say(f"cdk ls lists {len(self.stacks)} stacks")
        for stack in self.providers or self.others:
            text = self.cdk(stack, self.assembly, "diff", stack.artifact, "--no-color")
            new = [name for name in stack.document["Resources"] if f" {name}" in text]
            absent = set(stack.document["Resources"]) - set(new)
            # What the CDK counts apps with, its CLI does not show.
            hidden = ("AWS::CDK::Metadata",)
            left_out = {n for n, r in stack.document["Resources"].items() if "Condition" in r or r["Type"] in hidden}
            assert not absent - left_out, f"cdk diff does not show {absent}"
            self.say(f"cdk diff shows {len(new)} new resources of {stack.name}")

    def deploy(self, stack: StackOf, assembly: Path, *parameters: str, provider: Deployed | None = None) -> Deployed:
        """Deploy, read everything back, and compare it with the template and with the spec."""
        given = [part for item in parameters for part in ("--parameters", item)]
        self.cdk(stack, assembly, "deploy", stack.artifact, "--exclusively", "--require-approval",
                 "never", "--progress", "events", *given)  # fmt: skip
        deployed = Deployed(self.emulator, stack.account, stack.region, stack.name, stack.template)
        assert deployed.status.endswith("_COMPLETE"), deployed.status
        deployed.check()
        deployed.outputs_match()
        by_template = deployed.compared
        if self.specs:
            spec = self.specs[-1 if assembly == self.update else 0]
            spec.consumer(deployed, provider) if provider else spec.provider(deployed)
        by_spec = deployed.compared - by_template
        assert not deployed.problems, "read-back differs:\n" + "\n".join(deployed.problems)
        self.compared += deployed.compared
        count = len(deployed.physical)
        values = f"{by_template} values read back" + (f", {by_spec} of them promised by the spec" if by_spec else "")
        self.say(f"{stack.name}: deployed, {count} resources and {values}")
        return deployed

    def service_name(self, deployed: Deployed) -> str:
        """The name of the provider's endpoint service, as its outputs hand it over."""
        names = {v for v in deployed.outputs.values() if v.startswith("com.amazonaws.vpce.")}
        assert len(names) == 1, f"{deployed.stack} does not output one service name: {deployed.outputs}"
        return names.pop()

    def connect(self, provider: StackOf, deployed: Deployed, consumer: StackOf) -> None:
        """Deploy a consumer and follow its connection at the provider."""
        name = self.service_name(deployed)
        declared = consumer.document.get("Parameters") or {}
        parameters = [
            f"{key}={name if self._is_service_name(declared[key]) else open_parameter(key, declared[key])}"
            for key in consumer.open_parameters
        ]
        found = self.deploy(consumer, self.assembly, *parameters, provider=deployed)
        ids = {item for key, item in found.physical.items() if item.startswith("vpce-")}
        ec2 = deployed.client("ec2")
        service_id = name.rsplit(".", 1)[1]
        answer = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])
        waits = answer["ServiceConfigurations"][0]["AcceptanceRequired"]
        mine = self._connections(ec2, service_id, consumer.account, ids)
        wanted = "pendingAcceptance" if waits else "available"
        assert mine and set(mine.values()) == {wanted}, f"connections of {consumer.name}: {mine}"
        if waits:
            ec2.accept_vpc_endpoint_connections(ServiceId=service_id, VpcEndpointIds=list(mine))
            mine = self._connections(ec2, service_id, consumer.account, ids)
            assert set(mine.values()) == {"available"}, mine
        self.say(f"{consumer.name}: connected to {provider.name}, first {wanted}, then available")

    def _is_service_name(self, slot: dict[str, Any]) -> bool:
        return "vpce" in slot.get("AllowedPattern", "") or "service" in slot.get("Description", "").lower()

    def _connections(self, ec2: Any, service_id: str, owner: str, ids: set[str]) -> dict[str, str]:
        answer = ec2.describe_vpc_endpoint_connections(Filters=[{"Name": "service-id", "Values": [service_id]}])
        return {
            item["VpcEndpointId"]: item["VpcEndpointState"]
            for item in answer["VpcEndpointConnections"]
            if item["VpcEndpointOwner"] == owner and item["VpcEndpointId"] in ids
        }

    def again(self) -> None:
        """A second deployment of the same assembly changes nothing."""
        for stack in self.providers or self.others:
            text = self.cdk(stack, self.assembly, "diff", stack.artifact, "--no-color")
            assert "There were no differences" in text or "Number of stacks with differences: 0" in text, text
            text = self.cdk(stack, self.assembly, "deploy", stack.artifact, "--exclusively", "--require-approval", "never")  # fmt: skip
            assert "no changes" in text, text
            self.say(f"{stack.name}: deployed again without changes")

    def tamper(self, provider: StackOf) -> None:
        """The read-back notices a change that somebody makes behind CloudFormation's back."""
        it = Deployed(self.emulator, provider.account, provider.region, provider.name, provider.template)
        ec2 = it.client("ec2")
        services = [value for value in it.physical.values() if value.startswith("vpce-svc-")]
        configuration = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=services[:1])
        required = configuration["ServiceConfigurations"][0]["AcceptanceRequired"]
        for value, noticed in ((not required, True), (required, False)):
            ec2.modify_vpc_endpoint_service_configuration(ServiceId=services[0], AcceptanceRequired=value)
            it.problems = []
            it.check()
            assert bool(it.problems) == noticed, f"read-back after tampering: {it.problems}"
            for spec in self.specs[:1]:
                it.problems = []
                spec.provider(it)
                assert bool(it.problems) == noticed, f"comparison with the spec after tampering: {it.problems}"
        self.say(f"{provider.name}: the read-back notices a tampered endpoint service")

    def change(self) -> None:
        """Deploy the second assembly over the first."""
        if self.update is None:
            return
        newer = {stack.name: stack for stack in stacks_of(self.update)}
        for stack in self.providers:
            after = newer[stack.name]
            before = Deployed(self.emulator, stack.account, stack.region, stack.name, stack.template)
            assert after.document != stack.document, "the second assembly is the same as the first"
            text = self.cdk(after, self.update, "diff", after.artifact, "--no-color")
            assert "There were no differences" not in text, text
            found = self.deploy(after, self.update)
            kept = [n for n in before.physical if found.physical.get(n) == before.physical[n]]
            changed = sorted(set(found.physical) - set(kept))
            self.say(f"{stack.name}: updated, {len(kept)} resources kept, new or replaced: {changed}")

    def destroy(self) -> None:
        """Take everything away; a provider cannot go before its consumers."""
        assembly = self.update or self.assembly
        for stack in self.providers:
            if self.consumers:
                text = self.cdk(stack, assembly, "destroy", stack.artifact, "--exclusively", "--force", expect=None)
                assert "ExistingVpcEndpointConnections" in text or "existing active VPC Endpoint" in text, text
                self.say(f"{stack.name}: not destroyed while consumers are connected")
        for stack in [*self.consumers, *self.providers, *self.others]:
            self._unprotect(stack, assembly)
            self.cdk(stack, assembly, "destroy", stack.artifact, "--exclusively", "--force")
            self.say(f"{stack.name}: destroyed")

    def _refused(self, stack: StackOf, assembly: Path, because: str) -> None:
        text = self.cdk(stack, assembly, "destroy", stack.artifact, "--exclusively", "--force", expect=1)
        assert because in text, text
        self.say(f"{stack.name}: not destroyed, {because}")

    def _unprotect(self, stack: StackOf, assembly: Path) -> None:
        """What is protected is not destroyed until somebody takes the protection off."""
        cloudformation = self.emulator.client("cloudformation", stack.account, stack.region)
        found = cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]
        if found.get("EnableTerminationProtection"):
            self._refused(stack, assembly, "TerminationProtection is enabled")
            cloudformation.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)
        elbv2 = self.emulator.client("elbv2", stack.account, stack.region)
        listed = cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
        for item in listed:
            if item["ResourceType"] != "AWS::ElasticLoadBalancingV2::LoadBalancer":
                continue
            arn, key = item["PhysicalResourceId"], "deletion_protection.enabled"
            given = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
            if {"Key": key, "Value": "true"} in given:
                self._refused(stack, assembly, "deletion protection is enabled")
                off = [{"Key": key, "Value": "false"}]
                elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)

    def holdings(self) -> dict[str, list[str]]:
        """What costs money or lets traffic through, per account and Region."""
        held = {}
        for account, region in sorted({(s.account, s.region) for s in self.stacks}):
            ec2 = self.emulator.client("ec2", account, region)
            found = {
                "endpoints": ec2.describe_vpc_endpoints()["VpcEndpoints"],
                "services": ec2.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"],
                "flow logs": ec2.describe_flow_logs()["FlowLogs"],
                "load balancers": self.emulator.client("elbv2", account, region).describe_load_balancers()["LoadBalancers"],
                "clusters": self.emulator.client("ecs", account, region).list_clusters()["clusterArns"],
                "interfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
            }  # fmt: skip
            for kind, items in found.items():
                held[f"{account} {region} {kind}"] = [str(item) for item in items]
        return held

    def leftovers(self) -> None:
        """Nothing is left that was not there before."""
        left = {
            kind: [item for item in items if item not in self.before[kind]] for kind, items in self.holdings().items()
        }
        remaining = {kind: items for kind, items in left.items() if items}
        assert not remaining, f"left behind: {remaining}"
        self.say("nothing is left in the accounts")

    def run(self) -> None:
        """Everything in order."""
        self.prepare()
        self.before = self.holdings()
        self.list_and_diff()
        self.without_bucket()
        for stack in self.others:
            self.deploy(stack, self.assembly)
        for provider in self.providers:
            deployed = self.deploy(provider, self.assembly)
            self.tamper(provider)
            for consumer in self.consumers:
                self.connect(provider, deployed, consumer)
        self.again()
        self.change()
        self.destroy()
        self.leftovers()
        print(f"ok {time.monotonic() - self.started:6.1f} s  {self.compared} values compared in all")


def main() -> int:
    """Run the scenario of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assembly", type=Path)
    parser.add_argument("--update", type=Path, help="an assembly of the same stacks, to deploy over the first")
    parser.add_argument("--prior", type=Path, help="what the accounts hold before, where the templates cannot tell")
    parser.add_argument("--spec", type=Path, help="the spec of the assembly, to compare what is deployed with")
    parser.add_argument("--update-spec", type=Path, help="the spec of the assembly that is deployed over the first")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    update = arguments.update.resolve() if arguments.update else None
    prior = yaml.safe_load(arguments.prior.read_text()) if arguments.prior else {}
    specs = [Promises(spec) for spec in (arguments.spec, arguments.update_spec) if spec]
    resources.load()
    with Emulator(verbose=arguments.verbose) as emulator:
        try:
            Scenario(emulator, arguments.assembly.resolve(), update, prior, specs).run()
        except AssertionError as failure:
            print(f"FAILED {failure}", file=sys.stderr)
            traceback.print_exc(limit=-3)
            print(emulator.errors(), file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
