// The same patterns by hand, with the L2s of aws-cdk-lib, and by this library: what they say must be the same, or the
// difference is listed in `differential/differences` under the reason that `differential/reasons.json` has for it. With
// UPDATE_SNAPSHOTS=1 the lists are written again, for a review.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");

const byHand = require("./differential/by-hand.cjs");
const { facts } = require("./differential/facts.cjs");
const ours = require("./differential/ours.cjs");
const reasons = require("./differential/reasons.json");
const { rows, synth } = require("./synth.cjs");

const FOLDER = path.join(__dirname, "differential/differences");
const ENV = { account: "111122223333", region: "eu-west-1" };
const UNEXPLAINED = "without a reason";

/** What is there already before a pattern is added. */
const BEFORE = {
  existing: (stack) => {
    const vpc = byHand.make.network(stack);
    return { vpc, cluster: byHand.make.cluster(stack, vpc) };
  },
  sharing: (stack) => ({
    balancer: new elb.NetworkLoadBalancer(stack, "LoadBalancer", {
      vpc: byHand.make.network(stack),
      internetFacing: false,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    }),
  }),
  consumer: (stack) => ({
    vpc: byHand.make.network(stack, "10.30.0.0/16"),
    serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
  }),
};

/** The facts of a pattern, and what the rulebook says of it. */
function made(patterns, name) {
  const result = synth((app) => {
    const stack = new cdk.Stack(app, "Stack", { env: ENV });
    patterns[name](stack, BEFORE[name]?.(stack));
  });
  const template = JSON.parse(fs.readFileSync(path.join(result.folder, "Stack.template.json"), "utf8"));
  return { facts: facts(template), errors: rows(result).filter(({ severity }) => severity === "error") };
}

/** The lines that are not true as often on one side as on the other. */
function differences(hand, own) {
  const all = [...new Set([...hand.keys(), ...own.keys()])].sort();
  return all.flatMap((fact) => {
    const [before, after] = [hand.get(fact) ?? 0, own.get(fact) ?? 0];
    if (before === after) return [];
    const count = before > 0 && after > 0 ? ` (${before} by hand, ${after} ours)` : Math.max(before, after) > 1 ? ` (${Math.max(before, after)} times)` : "";
    return [`${before > after ? "-" : "+"} ${fact.replaceAll("\n", " ")}${count}`];
  });
}

/** The differences under the first reason that fits each. */
function explained(lines) {
  const groups = new Map();
  for (const line of lines) {
    const found = reasons.find(({ lines }) => lines.some((pattern) => new RegExp(pattern).test(line)));
    const reason = found?.reason ?? UNEXPLAINED;
    groups.set(reason, [...(groups.get(reason) ?? []), line]);
  }
  return groups;
}

function text(groups) {
  const head = "What this library makes differently (+) from the same pattern by hand (-).\n";
  return head + [...groups].map(([reason, lines]) => `\n${reason}:\n${lines.map((line) => `  ${line}\n`).join("")}`).join("");
}

for (const name of Object.keys(ours)) {
  test(`the pattern \`${name}\` is the same by hand and by ours, but for reviewed differences`, () => {
    const [hand, own] = [made(byHand, name), made(ours, name)];
    const groups = explained(differences(hand.facts, own.facts));
    const file = path.join(FOLDER, `${name}.txt`);
    if (process.env.UPDATE_SNAPSHOTS === "1") {
      fs.mkdirSync(FOLDER, { recursive: true });
      fs.writeFileSync(file, text(groups));
    }
    assert.deepEqual(groups.get(UNEXPLAINED) ?? [], [], "differences without a reason");
    assert.equal(text(groups), fs.readFileSync(file, "utf8"), "other differences than those reviewed");
    assert.deepEqual(own.errors, [], "errors in what this library makes");
  });
}

test("every pattern has two sides and a reviewed list, and every list a pattern", () => {
  const names = Object.keys(ours).sort();
  assert.deepEqual(Object.keys(byHand).filter((name) => name !== "make").sort(), names);
  assert.deepEqual(fs.readdirSync(FOLDER).sort(), names.map((name) => `${name}.txt`));
});

test("every reason is needed", () => {
  const lists = fs.readdirSync(FOLDER).map((file) => fs.readFileSync(path.join(FOLDER, file), "utf8")).join("");
  assert.deepEqual(reasons.filter(({ reason }) => !lists.includes(`\n${reason}:\n`)), []);
});

test("the comparison notices what matters", () => {
  const template = (properties) => ({ Resources: { A: { Type: "AWS::EC2::SecurityGroup", Properties: properties } } });
  const open = facts(template({ SecurityGroupIngress: [{ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 1, ToPort: 1 }] }));
  assert.deepEqual(differences(facts(template({})), open), ["+ EC2::SecurityGroup: admits 0.0.0.0/0 tcp port 1"]);
});
