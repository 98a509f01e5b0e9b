// cdk-nag finds nothing in what this library makes that has no reason written down in nag-reasons.json.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const iam = require("aws-cdk-lib/aws-iam");
const kms = require("aws-cdk-lib/aws-kms");
const s3 = require("aws-cdk-lib/aws-s3");
const secrets = require("aws-cdk-lib/aws-secretsmanager");
const sns = require("aws-cdk-lib/aws-sns");
const nag = require("cdk-nag");
const ringfence = require("cdk-ringfence");

const reasons = require("./nag-reasons.json");
const { synth } = require("./synth.cjs");

const PACKS = [nag.AwsSolutionsChecks, nag.HIPAASecurityChecks, nag.NIST80053R5Checks, nag.PCIDSS321Checks];
const ENV = { account: "111122223333", region: "eu-west-1" };
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";

/** A stack whose constructs are all ours; with `strict`, everything is on that the packs ask for and a setting can give. */
function ourStack(app, strict) {
  const stack = new cdk.Stack(app, "Ours", { env: ENV });
  const key = strict ? kms.Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012") : undefined;
  const secret = secrets.Secret.fromSecretCompleteArn(
    stack, "Database", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1b2c3");
  const service = new ringfence.PrivateFargateService(stack, "Payments", {
    network: { cidr: "10.20.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"], flowLogs: { kmsKey: key } },
    services: {
      api: {
        image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, "Repository", "payments"), "1.4.2"),
        port: 8080,
        health: { path: "/healthz" },
        logs: { kmsKey: key },
        secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret, "password") },
      },
    },
    listeners: [{ port: 443, tls: { certificate: acm.Certificate.fromCertificateArn(stack, "Certificate", CERTIFICATE) }, to: "api" }],
    loadBalancer: strict
      ? { deletionProtection: true, accessLogs: { enabled: true, bucket: s3.Bucket.fromBucketName(stack, "Logs", "access-logs-of-payments") } }
      : undefined,
    alarms: strict ? { actions: [sns.Topic.fromTopicArn(stack, "OnCall", "arn:aws:sns:eu-west-1:111122223333:on-call")] } : undefined,
    privateLink: { allow: [ringfence.AllowedPrincipal.account("222233334444")] },
  });
  // What the CDK's own grants write has wildcards that are not ours to justify.
  service.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ["s3:GetObject"], resources: ["arn:aws:s3:::receipts-of-payments/latest.json"],
  }));
  const consumers = new cdk.Stack(app, "Consumers", { env: ENV });
  const network = new ringfence.PrivateNetwork(consumers, "Network", {
    cidr: "10.30.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"], flowLogs: { kmsKey: key },
  });
  new ringfence.PrivateLinkConsumer(consumers, "Consumer", {
    vpc: network.vpc,
    foreign: { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", ports: [{ port: 443 }] },
  });
  const shared = new cdk.Stack(app, "Shared", { env: ENV });
  const balancer = elb.NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(shared, "LoadBalancer", {
    loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/legacy/0123456789abcdef",
  });
  new ringfence.PrivateLinkService(shared, "Legacy", {
    loadBalancer: balancer, allow: [ringfence.AllowedPrincipal.account("222233334444")],
  });
}

/** What the packs find, as `rule at construct`, with the reason for each. */
function findings(strict) {
  const { app } = synth((app) => ourStack(app, strict));
  const resources = app.node.findAll().filter(cdk.CfnResource.isCfnResource);
  assert.ok(resources.length > 60, "the packs have something to look at");
  return PACKS.flatMap((Pack) => new Pack(app).validateScope(app).violations.flatMap((violation) =>
    violation.violatingResources.map(({ constructPath }) => ({
      rule: violation.ruleName,
      path: constructPath,
      reason: reasons.find(({ rules, at }) => rules.includes(violation.ruleName) && new RegExp(at).test(constructPath)),
    }))));
}

const lines = (found) => found.map(({ rule, path }) => `${rule} at ${path}`);

test("every finding of every pack has a reason", () => {
  const bare = findings(false).filter(({ reason }) => reason === undefined);
  assert.deepEqual(lines(bare), []);
});

test("every reason is needed", () => {
  const used = new Set(findings(false).map(({ rule }) => rule));
  assert.deepEqual(reasons.flatMap(({ rules }) => rules).filter((rule) => !used.has(rule)), []);
});

test("the settings that reasons name take the findings away", () => {
  const left = findings(true).filter(({ reason }) => reason === undefined || reason.setting !== undefined);
  assert.deepEqual(lines(left), []);
});

test("the packs do look: what is open is found", () => {
  const { app } = synth((app) => {
    const stack = new cdk.Stack(app, "Open", { env: ENV });
    new ec2.CfnSecurityGroup(stack, "Group", {
      groupDescription: "open",
      securityGroupIngress: [{ ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIp: "0.0.0.0/0" }],
    });
  });
  for (const Pack of PACKS) {
    assert.notEqual(new Pack(app).validateScope(app).violations.length, 0, Pack.name);
  }
});
