// A token in every prop of every construct, as the jsii assembly lists them: it goes into the template, or an error names the
// prop because what is made depends on its value.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const ringfence = require("cdk-ringfence");
const { ENV, messages } = require("./apps.cjs");
const { synth } = require("./synth.cjs");
const { LIST, OMIT, Tokens, leaves, propsOf } = require("./tokens.cjs");

/** What must be known beside switches and choices, and why. `[]` after a prop stands for a token in place of the whole list. */
const MUST_BE_KNOWN = {
  "EndpointsOptions.existing": "which endpoints there are follows from it",
  "EndpointsOptions.existing[]": "which endpoints there are follows from it",
  "ServiceOptions.aws": "which endpoints there are follows from it",
  "ServiceOptions.aws[]": "which endpoints there are follows from it",
  "PrivateNetworkProps.aws": "which endpoints there are follows from it",
  "PrivateNetworkProps.aws[]": "which endpoints there are follows from it",
  "ListenerOptions.to": "it is the name of a service",
  "NetworkOptions.azs": "there are as many subnets",
  "NetworkOptions.availabilityZones[]": "there is a subnet for each",
  "ExistingNetworkOptions.cidrs[]": "there is a rule for each",
  "LoadBalancerOptions.clients[]": "there is a rule for each",
  "PrivateNetworkProps.clients[]": "there is a rule for each",
  "ConsumerOptions.cidrs[]": "there is a rule for each",
  "ConsumerOptions.clients[]": "there is a rule for each",
  "AllowedPrincipalOptions.cidrs[]": "there is a rule for each",
  "NotificationsOptions.emails[]": "there is a subscription for each",
  "ServiceOptions.writablePaths[]": "there is a volume for each",
  "ContainerOptions.writablePaths[]": "there is a volume for each",
};

/** What is in no template, since it is there to be compared with something. */
const COMPARED = ["ForeignServiceOptions.supportedRegions", "ForeignServiceOptions.supportedRegions[]", "PrivateLinkServiceProps.zones"];

/** Props of which any value will do. */
const FREE = ["command", "entryPoint", "environment", "user", "description"];

/** Where a finding is that is about what is not lowered prop by prop. */
const elsewhere = (path) => path.replace(/^foreign\./, "").replace(/^(zones)$/, "loadBalancer.$1").replace(/^(subnets|cidrs)/, "vpc.$1").replace(/^loadBalancer$/, "loadBalancer.arn");

const api = { aws: ["sqs", "dynamodb"], sidecars: { proxy: {} } };
const target = { unhealthyTermination: false };
const SHARED = {
  services: { api },
  secrets: { one: { rotation: { schedule: OMIT } }, two: { rotation: { every: OMIT } } },
  cluster: { existing: OMIT },
  network: { existing: OMIT, flowLogs: { bucket: OMIT }, endpoints: { existing: ["sqs"] } },
  loadBalancer: { enforcePrivateLink: true, accessLogs: { enabled: true, bucket: OMIT } },
  listeners: [{ to: "api", tls: OMIT, target }, { to: "api", idleTimeout: OMIT, target }],
  privateLink: { regions: OMIT, privateDns: { verify: true }, notifications: { topic: OMIT } },
};
const VPCS = "AllowedPrincipalOptions.vpcs";
const RANGES = "AllowedPrincipalOptions.cidrs";
/** What the security groups of tasks have, of which a network alone has none. */
const TASKS = ["existingSecurityGroup", "s3PrefixList", "dynamodbPrefixList"].map((name) => `EndpointsOptions.${name}`);

/** The apps in which every prop has its turn: the construct, what of its props is given, left out or a list, and what has no place. */
const APPS = {
  "a service in a new network": [ringfence.PrivateFargateService, SHARED, [VPCS]],
  "a service beside what exists": [ringfence.PrivateFargateService, {
    ...SHARED,
    services: { api: { ...api, exec: true } },
    cluster: {},
    network: {
      cidr: OMIT, availabilityZones: OMIT, endpoints: { existing: ["sqs"] },
      flowLogs: { enabled: true, destination: ringfence.FlowLogDestination.S3, kmsKey: OMIT, retention: OMIT },
    },
    loadBalancer: { clients: OMIT, accessLogs: { enabled: true, retention: OMIT } },
    listeners: [{ to: "api", idleTimeout: OMIT, target }],
    privateLink: { privateDns: { verify: true } },
  }, [VPCS, RANGES, "ClusterOptions.storageKey"]],
  "a service with lists": [ringfence.PrivateFargateService, {
    ...SHARED,
    services: { api: {
      ...api, command: LIST, entryPoint: LIST, containerHealth: { command: LIST },
      sidecars: { proxy: { command: LIST, entryPoint: LIST, health: { command: LIST } } },
    } },
    listeners: [{ to: "api", idleTimeout: OMIT, target }],
    privateLink: { regions: LIST },
  }, [VPCS]],
  "a network": [ringfence.PrivateNetwork, { existing: OMIT, aws: ["sqs", "dynamodb"], flowLogs: { bucket: OMIT }, endpoints: { existing: ["kms"] } }, TASKS],
  "sharing": [ringfence.PrivateLinkService, { ports: [{ protocol: OMIT }], notifications: { topic: OMIT }, privateDns: { verify: true } }, [VPCS, RANGES]],
  "sharing with lists": [ringfence.PrivateLinkService, { ports: [{ protocol: OMIT }], notifications: { emails: OMIT }, regions: LIST }, [VPCS, RANGES]],
  "a consumer": [ringfence.PrivateLinkConsumer, { service: OMIT, cidrs: OMIT, alias: OMIT }, []],
  "a consumer with lists": [ringfence.PrivateLinkConsumer, { service: OMIT, clients: OMIT, foreign: { supportedRegions: LIST, privateDns: OMIT } }, []],
};

/** Makes a construct in a stack, and a consumer of what is shared. */
function make(Construct, stack, props) {
  const made = new Construct(stack, "It", props);
  if (made instanceof ringfence.PrivateLinkService) {
    const attributes = { vpcId: "vpc-0123456789abcdef0", availabilityZones: ["eu-west-1a"], isolatedSubnetIds: ["subnet-0a11111111111111a"], vpcCidrBlock: "10.0.0.0/16" };
    made.addConsumer(stack, "Consumer", { vpc: cdk.aws_ec2.Vpc.fromVpcAttributes(stack, "Theirs", attributes) });
  }
  return made;
}

/** All props that were given as tokens without an error. */
const given = new Set();

for (const [name, [Construct, guide, absent]] of Object.entries(APPS)) {
  test(`tokens for ${name} go into the template, and nobody takes them for checked`, () => {
    let tokens;
    const { app, reports, folder } = synth((app) => {
      const stack = new cdk.Stack(app, "Shop", { env: ENV });
      tokens = new Tokens(stack, (prop) => prop in MUST_BE_KNOWN, "good");
      make(Construct, stack, propsOf(Construct, guide, tokens));
    });
    const assembly = new cdk.cx_api.CloudAssembly(folder);
    assert.deepEqual(messages(assembly, "error"), []);
    const { Resources, Outputs } = assembly.getStackByName("Shop").template;
    const text = JSON.stringify([Resources, Outputs]);
    const told = messages(assembly, "info").join("\n");
    for (const { parameter, prop, path } of tokens.made) {
      given.add(prop);
      const isThere = text.includes(`{"Ref":"${parameter}"}`);
      assert.equal(isThere, !COMPARED.includes(prop) && !absent.includes(prop), `${prop} at ${path}`);
      const isTold = ["It", "Consumer"].some((id) => [path, elsewhere(path), `service.${path}`].some((at) => told.includes(`/Shop/${id}: ${at}`)));
      assert.equal(isTold, !FREE.some((free) => path.split(".").includes(free)) || told.includes(`: ${path}`), `${prop} at ${path}\n${told}`);
    }
    assert.ok(app.node.tryFindChild("Shop"));
    const [{ violations }] = reports;
    assert.deepEqual(violations.filter(({ severity }) => severity === "error"), []);
  });

  test(`what must be known of ${name} is told by its prop`, () => {
    const stack = new cdk.Stack(new cdk.App(), "Shop", { env: ENV });
    const tokens = new Tokens(stack, (prop) => prop in MUST_BE_KNOWN, "known");
    const props = propsOf(Construct, guide, tokens);
    const known = tokens.made.filter(({ isKnown }) => isKnown);
    assert.ok(known.length > 0);
    assert.throws(() => make(Construct, stack, props), ({ message }) => {
      for (const { prop, path } of known) {
        given.add(prop);
        const isTold = [path, elsewhere(path), `loadBalancer.${path}`].some((at) => message.includes(`\n  ${at}`));
        assert.ok(isTold, `${prop} at ${path}${message}`);
      }
      return true;
    });
  });
}

for (const name of ["a service in a new network", "a service beside what exists", "a network", "sharing", "a consumer", "a consumer with lists"]) {
  test(`a token for a list of whose elements something is made is told by the prop of ${name}`, () => {
    const [Construct, guide] = APPS[name];
    const app = new cdk.App();
    const stack = new cdk.Stack(app, "Shop", { env: ENV });
    const tokens = new Tokens(stack, (prop) => prop in MUST_BE_KNOWN, "lists");
    make(Construct, stack, propsOf(Construct, guide, tokens));
    const told = messages(app.synth(), "error").join("\n");
    const lists = tokens.made.filter(({ isKnown }) => isKnown);
    assert.ok(lists.length > 0);
    for (const { prop, path } of lists) {
      given.add(prop);
      assert.ok([path, elsewhere(path)].some((at) => told.includes(`/Shop/It: ${at}`)), `${prop} at ${path}\n${told}`);
    }
  });
}

test("every prop was given a token", () => {
  const all = leaves([ringfence.PrivateFargateService, ringfence.PrivateNetwork, ringfence.PrivateLinkService, ringfence.PrivateLinkConsumer]);
  assert.deepEqual(all.filter((prop) => !given.has(prop) && prop !== "PrivateLinkConsumerProps.service"), []);
  assert.deepEqual([...Object.keys(MUST_BE_KNOWN), ...COMPARED, VPCS, RANGES].filter((prop) => !all.includes(prop)), []);
});
