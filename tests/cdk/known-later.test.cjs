// What is known later: what the CDK has yet to look up, lists, accounts, and how messages speak of it.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const { aws_certificatemanager: acm, aws_ec2: ec2, aws_ssm: ssm } = cdk;
const { AllowedPrincipal, PrivateLinkConsumer, RingfenceValidator } = require("cdk-ringfence");
const { ENV, messages, ofType, only, payments, synthesized } = require("./apps.cjs");

const found = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlock: "10.20.0.0/16",
  ownerAccountId: ENV.account,
  availabilityZones: [],
  subnetGroups: [{
    name: "Isolated",
    type: "Isolated",
    subnets: ["a", "b"].map((zone, index) => ({
      subnetId: `subnet-0${zone}11111111111111${zone}`, routeTableId: `rtb-0${zone}11111111111111${zone}`,
      cidr: `10.20.${index}.0/24`, availabilityZone: `${ENV.region}${zone}`,
    })),
  }],
};

const looksUp = (_app, stack) => {
  const vpc = ec2.Vpc.fromLookup(stack, "Vpc", { vpcId: found.vpcId });
  const certificate = acm.Certificate.fromCertificateArn(stack, "Certificate", ssm.StringParameter.valueFromLookup(stack, "/certificate"));
  payments(stack, { network: { existing: { vpc } }, listeners: [{ port: 443, to: "api", tls: { certificate } }] });
  const foreign = { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", ports: [{ port: 443 }] };
  new PrivateLinkConsumer(stack, "Consumer", { vpc, foreign });
};

test("what the CDK has yet to look up stops nothing, and is looked up", () => {
  const { assembly } = synthesized(looksUp);
  assert.deepEqual(messages(assembly, "error"), []);
  const { missing } = assembly.manifest;
  assert.equal(missing.length, 2);
  const [vpc, parameter] = [missing.find(({ provider }) => provider === "vpc-provider"), missing.find(({ provider }) => provider === "ssm")];
  const certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";
  const again = synthesized(looksUp, { context: { [vpc.key]: found, [parameter.key]: certificate } });
  assert.deepEqual(again.assembly.manifest.missing ?? [], []);
  assert.deepEqual(messages(again.assembly, "error"), []);
  assert.deepEqual(messages(again.assembly, "info").filter((text) => text.includes("known at deployment only")), []);
  const [group] = ofType(again.template, "AWS::ElasticLoadBalancingV2::TargetGroup");
  assert.equal(group.Properties.VpcId, found.vpcId);
});

test("the range of a new network may be looked up, and is cut as any other once it is there", () => {
  const build = (cidrOf) => (_app, stack) => payments(stack, { network: { cidr: cidrOf(stack) } });
  const looked = build((stack) => ssm.StringParameter.valueFromLookup(stack, "/range"));
  const first = synthesized(looked);
  assert.deepEqual(messages(first.assembly, "error"), []);
  assert.match(messages(first.assembly, "info").join("\n"), /\/Shop\/Payments: network\.cidr: `cidr` is known at deployment only/);
  for (const { Properties } of ofType(first.template, "AWS::EC2::Subnet")) assert.match(JSON.stringify(Properties.CidrBlock), /"Fn::Cidr"/);
  const [{ key }] = first.assembly.manifest.missing;
  const again = synthesized(looked, { context: { [key]: "10.20.0.0/16" } });
  assert.deepEqual(again.template, synthesized(build(() => "10.20.0.0/16")).template);
});

test("of a range that is known later each subnet is a part, and rules refer to it", () => {
  const { assembly, template } = synthesized((app, stack) => {
    RingfenceValidator.attach(app);
    payments(stack, { network: { cidr: new cdk.CfnParameter(stack, "Range").valueAsString } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const vpc = only(template, "AWS::EC2::VPC");
  const range = { "Fn::GetAtt": [vpc.id, "CidrBlock"] };
  assert.deepEqual(vpc.Properties.CidrBlock, { Ref: "Range" });
  const subnets = ofType(template, "AWS::EC2::Subnet");
  assert.deepEqual(
    subnets.map(({ Properties }) => Properties.CidrBlock),
    [0, 1].map((slot) => ({ "Fn::Select": [slot, { "Fn::Cidr": [range, slot + 1, 8] }] })),
  );
  const rules = JSON.stringify(ofType(template, "AWS::EC2::SecurityGroup"));
  for (const named of [range, ...subnets.map(({ id }) => ({ "Fn::GetAtt": [id, "CidrBlock"] }))]) {
    assert.ok(rules.includes(`"CidrIp":${JSON.stringify(named)}`), rules);
  }
});

test("the validator fails no app that the CDK is going to ask again", () => {
  const bad = (lookup, outdir = fs.mkdtempSync(path.join(os.tmpdir(), "ringfence-"))) => {
    process.env.CDK_OUTDIR = outdir;
    const app = new cdk.App({ autoSynth: false });
    const validator = RingfenceValidator.attach(app);
    const stack = new cdk.Stack(app, "Stack", { env: ENV });
    const subnets = lookup ? ec2.Vpc.fromLookup(stack, "Vpc", { isDefault: true }).publicSubnets.map(({ subnetId }) => subnetId) : ["subnet-1", "subnet-2"];
    // A listener on no port.
    const balancer = new cdk.aws_elasticloadbalancingv2.CfnLoadBalancer(stack, "Balancer", { type: "network", subnets });
    new cdk.aws_elasticloadbalancingv2.CfnListener(stack, "Listener", { loadBalancerArn: balancer.ref, port: 0, protocol: "TCP", defaultActions: [] });
    let said;
    const { validate } = validator;
    validator.validate = (context) => (said = validate.call(validator, context));
    try {
      app.synth();
    } catch (error) {
      assert.match(error.message, /Validation failed/);
    }
    return said;
  };
  const exitCode = process.exitCode;
  const [later, now] = [bad(true), bad(false)];
  process.exitCode = exitCode;
  delete process.env.CDK_OUTDIR;
  for (const { violations } of [later, now]) assert.ok(violations.some(({ severity }) => severity === "error"));
  assert.deepEqual([later.success, now.success], [true, false]);
});

test("a list that is known later goes where a list goes as it is, and is told anywhere else", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const list = (name) => new cdk.CfnParameter(stack, name, { type: "CommaDelimitedList" }).valueAsList;
    payments(stack, {
      service: { command: list("Command"), containerHealth: { command: list("Health") } },
      loadBalancer: { clients: list("Clients") },
      network: { availabilityZones: list("Zones") },
    });
  });
  const [container] = only(template, "AWS::ECS::TaskDefinition").Properties.ContainerDefinitions;
  assert.deepEqual([container.Command, container.HealthCheck.Command], [{ Ref: "Command" }, { Ref: "Health" }]);
  const told = messages(assembly, "error");
  assert.equal(told.length, 2, told.join("\n"));
  for (const prop of ["loadBalancer.clients.0", "network.availabilityZones.0"]) assert.ok(told.some((text) => text.includes(`/Shop/Payments: ${prop}: `)), told.join("\n"));
});

test("an account that is known later is allowed by the ARN of its root", () => {
  const { template } = synthesized((_app, stack) => {
    const account = new cdk.CfnParameter(stack, "Account").valueAsString;
    payments(stack, { privateLink: { allow: [AllowedPrincipal.account(account), AllowedPrincipal.account("222233334444")] } });
  });
  const [first] = only(template, "AWS::EC2::VPCEndpointServicePermissions").Properties.AllowedPrincipals;
  const text = JSON.stringify(first);
  assert.match(text, /"arn:/);
  assert.match(text, /":iam::",\{"Ref":"Account"\},":root"/);
});

test("a key of the app lets CloudWatch Logs use it, wherever it is", () => {
  for (const elsewhere of [false, true]) {
    const { assembly } = synthesized((app, stack) => {
      RingfenceValidator.attach(app);
      const key = new cdk.aws_kms.Key(elsewhere ? new cdk.Stack(app, "Keys", { env: ENV }) : stack, "Key");
      payments(stack, { network: { flowLogs: { kmsKey: key } }, service: { logs: { kmsKey: key } } });
    });
    assert.deepEqual(messages(assembly, "error"), []);
    const keys = assembly.getStackByName(elsewhere ? "Keys" : "Shop").template;
    const statements = ofType(keys, "AWS::KMS::Key").find(({ id }) => id.startsWith("Key")).Properties.KeyPolicy.Statement;
    const [ofLogs, ...others] = statements.filter(({ Principal }) => Principal.Service === `logs.${ENV.region}.amazonaws.com`);
    assert.equal(others.length, 0);
    assert.match(JSON.stringify(ofLogs.Condition), /:logs:eu-west-1:111122223333:\*"/);
  }
});

test("of an image in ECR the CDK does not say that it cannot be pulled", () => {
  const { assembly } = synthesized((_app, stack) => payments(stack));
  assert.deepEqual(messages(assembly, "warning").filter((text) => text.includes("ecrImageRequiresPolicy")), []);
});

test("what an imported subnet lacks is told in the words of the CDK", () => {
  const attributes = { vpcId: found.vpcId, vpcCidrBlock: "10.20.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"] };
  const ids = cdk.Fn.importListValue("Subnets", 2);
  const build = (more) => synthesized((_app, stack) => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, "Vpc", { ...attributes, isolatedSubnetIds: ids, ...more });
    payments(stack, { network: { existing: { vpc } } });
  });
  assert.throws(() => build({}), /`routeTable` is missing \(import the VPC with `isolatedSubnetRouteTableIds`/);
  const told = messages(build({ isolatedSubnetRouteTableIds: ["rtb-0a11111111111111a", "rtb-0b11111111111111b"] }).assembly, "error").join("\n");
  assert.match(told, /import the VPC with `isolatedSubnetIpv4CidrBlocks`/);
  assert.match(told, /the subnet `\{"Fn::Select":\[0,.*"Fn::ImportValue":"Subnets"/);
  assert.doesNotMatch(told, /TOKEN/);
});

test("a consumer in another stage, or of a service in a nested stack, asks for the name of the service", () => {
  const attributes = { vpcId: found.vpcId, vpcCidrBlock: "10.20.0.0/16", availabilityZones: ["eu-west-1a"], isolatedSubnetIds: ["subnet-0a11111111111111a"] };
  const asked = (stack) => {
    const { template } = cdk.Stage.of(stack).synth().getStackByName(stack.stackName);
    return Object.values(template.Parameters).map(({ Description }) => Description).filter((text) => JSON.stringify(text ?? "").includes("endpoint service"));
  };
  const app = new cdk.App();
  const theirs = new cdk.Stack(new cdk.Stage(app, "Theirs", { env: ENV }), "Stack");
  payments(new cdk.Stack(new cdk.Stage(app, "Ours", { env: ENV }), "Shop")).addConsumer(theirs, "Payments", { vpc: ec2.Vpc.fromVpcAttributes(theirs, "Vpc", attributes) });
  assert.match(asked(theirs).join(), /the stack Ours-Shop has as the output \w+$/);

  const other = new cdk.App();
  const nested = new cdk.NestedStack(new cdk.Stack(other, "Shop", { env: ENV }), "Nested");
  const elsewhere = new cdk.Stack(other, "Elsewhere", { env: { ...ENV, account: "222233334444" } });
  payments(nested).addConsumer(elsewhere, "Payments", { vpc: ec2.Vpc.fromVpcAttributes(elsewhere, "Vpc", attributes) });
  assert.match(asked(elsewhere).join(), /the stack Shop\/Nested has as the output \w+$/);
});

test("what no compiler sees in JavaScript is told with the prop", () => {
  const { assembly } = synthesized((_app, stack) => payments(stack, {
    service: { cpu: Number("many"), memory: 1024, stopTimeout: 30 },
    privateLink: { allow: ["222233334444", AllowedPrincipal.account("333344445555")] },
  }));
  const told = messages(assembly, "error").join("\n");
  for (const text of ["services.api.cpu: `NaN` is no number", "services.api.memory: the value is of another type", "(give the `Duration` that it asks for)", "privateLink.allow.0: "]) {
    assert.ok(told.includes(text), told);
  }
});
