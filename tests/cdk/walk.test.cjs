// What CDK users do by habit: grants from other stacks, secrets with keys, escape hatches of imports, consumers elsewhere.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const {
  aws_ec2: ec2, aws_ecs: ecs, aws_elasticloadbalancingv2: elbv2, aws_iam: iam, aws_kms: kms, aws_logs: logs, aws_rds: rds, aws_s3: s3,
  aws_secretsmanager: secretsmanager, aws_ssm: ssm, aws_sqs: sqs,
} = cdk;
const { AllowedPrincipal, PrivateLinkService, PrivateNetwork, RingfenceValidator } = require("cdk-ringfence");
const { ENV, messages, ofType, only, payments, synthesized } = require("./apps.cjs");

const THEIRS = { account: "222233334444", region: "eu-west-1" };
const SUBNETS = [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }];
const isolated = (scope) => new ec2.Vpc(scope, "Vpc", { natGateways: 0, subnetConfiguration: SUBNETS });

/** The statements of the policy of the gateway endpoint of S3. */
function s3Statements(template) {
  const endpoint = ofType(template, "AWS::EC2::VPCEndpoint").find(({ Properties }) => Properties.ServiceName.endsWith?.(".s3"));
  return endpoint.Properties.PolicyDocument.Statement.filter(({ Sid }) => Sid !== "ImageLayers");
}

/** Policies in another stack that let a role read its bucket, each made in another way. */
const ATTACHED = {
  "a policy": (scope, role, statement) => new iam.Policy(scope, "Policy", { statements: [statement] }).attachToRole(role),
  "a managed policy": (scope, role, statement) => new iam.ManagedPolicy(scope, "Policy", { roles: [role], statements: [statement] }),
  "an L1": (scope, role, statement) => new iam.CfnPolicy(scope, "Policy", {
    policyName: "it", roles: [role.roleName], policyDocument: new iam.PolicyDocument({ statements: [statement] }),
  }),
};

for (const [kind, attach] of Object.entries(ATTACHED)) {
  test(`${kind} of another stack may name what that stack makes`, () => {
    const { assembly, template } = synthesized((app, stack) => {
      const other = new cdk.Stack(app, "Other", { env: ENV });
      const bucket = new s3.Bucket(other, "Bucket");
      attach(other, payments(stack).taskRole, new iam.PolicyStatement({
        actions: ["s3:GetObject"], resources: [bucket.arnForObjects("*"), "arn:aws:s3:::prices/*"],
      }));
    });
    assert.deepEqual(messages(assembly, "error"), []);
    const [named, other, ...more] = s3Statements(template);
    assert.deepEqual(more, []);
    assert.equal(named.Resource, "arn:aws:s3:::prices/*");
    assert.deepEqual([other.Action, other.Resource], ["s3:GetObject", "*"]);
    assert.deepEqual(other.Condition.StringEqualsIfExists, { "aws:ResourceAccount": ENV.account });
    assert.match(messages(assembly, "info").join("\n"), /^\/Shop\/Payments: services\.api: the policy `Other\/Policy[^`]*` names what is made after this stack.*grantRead/m);
  });
}

test("a policy of another stack names what a third one makes, unless that one waits for the service", () => {
  const build = (waits) => synthesized((app, stack) => {
    const [other, data] = ["Other", "Data"].map((id) => new cdk.Stack(app, id, { env: ENV }));
    const { taskRole, endpointServiceId } = payments(stack);
    const bucket = new s3.Bucket(data, "Bucket");
    if (waits) new cdk.CfnOutput(data, "Service", { value: endpointServiceId });
    new iam.Policy(other, "Policy", { statements: [new iam.PolicyStatement({ actions: ["s3:GetObject"], resources: [bucket.bucketArn] })] })
      .attachToRole(taskRole);
  });
  assert.match(JSON.stringify(s3Statements(build(false).template)[0].Resource), /Fn::ImportValue":"Data:/);
  assert.equal(s3Statements(build(true).template)[0].Resource, "*");
});

test("who reads a secret may use its key, wherever CDK knows that key from", () => {
  const SECRETS = {
    "a new one": (stack, encryptionKey) => new secretsmanager.Secret(stack, "Secret", { encryptionKey }),
    "an imported one": (stack, encryptionKey) => secretsmanager.Secret.fromSecretAttributes(stack, "Secret", {
      secretCompleteArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-abcdef", encryptionKey,
    }),
    "that of a database": (stack, encryptionKey) => new rds.DatabaseInstance(stack, "Database", {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }), vpc: isolated(stack),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, credentials: rds.Credentials.fromGeneratedSecret("app", { encryptionKey }),
    }).secret,
  };
  const KEYS = {
    "a new key": (stack) => new kms.Key(stack, "Key"),
    "an imported key": (stack) => kms.Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012"),
  };
  for (const [secretKind, secretOf] of Object.entries(SECRETS)) {
    for (const [keyKind, keyOf] of Object.entries(KEYS)) {
      const { assembly, template } = synthesized((app, stack) => {
        RingfenceValidator.attach(app);
        const key = keyOf(stack);
        payments(stack, { service: { secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secretOf(stack, key), "password") } } });
      });
      assert.deepEqual(messages(assembly, "error"), []);
      const role = ofType(template, "AWS::IAM::Role").find(({ id }) => id.includes("ExecutionRole"));
      const statements = role.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const decrypts = statements.filter(({ Action }) => Action === "kms:Decrypt").map(({ Resource }) => JSON.stringify(Resource));
      assert.equal(decrypts.length, 1, `${secretKind} with ${keyKind}`);
      assert.match(decrypts[0], keyKind === "a new key" ? /"Fn::GetAtt":\["Key\w+","Arn"\]/ : /:key\/12345678-/);
    }
  }
});

test("what constructs give back stands for its L1: escape hatches, removal policies, order", () => {
  const { template } = synthesized((_app, stack) => {
    const service = payments(stack);
    service.logGroup.applyRemovalPolicy(cdk.RemovalPolicy.DESTROY);
    service.vpc.node.defaultChild.overrideLogicalId("TheVpc");
    assert.ok(service.loadBalancer.node.defaultChild instanceof elbv2.CfnLoadBalancer);
    assert.ok(service.logGroup.node.defaultChild instanceof logs.CfnLogGroup);
    for (const it of [service.service, service.cluster, service.taskRole, service.executionRole, service.alarms[0], service.notificationTopic]) {
      assert.ok(it.node.defaultChild instanceof cdk.CfnResource, it.node.path);
    }
    const before = new ssm.StringParameter(stack, "Before", { stringValue: "-" });
    service.service.node.addDependency(before);
    new ssm.StringParameter(stack, "After", { stringValue: "-" }).node.addDependency(service.service);
  });
  const { id, DependsOn } = only(template, "AWS::ECS::Service");
  const of = (name) => ofType(template, "AWS::SSM::Parameter").find((found) => found.id.startsWith(name));
  assert.ok(DependsOn.includes(of("Before").id));
  assert.ok(of("After").DependsOn.includes(id));
  assert.equal(template.Resources.TheVpc.Type, "AWS::EC2::VPC");
  assert.equal(ofType(template, "AWS::Logs::LogGroup").find((found) => /Task/.test(found.id)).DeletionPolicy, "Delete");
});

test("a consumer elsewhere asks for whatever of the service is known at deployment only", () => {
  const PROVIDERS = {
    "a service": (stack, port, name) => payments(stack, {
      listeners: [{ port, to: "api" }],
      privateLink: { allow: [AllowedPrincipal.account(THEIRS.account)], privateDns: { name, verified: true } },
    }),
    "a load balancer": (stack, port, name) => new PrivateLinkService(stack, "Shared", {
      loadBalancer: new elbv2.NetworkLoadBalancer(stack, "Balancer", { vpc: isolated(stack) }), ports: [{ port }],
      allow: [AllowedPrincipal.account(THEIRS.account)], privateDns: { name, verified: true },
    }),
  };
  for (const [kind, provide] of Object.entries(PROVIDERS)) {
    const { assembly } = synthesized((app, stack) => {
      const port = new cdk.CfnParameter(stack, "Port", { type: "Number" }).valueAsNumber;
      const provider = provide(stack, port, new cdk.CfnParameter(stack, "Name").valueAsString);
      const theirs = new cdk.Stack(app, "Theirs", { env: THEIRS });
      provider.addConsumer(theirs, "Payments", { vpc: isolated(theirs) });
    });
    assert.deepEqual(messages(assembly, "error"), [], kind);
    const { Parameters, ...template } = assembly.getStackByName("Theirs").template;
    const asked = Object.entries(Parameters).filter(([name]) => name.startsWith("Payments"));
    assert.deepEqual(asked.map(([, { Type }]) => Type).sort(), ["Number", "String", "String"], kind);
    for (const [, { Description }] of asked) assert.match(Description, /\bShop\b/);
    const [port] = asked.find(([, { Type }]) => Type === "Number");
    const [rule] = only(template, "AWS::EC2::SecurityGroup").Properties.SecurityGroupIngress;
    assert.deepEqual([rule.FromPort, rule.ToPort], [{ Ref: port }, { Ref: port }]);
    assert.equal(only(template, "AWS::EC2::VPCEndpoint").Properties.PrivateDnsEnabled, true);
    assert.ok(!JSON.stringify(template).includes("GetStackOutput"));
  }
});

test("a consumer of an account that nobody has let in is warned of", () => {
  const warned = (grant, allow = [AllowedPrincipal.account("333344445555")]) => {
    const { assembly } = synthesized((app, stack) => {
      const service = payments(stack, { privateLink: { allow } });
      const theirs = new cdk.Stack(app, "Theirs", { env: THEIRS });
      service.addConsumer(theirs, "Payments", { vpc: isolated(theirs) });
      grant?.(service, stack);
    });
    return messages(assembly, "warning").filter((text) => text.includes("RF0501"));
  };
  const [text, ...more] = warned();
  assert.deepEqual(more, []);
  assert.match(text, /^\/Theirs\/Payments: service: the account `222233334444` may not connect \(let it in: `grantConnect.* of Shop\/Payments/);
  assert.deepEqual(warned((service) => service.grantConnect(new iam.AccountPrincipal(THEIRS.account))), []);
  assert.deepEqual(warned((service) => service.grantConnect(new iam.ArnPrincipal(`arn:aws:iam::${THEIRS.account}:role/caller`))), []);
  assert.deepEqual(warned(undefined, [AllowedPrincipal.account(cdk.Fn.importValue("account"))]), []);
});

test("services share a network and its endpoints", () => {
  const { assembly, template } = synthesized((app, stack) => {
    RingfenceValidator.attach(app);
    const aws = ["ecr.api", "ecr.dkr", "logs", "s3"];
    const { vpc, endpointSecurityGroup } = new PrivateNetwork(stack, "Network", { aws });
    const endpoints = { existing: aws, existingSecurityGroup: endpointSecurityGroup };
    for (const id of ["Payments", "Orders"]) payments(stack, { id, network: { existing: { vpc }, endpoints } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  assert.equal(ofType(template, "AWS::EC2::VPCEndpoint").length, 4);
});

test("the README says of every prop of CDK's own pattern what there is instead", () => {
  const folderOf = (name) => path.dirname(require.resolve(`${name}/package.json`));
  const { types } = JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(folderOf("aws-cdk-lib"), ".jsii.gz"))));
  const props = (fqn) => [types[fqn]].flatMap(({ properties = [], interfaces = [] }) => [...properties.map(({ name }) => name), ...interfaces.flatMap(props)]);
  const pattern = ["NetworkLoadBalancedFargateServiceProps", "NetworkLoadBalancedTaskImageOptions"].flatMap((name) => props(`aws-cdk-lib.aws_ecs_patterns.${name}`));
  const [, section] = fs.readFileSync(path.join(folderOf("cdk-ringfence"), "README.md"), "utf8").split("### Coming from `NetworkLoadBalancedFargateService`");
  const rows = section.split("\n## ")[0].split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split("|"));
  const named = (cell) => [...cell.matchAll(/`([A-Za-z.]+)`/g)].map(([, name]) => name);
  const there = new Set(rows.flatMap(([, cell]) => named(cell)));
  assert.deepEqual(pattern.filter((name) => !there.has(name)), []);
  const ours = JSON.parse(fs.readFileSync(path.join(folderOf("cdk-ringfence"), ".jsii"), "utf8")).types;
  const members = new Set(Object.values(ours).flatMap(({ properties = [], methods = [] }) => [...properties, ...methods].map(({ name }) => name)));
  for (const name of rows.flatMap(([, , cell]) => named(cell).flatMap((at) => at.split(".")))) assert.ok(members.has(name), name);
});

test("tasks reach what is in their Region, and are told of the rest", () => {
  const warned = (grant) => {
    const { assembly } = synthesized((app, stack) => grant(payments(stack).taskRole, stack, app));
    return messages(assembly, "warning").filter((text) => text.includes("RF0031"));
  };
  const queue = (region) => (role, _stack, app) =>
    new sqs.Queue(new cdk.Stack(app, "Other", { env: { ...ENV, region } }), "Queue", { queueName: "jobs" }).grantSendMessages(role);
  const statement = (...resources) => (role) =>
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ["dynamodb:GetItem"], resources }));
  const table = (region) => `arn:aws:dynamodb:${region}:111122223333:table/prices`;
  for (const near of [queue(ENV.region), statement(table(ENV.region), table("eu-central-1")), statement(table("*")), statement(table(cdk.Aws.REGION)), statement("*")]) {
    assert.deepEqual(warned(near), []);
  }
  assert.deepEqual(warned((role, stack) => new s3.Bucket(stack, "Bucket").grantRead(role)), []);
  const [text, ...more] = warned(queue("eu-central-1"));
  assert.deepEqual(more, []);
  assert.match(text, /^\/Shop\/Payments: services\.api: the tasks of `api` may call `sqs` in `eu-central-1`, and endpoints of `eu-west-1` do not/);
  assert.equal(warned(statement(table("eu-central-1"))).length, 1);
});

test("a key that signs is used in KMS itself", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const { taskRole } = payments(stack);
    new sqs.Queue(stack, "Queue").grantSendMessages(taskRole);
    new kms.Key(stack, "Key", { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY }).grant(taskRole, "kms:Sign", "kms:Verify");
  });
  assert.ok(ofType(template, "AWS::EC2::VPCEndpoint").some(({ Properties }) => Properties.ServiceName.endsWith(".kms")));
  assert.doesNotMatch(messages(assembly, "info").join("\n"), /RF0031/);
});
