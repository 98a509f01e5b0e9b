"""Broken templates: each must fail on deployment with AWS's reason, and its corrected twin must deploy.

A file in `broken/` has front matter and a template:

- `refusal` says what AWS refuses, `source` where it is documented, `expect` a part of the reason;
- `parts` names files of `broken/parts/` whose resources are the background;
- `fix` lists the edits that make the twin: `at` is a path, `set` a value, `remove` takes it away;
- `update` lists edits that turn the deployed template into the broken one (otherwise it is broken
  from the start);
- `before` names parts and a template that another account or stack deploys first; its outputs are
  the parameters of the same names;
- `delete: before` says that the template deploys, and that deleting the stack before it must fail
  until the edits of `fix` have been deployed;
- `seed` says what the account holds before.

`python broken.py [NAME…]` runs them all or those named, and ends with 0 when all are as they should be.
"""

from __future__ import annotations

import copy
import json
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import yaml

from emulator.cloudformation import document
from harness import Emulator

FOLDER = Path(__file__).resolve().parent / "broken"
OWNER, REGION = "111122223333", "eu-west-1"
IMAGE = f"{OWNER}.dkr.ecr.{REGION}.amazonaws.com/payments:1.4.2"
CERTIFICATE = f"arn:aws:acm:{REGION}:{OWNER}:certificate/11111111-2222-3333-4444-555555555555"
SEED = {"images": [IMAGE], "certificates": [{"arn": CERTIFICATE}]}


def load(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The front matter and the templates of a file."""
    documents = list(yaml.load_all(path.read_text(), document._Loader))
    return documents[0], documents[1:]


def assembled(template: dict[str, Any], parts: list[str]) -> dict[str, Any]:
    """The template over its background; what it says itself wins."""
    whole: dict[str, Any] = {"Resources": {}}
    for name in parts:
        part = yaml.load((FOLDER / "parts" / f"{name}.yaml").read_text(), document._Loader)
        whole["Resources"].update(part["Resources"])
    for section, content in template.items():
        whole[section] = {**whole.get(section, {}), **content} if isinstance(content, dict) else content
    return whole


def edited(template: dict[str, Any], edits: list[dict[str, Any]]) -> dict[str, Any]:
    """The template after the edits; a path that does not exist is a mistake in the file."""
    whole = copy.deepcopy(template)
    for edit in edits:
        *way, last = edit["at"]
        place = whole
        for step in way:
            place = place[step]
        if edit.get("remove"):
            del place[last]
        else:
            place[last] = edit["set"]
    return whole


class Account:
    """CloudFormation in one account."""

    def __init__(self, emulator: Emulator, account: str, region: str):
        self.api = emulator.client("cloudformation", account, region)

    def deploy(self, stack: str, template: dict[str, Any], parameters: dict[str, str], kind: str) -> tuple[str, str]:
        """Deploy through a change set; gives the stack's status and every reason of a failure."""
        try:
            self.api.create_change_set(
                StackName=stack, ChangeSetName=f"{kind.lower()}-{time.monotonic_ns()}", ChangeSetType=kind,
                TemplateBody=yaml.safe_dump(template), Capabilities=["CAPABILITY_NAMED_IAM"],
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            )  # fmt: skip
        except self.api.exceptions.ClientError as error:
            return "REFUSED", str(error)
        listed = self.api.list_change_sets(StackName=stack)["Summaries"][-1]
        self.api.execute_change_set(ChangeSetName=listed["ChangeSetId"])
        return self.wait(stack)

    def wait(self, stack: str) -> tuple[str, str]:
        """Wait until the stack rests."""
        while True:
            found = self.api.describe_stacks(StackName=stack)["Stacks"][0]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(0.1)
        events = self.api.describe_stack_events(StackName=found["StackId"])["StackEvents"]
        reasons = [
            f"{item['LogicalResourceId']}: {item['ResourceStatusReason']}"
            for item in events
            if item["ResourceStatus"].endswith("_FAILED") and item.get("ResourceStatusReason")
        ]
        return found["StackStatus"], "\n".join(reasons)

    def outputs(self, stack: str) -> dict[str, str]:
        """The outputs of a stack."""
        found = self.api.describe_stacks(StackName=stack)["Stacks"][0]
        return {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}

    def left(self, stack: str) -> list[str]:
        """The resources that a stack still holds."""
        listed = self.api.describe_stack_resources(StackName=stack)["StackResources"]
        return [item["LogicalResourceId"] for item in listed]


class Case:
    """One broken template."""

    def __init__(self, path: Path):
        self.name = path.stem
        self.front, templates = load(path)
        self.before = assembled(templates[0], self.front["before"]["parts"]) if "before" in self.front else None
        own = templates[1] if self.before else templates[0]
        self.template = assembled(own, self.front.get("parts", []))
        for key in ("refusal", "source", "expect", "fix"):
            if not self.front.get(key):
                raise ValueError(f"{path.name} lacks `{key}`")
        if not self.front["source"].startswith("https://"):
            raise ValueError(f"{path.name}: `source` is not a link")

    def _start(self, emulator: Emulator) -> tuple[Account, dict[str, str]]:
        emulator.reset()
        emulator.seed({**SEED, **self.front.get("seed", {})})
        parameters: dict[str, str] = {}
        if self.before:
            place = self.front["before"]
            owner = Account(emulator, OWNER, place.get("region", REGION))
            status, reasons = owner.deploy("before", self.before, {}, "CREATE")
            assert status == "CREATE_COMPLETE", f"the stack before: {status}\n{reasons}"
            declared = self.template.get("Parameters") or {}
            parameters = {k: v for k, v in owner.outputs("before").items() if k in declared}
        account = Account(emulator, self.front.get("account", OWNER), self.front.get("region", REGION))
        return account, parameters

    def _run_deletion(self, emulator: Emulator) -> None:
        """The stack before cannot be deleted under the template, and can when the template is mended."""
        account, parameters = self._start(emulator)
        owner = Account(emulator, OWNER, REGION)
        status, reasons = account.deploy("case", self.template, parameters, "CREATE")
        assert status == "CREATE_COMPLETE", f"{status}: {reasons}"
        found = owner.api.describe_stacks(StackName="before")["Stacks"][0]["StackId"]
        owner.api.delete_stack(StackName=found)
        status, reasons = owner.wait(found)
        assert status == "DELETE_FAILED", status
        assert self.front["expect"] in reasons, f"wanted `{self.front['expect']}`, got {reasons}"
        twin = edited(self.template, self.front["fix"])
        status, reasons = account.deploy("case", twin, parameters, "UPDATE")
        assert status == "UPDATE_COMPLETE", f"the twin: {status}: {reasons}"
        owner.api.delete_stack(StackName=found)
        status, reasons = owner.wait(found)
        assert status == "DELETE_COMPLETE", f"the twin: {status}: {reasons}"

    def run(self, emulator: Emulator) -> None:
        """The broken template fails with its reason and leaves nothing; the corrected one deploys."""
        if self.front.get("delete"):
            self._run_deletion(emulator)
            return
        account, parameters = self._start(emulator)
        changes = self.front.get("update")
        kind, broken = "CREATE", self.template
        if changes:
            status, reasons = account.deploy("case", self.template, parameters, "CREATE")
            assert status == "CREATE_COMPLETE", f"before the update: {status}\n{reasons}"
            kind, broken = "UPDATE", edited(self.template, changes)
        kept = account.left("case") if changes else []
        status, reasons = account.deploy("case", broken, parameters, kind)
        assert self.front["expect"] in reasons, f"wanted `{self.front['expect']}`, got {status}: {reasons}"
        rolled_back = "UPDATE_ROLLBACK_COMPLETE" if changes else "ROLLBACK_COMPLETE"
        assert status in (rolled_back, "REFUSED"), f"{status}: {reasons}"
        if status != "REFUSED":
            assert account.left("case") == kept, f"left behind: {account.left('case')}"
        if not changes:
            account, parameters = self._start(emulator)
        status, reasons = account.deploy("case", edited(broken, self.front["fix"]), parameters, kind)
        assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), f"the twin: {status}: {reasons}"


def through_the_cli(emulator: Emulator, path: Path) -> None:
    """`cdk deploy` of a broken template ends with an error and shows AWS's reason."""
    case = Case(path)
    emulator.reset()
    emulator.seed(SEED)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "case.template.json").write_text(json.dumps(case.template))
        stack = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{OWNER}/{REGION}",
            "properties": {"templateFile": "case.template.json"},
        }
        manifest = {"version": "36.0.0", "artifacts": {"case": stack}}
        (place / "manifest.json").write_text(json.dumps(manifest))
        text = emulator.cdk(
            ["--app", folder, "deploy", "--require-approval", "never", "--progress", "events"],
            OWNER, REGION, expect=1,
        )  # fmt: skip
    assert case.front["expect"] in text, text


def main() -> int:
    """Run the cases that the command line names, or all."""
    wanted = set(sys.argv[1:])
    paths = [path for path in sorted(FOLDER.glob("*.yaml")) if not wanted or path.stem in wanted]
    failed = 0
    with Emulator() as emulator:
        for path in paths:
            try:
                case = Case(path)
                case.run(emulator)
                print(f"ok      {case.name}: {case.front['refusal']}", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAILED  {path.stem}: {error}", flush=True)
                if not isinstance(error, AssertionError):
                    traceback.print_exc()
        if not wanted:
            through_the_cli(emulator, FOLDER / "tls-listener-without-certificate.yaml")
            print("ok      cdk deploy tells the reason of a broken template")
    print(f"{len(paths) - failed} of {len(paths)} broken templates fail as documented, and their twins deploy")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
