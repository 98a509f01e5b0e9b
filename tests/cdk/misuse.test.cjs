// What JavaScript lets through and no compiler sees: each is told with the construct, the prop and what to give instead.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const {
  aws_ec2: ec2, aws_ecs: ecs, aws_elasticloadbalancingv2: elbv2, aws_iam: iam, aws_secretsmanager: secretsmanager, aws_sns: sns,
  aws_sqs: sqs, Duration,
} = cdk;
const {
  AllowedPrincipal, PrivateFargateService, PrivateLinkConsumer, PrivateLinkService, PrivateNetwork, RingfenceSecret, RingfenceValidator,
} = require("cdk-ringfence");
const { ENV, IMAGE, messages, payments, synthesized } = require("./apps.cjs");

const IMAGE_OF_CDK = ecs.ContainerImage.fromRegistry(IMAGE);
const SUBNETS = [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }];
const isolated = (scope) => new ec2.Vpc(scope, "Vpc", { natGateways: 0, subnetConfiguration: SUBNETS });

/** What is told of a construct, whether it is thrown or an error of the construct. */
function told(build) {
  try {
    return messages(synthesized((app, stack) => void build(stack, app)).assembly, "error").join("\n");
  } catch (error) {
    return error.message;
  }
}

/** A map with a key that no literal can have. */
const named = (name, value) => Object.defineProperty({}, name, { value, enumerable: true });

const WRONG = {
  "no props": [(stack) => new PrivateFargateService(stack, "Payments"), /^Shop\/Payments cannot be made:\n {2}`services` is missing/],
  "props that are null": [(stack) => new PrivateFargateService(stack, "Payments", null), /`services` is missing/],
  "a list of services": [(stack) => payments(stack, { services: [{ image: IMAGE_OF_CDK }] }), /services: .*give a map/],
  "a service that is undefined": [(stack) => payments(stack, { services: { api: undefined } }), /services\.api: there is nothing/],
  "a service that is a text": [(stack) => payments(stack, { services: { api: "nginx" } }), /services\.api: .*give a map of props: .*`image`/],
  "a service that is an image": [(stack) => payments(stack, { services: { api: IMAGE_OF_CDK } }), /services\.api: .*give a map of props/],
  "one listener for a list": [(stack) => payments(stack, { listeners: { port: 80, to: "api" } }), /listeners: .*give a list/],
  "a listener that is null": [(stack) => payments(stack, { listeners: [null] }), /listeners\.0: there is nothing/],
  "one principal for a list": [(stack) => payments(stack, { privateLink: { allow: AllowedPrincipal.account("222233334444") } }), /privateLink\.allow: .*give a list/],
  "a switch for a struct": [(stack) => payments(stack, { privateLink: true }), /privateLink: .*give a map of props: .*`allow`/],
  "a VPC for a network": [(stack) => payments(stack, { network: isolated(stack) }), /network: .*give a map of props: .*`existing`/],
  "a VPC for an existing network": [(stack) => payments(stack, { network: { existing: isolated(stack) } }), /network\.existing: .*`\{ vpc: … \}`/],
  "an existing network with a prop too many": [
    (stack) => payments(stack, { network: { existing: { vpc: isolated(stack), subnetIds: [] } } }),
    /network\.existing\.subnetIds: there is no such prop \(there are `cidrs`, `subnets`, `vpc`\)/,
  ],
  "a range for a network that exists": [
    (stack) => payments(stack, { network: { existing: { vpc: isolated(stack) }, cidr: "10.9.0.0/16" } }),
    /network\.cidr: nothing comes of it beside `existing` \(leave out one of/,
  ],
  "a service without an image": [(stack) => payments(stack, { service: { image: undefined } }), /services\.api: .*`fromAsset`.*\[RF0201\]/],
  "an image that is known later": [
    (stack) => payments(stack, { service: { image: ecs.ContainerImage.fromRegistry(new cdk.CfnParameter(stack, "Image").valueAsString) } }),
    /services\.api\.image: .*`ecr\.Repository\.fromRepositoryName`.*\[RF0205\]/,
  ],
  "subnets that there are not": [
    (stack) => payments(stack, { network: { existing: { vpc: isolated(stack), subnets: { subnetGroupName: "web" } } } }),
    /network\.existing\.subnets: .*'web'.*`subnets` says which/,
  ],
  "an ARN for a topic": [(stack) => payments(stack, { alarms: { actions: ["arn:aws:sns:eu-west-1:111122223333:alerts"] } }), /alarms\.actions\.0: .*`sns\.ITopic`/],
  "an action for a topic": [
    (stack) => payments(stack, { alarms: { actions: [new cdk.aws_cloudwatch_actions.SnsAction(new sns.Topic(stack, "Topic"))] } }),
    /alarms\.actions\.0: .*`sns\.ITopic`/,
  ],
  "an ARN for a certificate": [
    (stack) => payments(stack, { listeners: [{ port: 443, to: "api", tls: { certificate: "arn:aws:acm:eu-west-1:111122223333:certificate/1" } }] }),
    /listeners\.0\.tls\.certificate: .*`acm\.ICertificate`/,
  ],
  "an alias for a key": [(stack) => payments(stack, { cluster: { execKey: "alias/exec" } }), /cluster\.execKey: .*`kms\.IKey`/],
  "a secret that is not ECS's": [
    (stack) => payments(stack, { service: { secrets: { PASSWORD: new secretsmanager.Secret(stack, "Secret") } } }),
    /services\.api\.secrets: .*`ecs\.Secret`/,
  ],
  "a number that is too large for one": [(stack) => payments(stack, { service: { environment: { LIMIT: 10n } } }), /services\.api\.environment\.LIMIT: .*another type/],
  "a symbol for a text": [(stack) => payments(stack, { service: { environment: { KIND: Symbol("it") } } }), /services\.api\.environment\.KIND: .*another type/],
  "a construct for a text": [(stack) => payments(stack, { service: { environment: { QUEUE: new sqs.Queue(stack, "Queue") } } }), /services\.api\.environment\.QUEUE: .*another type/],
  "a duration for days": [(stack) => payments(stack, { service: { logs: { retention: Duration.days(7) } } }), /services\.api\.logs\.retention: .*another type/],
  "nobody for a principal": [(stack) => payments(stack).grantConnect(undefined), /give an AccountPrincipal/],
  "a text for a principal": [(stack) => payments(stack).grantConnect("222233334444"), /give an AccountPrincipal/],
  "a load balancer that is missing": [(stack) => new PrivateLinkService(stack, "It"), /^Shop\/It cannot be made:\n {2}loadBalancer: .*`elbv2\.INetworkLoadBalancer`/],
  "a load balancer of another kind": [
    (stack) => new PrivateLinkService(stack, "It", { loadBalancer: new elbv2.ApplicationLoadBalancer(stack, "Other", { vpc: isolated(stack) }), allow: [] }),
    /loadBalancer: there is no Network Load Balancer/,
  ],
  "a service that is none": [(stack) => new PrivateLinkConsumer(stack, "It", { vpc: isolated(stack), service: {} }), /^Shop\/It cannot be made:\n {2}service: .*`PrivateFargateService`/],
  "a consumer without props": [(stack) => new PrivateLinkConsumer(stack, "It"), /Shop\/It: give exactly one of `service` and `foreign`/],
  "a consumer without a VPC": [(stack) => payments(stack).addConsumer(stack, "It"), /^Shop\/It cannot be made:\n {2}vpc: .*`ec2\.IVpc`/],
  "a consumer in an ID of a VPC": [(stack) => payments(stack).addConsumer(stack, "It", { vpc: "vpc-0123456789abcdef0" }), /vpc: .*`ec2\.IVpc`/],
  "a consumer in subnets that there are not": [
    (stack) => payments(stack).addConsumer(stack, "It", { vpc: isolated(stack), subnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    /^Shop\/It cannot be made:\n {2}subnets: .*'Public'/,
  ],
  "a foreign service with a prop too many": [
    (stack) => new PrivateLinkConsumer(stack, "It", { vpc: isolated(stack), foreign: { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", port: 443 } }),
    /foreign\.port: there is no such prop \(there are .*`ports`/,
  ],
  "a foreign service with a port that is a text": [
    (stack) => new PrivateLinkConsumer(stack, "It", {
      vpc: isolated(stack), foreign: { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", ports: [{ port: "443" }] },
    }),
    /\n {2}foreign\.ports\.0\.port: expected a whole number/,
  ],
  "a network with a prop that there is not": [(stack) => new PrivateNetwork(stack, "It", { maxAzs: 2 }), /^\/Shop\/It: maxAzs: there is no such prop/],
  "a validator for nothing": [() => RingfenceValidator.attach(undefined), /takes an app, a stage or a construct/],
  "a validator for props": [() => RingfenceValidator.attach({}), /takes an app, a stage or a construct/],
};

for (const [name, [build, pattern]] of Object.entries(WRONG)) {
  test(`${name}: told where, what and what instead`, () => assert.match(told(build), pattern));
}

for (const name of ["constructor", "toString", "valueOf", "__proto__"]) {
  test(`what is called \`${name}\` is refused where constructs get its name, and works where they do not`, () => {
    const image = IMAGE_OF_CDK;
    const refused = /no construct can have this name.*give it another name/;
    for (const [prop, props] of [
      [`services.${name}`, { services: named(name, { image, port: 8080 }) }],
      [`services.api.sidecars.${name}`, { service: { sidecars: named(name, { image }) } }],
      [`secrets.${name}`, { secrets: named(name, {}), service: { secrets: { KEY: RingfenceSecret.named(name) } } }],
    ]) {
      const text = told((stack) => payments(stack, props));
      assert.ok(text.includes(`\n  ${prop}: `), text);
      assert.match(text, refused);
    }
    const secret = (stack) => ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, "Secret"));
    assert.equal(told((stack) => payments(stack, { service: { environment: named(name, "it") } })), "");
    assert.match(told((stack) => payments(stack, { service: { environment: named(name, "it"), secrets: named(name, secret(stack)) } })), /RF0215/);
    assert.match(told((stack) => payments(stack).secret(name)), /there is no secret/);
    assert.match(told((stack) => payments(stack).serviceNamed(name)), /has no service/);
  });
}

test("props of a class, frozen ones and props that change afterwards are those of the moment", () => {
  class Props {
    services = Object.freeze({ api: Object.freeze({ image: IMAGE_OF_CDK, port: 8080 }) });
    get listeners() { return [{ port: 80, to: "api" }]; }
  }
  const { template } = synthesized((_app, stack) => {
    const props = Object.freeze(new Props());
    new PrivateFargateService(stack, "Class", props);
    const environment = { MODE: "one" };
    const changed = payments(stack, { service: { environment }, network: { cidr: "10.1.0.0/16" } });
    environment.MODE = "two";
    new sqs.Queue(stack, "Queue").grantSendMessages(changed.taskRole);
  });
  const text = JSON.stringify(template);
  assert.ok(text.includes('"Value":"one"') && !text.includes('"Value":"two"'));
});

test("a role of another account and ARNs that are known later may be let in", () => {
  const { assembly } = synthesized((app, stack) => {
    const theirs = new cdk.Stack(app, "Theirs", { env: { ...ENV, account: "222233334444" } });
    const role = new iam.Role(theirs, "Role", { roleName: "caller", assumedBy: new iam.AccountRootPrincipal() });
    payments(stack, { privateLink: { allow: [AllowedPrincipal.of(role), AllowedPrincipal.arn(cdk.Fn.importValue("caller"))] } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
});
