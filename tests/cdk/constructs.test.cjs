// How the constructs behave in apps: tokens, other stacks, tags, Aspects, escape hatches, mistakes, paths.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const {
  aws_certificatemanager: acm, aws_ec2: ec2, aws_ecr: ecr, aws_ecs: ecs, aws_elasticloadbalancingv2: elbv2, aws_iam: iam,
  aws_kms: kms, aws_lambda: lambda, aws_s3: s3, aws_secretsmanager: secretsmanager, aws_ssm: ssm, Duration,
} = cdk;
const ringfence = require("cdk-ringfence");
const { ENV, IMAGE, messages, ofType, only, payments, synthesized } = require("./apps.cjs");

test("a stack without account and Region works", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const repository = ecr.Repository.fromRepositoryName(stack, "Repository", "payments");
    payments(stack, { service: { image: ecs.ContainerImage.fromEcrRepository(repository, "1") } });
  }, { env: {} });
  assert.deepEqual(messages(assembly, "error"), []);
  const [map] = Object.keys(template.Mappings);
  assert.match(JSON.stringify(ofType(template, "AWS::EC2::SecurityGroup")), new RegExp(`"Fn::FindInMap":\\["${map}"`));
});

test("two services in one stack have mappings and conditions of their own", () => {
  const { template } = synthesized((_app, stack) => {
    const repository = ecr.Repository.fromRepositoryName(stack, "Repository", "payments");
    for (const id of ["One", "Two"]) payments(stack, { id, service: { image: ecs.ContainerImage.fromEcrRepository(repository, "1") } });
  }, { env: {} });
  const maps = Object.keys(template.Mappings);
  assert.equal(maps.length, 2);
  for (const map of maps) assert.ok(JSON.stringify(template.Resources).includes(`["${map}"`), map);
});

/** The names that a template gives to things that must have one, each with what it must be unique among. */
function namesIn(template) {
  return Object.values(template.Resources).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([key]) => /^(Family|Name|AlarmName|DashboardName|FunctionName|LogGroupName|RoleName|ManagedPolicyName|PolicyName)$/.test(key))
      // The log group of a flow log and the function of a permission are others' names.
      .filter(([, value]) => !(value.Ref ?? value["Fn::GetAtt"]))
      .map(([key, value]) => JSON.stringify([Type, key, value, Properties.ScalingTargetId ?? Properties.Roles])));
}

test("services in one stack have names of their own, wherever they are in it", () => {
  const { assembly, template } = synthesized((app, stack) => {
    ringfence.RingfenceValidator.attach(app);
    const service = { scale: { max: 4, cpu: 60 } };
    const nested = new cdk.aws_ssm.StringParameter(stack, "Payments.Old", { stringValue: "-" });
    for (const [scope, id] of [[stack, "Payments"], [stack, "Orders"], [nested, "Payments"], [stack, "Ünlike"]]) {
      payments(scope, { id, service, network: { cidr: "10.9.0.0/16" } });
    }
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const names = namesIn(template);
  assert.ok(names.length >= 4 * 4, names.join("\n"));
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
  const families = ofType(template, "AWS::ECS::TaskDefinition").map(({ Properties }) => Properties.Family);
  for (const family of families) assert.match(family["Fn::Join"][1].at(-1), /^-[A-Za-z0-9_-]+-api$/);
  assert.deepEqual(families.find((family) => /^-Payments-/.test(family["Fn::Join"][1][1])), { "Fn::Join": ["", [{ Ref: "AWS::StackName" }, "-Payments-api"]] });
});

test("consumers in other accounts are told of the output of their own service", () => {
  const { assembly } = synthesized((app, stack) => {
    const theirs = new cdk.Stack(app, "Theirs", { env: { account: "222233334444", region: "eu-west-1" } });
    const vpc = ec2.Vpc.fromVpcAttributes(theirs, "Vpc", {
      vpcId: "vpc-0123456789abcdef0", vpcCidrBlock: "10.30.0.0/16", availabilityZones: ["eu-west-1a"],
      isolatedSubnetIds: ["subnet-0123456789abcdef0"],
    });
    for (const id of ["Payments", "Orders"]) payments(stack, { id }).addConsumer(theirs, id, { vpc });
  });
  const { Outputs } = assembly.getStackByName("Shop").template;
  const { Parameters } = assembly.getStackByName("Theirs").template;
  const told = Object.values(Parameters).flatMap(({ Description = "" }) => /as the output (\w+)$/.exec(Description)?.[1] ?? []);
  const services = told.map((name) => /"Ref":"(Payments|Orders)EndpointService/.exec(JSON.stringify(Outputs[name].Value))[1]);
  assert.deepEqual(services, ["Payments", "Orders"]);
});

test("tokens of texts, numbers and lists pass through, and are said to be unchecked", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const port = new cdk.CfnParameter(stack, "Port", { type: "Number" });
    const days = new cdk.CfnParameter(stack, "Delay", { type: "Number" });
    payments(stack, {
      service: { port: port.valueAsNumber, environment: { TABLE: cdk.Fn.importValue("table"), URL: `https://${cdk.Fn.ref("Port")}/` } },
      listeners: [{ port: 443, to: "api", target: { deregistrationDelay: Duration.seconds(days.valueAsNumber) } }],
    });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const [container] = only(template, "AWS::ECS::TaskDefinition").Properties.ContainerDefinitions;
  assert.deepEqual(container.PortMappings[0].ContainerPort, { Ref: "Port" });
  assert.deepEqual(container.Environment, [
    { Name: "TABLE", Value: { "Fn::ImportValue": "table" } },
    { Name: "URL", Value: { "Fn::Join": ["", ["https://", { Ref: "Port" }, "/"]] } },
  ]);
  const { TargetGroupAttributes } = only(template, "AWS::ElasticLoadBalancingV2::TargetGroup").Properties;
  const delay = TargetGroupAttributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds");
  assert.match(JSON.stringify(delay.Value), /"Ref":"Delay"/);
  const unknown = messages(assembly, "info").join("\n");
  for (const prop of ["services.api.port", "listeners.0.target.deregistrationDelay"]) assert.ok(unknown.includes(`${prop}: `), unknown);
  assert.ok(unknown.startsWith("/Shop/Payments: "), "the construct is named");
});

test("numbers that are known later become the texts that tasks want", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const cpu = new cdk.CfnParameter(stack, "Cpu", { type: "Number" });
    payments(stack, { service: { cpu: cpu.valueAsNumber, memory: cdk.Size.mebibytes(cdk.Lazy.number({ produce: () => 1024 })) } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const { Cpu, Memory } = only(template, "AWS::ECS::TaskDefinition").Properties;
  assert.deepEqual([Cpu, Memory], [{ Ref: "Cpu" }, "1024"]);
});

test("the default port has the transports of what leads to it", () => {
  const { stack } = synthesized(() => {});
  const port = (id, service, protocol) =>
    payments(stack, { id, service, listeners: [{ port: 53, to: "api", protocol }] }).connections.defaultPort?.toRuleJson();
  const { TCP, UDP, TCP_UDP } = ringfence.ListenerProtocol;
  assert.deepEqual(port("Tcp", {}, TCP), { ipProtocol: "tcp", fromPort: 8080, toPort: 8080 });
  const datagrams = { protocol: ringfence.Transport.UDP, port: 53 };
  assert.deepEqual(port("Udp", datagrams, UDP), { ipProtocol: "udp", fromPort: 53, toPort: 53 });
  assert.equal(port("Both", datagrams, TCP_UDP), undefined);
  assert.deepEqual(payments(stack, { listeners: [], service: datagrams }).connections.defaultPort?.toRuleJson().ipProtocol, "udp");
});

test("references to another stack become exports and imports", () => {
  const { assembly } = synthesized((app, stack) => {
    const base = new cdk.Stack(app, "Base", { env: ENV });
    const key = new kms.Key(base, "Key");
    const secret = new secretsmanager.Secret(base, "Secret");
    const certificate = new acm.Certificate(base, "Certificate", { domainName: "payments.example.com" });
    const vpc = new ec2.Vpc(base, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    payments(stack, {
      network: { existing: { vpc } },
      service: { logs: { kmsKey: key }, secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret, "password") } },
      listeners: [{ port: 443, to: "api", tls: { certificate } }],
    });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const template = assembly.getStackByName("Shop").template;
  assert.equal(ofType(template, "AWS::EC2::VPC").length, 0);
  const imports = JSON.stringify(template).match(/Base:ExportsOutput\w+/g);
  for (const what of ["Key", "Secret", "Certificate", "Vpc"]) assert.ok(imports.some((name) => name.includes(what)), what);
});

test("what a role is allowed opens the way to it, and what cannot be told is a warning", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const { taskRole } = payments(stack);
    new cdk.aws_dynamodb.Table(stack, "Table", { partitionKey: { name: "id", type: cdk.aws_dynamodb.AttributeType.STRING } }).grantReadData(taskRole);
    new cdk.aws_kinesis.Stream(stack, "Stream").grantWrite(taskRole);
    taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ notActions: ["iam:*"], resources: ["*"] }));
  });
  const endpoints = ofType(template, "AWS::EC2::VPCEndpoint").map(({ Properties }) => Properties);
  const of = (name) => endpoints.find(({ ServiceName }) => ServiceName.endsWith(`.${name}`));
  assert.equal(of("dynamodb").VpcEndpointType, "Gateway");
  const table = ofType(template, "AWS::DynamoDB::Table")[0].id;
  assert.ok(JSON.stringify(of("dynamodb").PolicyDocument).includes(JSON.stringify({ "Fn::GetAtt": [table, "Arn"] })));
  assert.equal(of("kinesis-streams").VpcEndpointType, "Interface");
  assert.match(messages(assembly, "warning").join("\n"), /a statement with `NotAction`: which endpoints its calls need cannot be told/);
});

test("services in an existing VPC start when its routes are there", () => {
  const { template } = synthesized((_app, stack) => {
    const vpc = new ec2.Vpc(stack, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    payments(stack, { network: { existing: { vpc } } });
  });
  const associations = ofType(template, "AWS::EC2::SubnetRouteTableAssociation").map(({ id }) => id);
  assert.ok(associations.length > 1);
  for (const id of associations) assert.ok(only(template, "AWS::ECS::Service").DependsOn.includes(id), id);
});

test("a secret is taken apart into ARN, key and encryption key", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const encryptionKey = new kms.Key(stack, "Key");
    const secret = new secretsmanager.Secret(stack, "Secret", { encryptionKey });
    payments(stack, { service: { secrets: {
      PASSWORD: ecs.Secret.fromSecretsManager(secret, "password"),
      TOKEN: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, "P", { parameterName: "/token", encryptionKey })),
    } } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const secret = only(template, "AWS::SecretsManager::Secret").id;
  const key = ofType(template, "AWS::KMS::Key").find(({ id }) => id.startsWith("Key")).id;
  const [{ Secrets }] = only(template, "AWS::ECS::TaskDefinition").Properties.ContainerDefinitions;
  assert.deepEqual(Secrets.find(({ Name }) => Name === "PASSWORD").ValueFrom, { "Fn::Join": ["", [{ Ref: secret }, ":password::"]] });
  const role = ofType(template, "AWS::IAM::Role").find(({ id }) => id.includes("ExecutionRole"));
  const statements = role.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const of = (action) => statements.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => [Resource].flat());
  assert.deepEqual(of("secretsmanager:GetSecretValue"), [{ Ref: secret }]);
  assert.deepEqual(of("kms:Decrypt")[0], { "Fn::GetAtt": [key, "Arn"] });
  assert.equal(ofType(template, "AWS::IAM::Policy").length, 0, "the plan allows it all");
});

test("a secret that is known by its name is readable in any app, with partitions as tokens or not", () => {
  for (const literal of [true, false]) {
    const { assembly, template } = synthesized((_app, stack) => {
      const secret = secretsmanager.Secret.fromSecretNameV2(stack, "Secret", "prod/db");
      payments(stack, { service: { secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) } } });
    }, { context: { "@aws-cdk/core:enablePartitionLiterals": literal } });
    assert.deepEqual(messages(assembly, "error"), []);
    assert.match(JSON.stringify(ofType(template, "AWS::IAM::Role").concat(ofType(template, "AWS::IAM::Policy"))), /secret:prod\/db-\?{6}/);
    assert.match(JSON.stringify(ofType(template, "AWS::EC2::VPCEndpoint")), /secret:prod\/db-\?{6}/);
  }
});

test("an image asset is built and pulled like any image of the app's account", () => {
  const folder = path.join(__dirname, "../../examples/specs/docker");
  const { assembly, template } = synthesized((_app, stack) => {
    payments(stack, { service: { image: ecs.ContainerImage.fromAsset(folder) } });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const [{ Image }] = only(template, "AWS::ECS::TaskDefinition").Properties.ContainerDefinitions;
  assert.match(JSON.stringify(Image), /cdk-hnb659fds-container-assets-111122223333-eu-west-1:[0-9a-f]{64}/);
  assert.match(JSON.stringify(ofType(template, "AWS::IAM::Role")), /repository\/cdk-hnb659fds-container-assets/);
});

test("Aspects and tags reach every L1, also those that are made before synthesis", () => {
  const seen = new Set();
  const { template } = synthesized((_app, stack) => {
    cdk.Tags.of(stack).add("team", "payments");
    const service = payments(stack);
    new s3.Bucket(stack, "Bucket").grantRead(service.taskRole);
    new cdk.aws_sqs.Queue(stack, "Queue").grantSendMessages(service.taskRole);
    cdk.Aspects.of(stack).add({ visit: (node) => void (cdk.CfnResource.isCfnResource(node) && seen.add(node.node.path)) });
    assert.ok(service.node.findChild("Network").node.findChild("Vpc") instanceof ec2.CfnVPC);
  });
  assert.ok([...seen].some((at) => /Endpoints\/Sqs/.test(at)), [...seen].join("\n"));
  for (const type of ["AWS::EC2::VPC", "AWS::ECS::Service", "AWS::EC2::VPCEndpoint", "AWS::IAM::Role", "AWS::Logs::LogGroup"]) {
    for (const { id, Properties } of ofType(template, type)) {
      assert.deepEqual(Properties.Tags.filter(({ Key }) => Key === "team"), [{ Key: "team", Value: "payments" }], id);
    }
  }
});

test("permissions boundaries and removal policies are those of the app", () => {
  const { template } = synthesized((_app, stack) => {
    const service = payments(stack, { service: { tracing: true } });
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, "Boundary", "boundary"));
    cdk.RemovalPolicies.of(service).destroy();
  });
  for (const { id, Properties } of ofType(template, "AWS::IAM::Role")) assert.match(JSON.stringify(Properties.PermissionsBoundary), /policy\/boundary/, id);
  for (const { id, DeletionPolicy } of ofType(template, "AWS::Logs::LogGroup")) assert.equal(DeletionPolicy, "Delete", id);
});

test("what the app changes on an L1 survives what is changed before synthesis", () => {
  const { template } = synthesized((_app, stack) => {
    const service = payments(stack);
    new s3.Bucket(stack, "Bucket").grantRead(service.taskRole);
    const endpoint = service.node.findChild("Endpoints").node.findChild("S3");
    endpoint.policyDocument.Statement.push({ Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: "*" });
    const vpc = service.node.findChild("Network").node.findChild("Vpc");
    vpc.enableDnsSupport = false;
    vpc.addPropertyOverride("InstanceTenancy", "dedicated");
  });
  const s3Endpoint = ofType(template, "AWS::EC2::VPCEndpoint").find(({ id }) => id.includes("EndpointsS3"));
  assert.equal(s3Endpoint.Properties.PolicyDocument.Statement.at(-1).Effect, "Deny");
  const { EnableDnsSupport, InstanceTenancy } = only(template, "AWS::EC2::VPC").Properties;
  assert.deepEqual([EnableDnsSupport, InstanceTenancy], [false, "dedicated"]);
});

test("a policy that itself needs the service does not have the service wait for it", () => {
  const { template } = synthesized((_app, stack) => {
    const service = payments(stack);
    const restart = new lambda.Function(stack, "Restart", {
      runtime: lambda.Runtime.NODEJS_20_X, handler: "index.handler", code: lambda.Code.fromInline("exports.handler = () => {};"),
      environment: { SERVICE: service.service.serviceName },
    });
    restart.grantInvoke(service.taskRole);
  });
  const { id } = ofType(template, "AWS::IAM::Policy").find(({ Properties }) => /TaskRole/.test(JSON.stringify(Properties.Roles)));
  assert.ok(!only(template, "AWS::ECS::Service").DependsOn.includes(id));
});

test("mistakes are told together, each with the construct, the prop and advice", () => {
  const { assembly } = synthesized((_app, stack) => {
    payments(stack, {
      service: { cpu: 300, memory: cdk.Size.mebibytes(700), logs: { retention: 42 } },
      listeners: [{ port: 443, to: "web" }],
    });
  });
  const told = messages(assembly, "error").join("\n");
  assert.match(told, /^\/Shop\/Payments: /);
  for (const prop of ["services.api.cpu", "services.api.logs.retention", "listeners.0.to"]) assert.ok(told.includes(`${prop}: `), told);
  assert.match(told, /\[RF\d{4}\]/);
});

test("a prop that there is not is told, with those that there are", () => {
  const { assembly } = synthesized((_app, stack) => payments(stack, { service: { log: { retention: 90 } } }));
  const told = messages(assembly, "error").join("\n");
  assert.match(told, /^\/Shop\/Payments: services\.api\.log: there is no such prop \(there are .*`logs`/);
});

test("where nothing can be made, one error tells everything", () => {
  assert.throws(() => synthesized((_app, stack) => payments(stack, { services: {}, listeners: [{ port: 0, to: "api" }] })), (error) => {
    assert.match(error.message, /^Shop\/Payments cannot be made:\n/);
    assert.match(error.message, /listeners\.0\.port: /);
    return true;
  });
});

test("a warning is acknowledged by its code", () => {
  const build = (acknowledge) => synthesized((_app, stack) => {
    const service = payments(stack, { service: { deployment: { circuitBreaker: false } }, network: { azs: 1 } });
    if (acknowledge) for (const code of acknowledge) cdk.Annotations.of(service).acknowledgeWarning(code);
  }).assembly;
  // The CDK may have warnings of its own.
  const ours = (assembly) => messages(assembly, "warning").flatMap((text) => /\[ack: (RF\d{4})\]/.exec(text)?.[1] ?? []);
  const codes = ours(build());
  assert.ok(codes.length > 0);
  assert.deepEqual(ours(build(codes)), []);
});

test("props that CDK's types make impossible are told by their names", () => {
  const { assembly } = synthesized((_app, stack) => {
    payments(stack, {
      network: { azs: 2, availabilityZones: ["eu-west-1a", "eu-west-1b"] },
      service: {
        stopTimeout: Duration.millis(1500),
        permissions: [new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ["s3:*"], resources: ["*"] })],
      },
    });
  });
  const told = messages(assembly, "error").join("\n");
  for (const prop of ["network.availabilityZones", "services.api.stopTimeout", "services.api.permissions.0"]) assert.ok(told.includes(`${prop}: `), told);
});

test("of several services each has its own members", () => {
  synthesized((_app, stack) => {
    const image = ecs.ContainerImage.fromRegistry(IMAGE);
    const service = payments(stack, {
      services: { api: { image, port: 8080 }, worker: { image } },
      listeners: [{ port: 443, to: "api" }],
    });
    assert.deepEqual(service.serviceNames, ["api", "worker"]);
    assert.throws(() => service.taskRole, /has 2 services: ask `serviceNamed\('api'\)\.taskRole` instead/);
    assert.notEqual(service.serviceNamed("api").taskRole, service.serviceNamed("worker").taskRole);
  });
});

test("without a port nothing listens, and what is asked of the load balancer says so", () => {
  synthesized((_app, stack) => {
    const service = payments(stack, { services: { worker: { image: ecs.ContainerImage.fromRegistry(IMAGE) } }, privateLink: undefined });
    assert.throws(() => service.loadBalancer, /nothing listens/);
    assert.throws(() => service.endpointServiceId, /is not shared: give it `privateLink`/);
    assert.throws(() => service.grantConnect(new iam.AccountPrincipal("222233334444")), /is not shared/);
  });
});

test("any load balancer can be shared", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const vpc = new ec2.Vpc(stack, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const loadBalancer = new elbv2.NetworkLoadBalancer(stack, "Balancer", { vpc });
    const shared = new ringfence.PrivateLinkService(stack, "Shared", {
      loadBalancer, allow: [ringfence.AllowedPrincipal.of(new iam.AccountPrincipal("222233334444"))], ports: [{ port: 443 }],
    });
    shared.grantConnect(new iam.ArnPrincipal("arn:aws:iam::333344445555:role/caller"));
    assert.equal(shared.metricEndpointsCount().namespace, "AWS/PrivateLinkServices");
    shared.notificationTopic.grantPublish(new iam.Role(stack, "Publisher", { assumedBy: new iam.AccountPrincipal("111122223333") }));
  });
  assert.deepEqual(messages(assembly, "error"), []);
  assert.deepEqual(only(template, "AWS::EC2::VPCEndpointService").Properties.NetworkLoadBalancerArns,
    [{ Ref: only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer").id }]);
  assert.equal(only(template, "AWS::EC2::VPCEndpointServicePermissions").Properties.AllowedPrincipals.length, 2);
});

test("a network serves what others put into it", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const network = new ringfence.PrivateNetwork(stack, "Network", { cidr: "10.9.0.0/16", aws: ["sqs", "s3"] });
    payments(stack, { network: { existing: { vpc: network.vpc } } });
    network.endpointSecurityGroup.addIngressRule(ec2.Peer.ipv4("10.8.0.0/16"), ec2.Port.tcp(443));
    new ec2.Instance(stack, "Instance", {
      vpc: network.vpc, instanceType: new ec2.InstanceType("t4g.nano"),
      machineImage: ec2.MachineImage.genericLinux({ "eu-west-1": "ami-0123456789abcdef0" }),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  assert.equal(only(template, "AWS::EC2::VPC").Properties.CidrBlock, "10.9.0.0/16");
  assert.match(JSON.stringify(only(template, "AWS::EC2::Instance").Properties.SubnetId), /NetworkZone1Subnet/);
  const { DependsOn } = only(template, "AWS::ECS::Service");
  for (const { id } of ofType(template, "AWS::EC2::SubnetRouteTableAssociation")) assert.ok(DependsOn.includes(id), id);
});

test("a consumer in another account asks for the name of the service", () => {
  const { assembly } = synthesized((app, stack) => {
    const service = payments(stack);
    const theirs = new cdk.Stack(app, "Theirs", { env: { account: "222233334444", region: "eu-west-1" } });
    const vpc = ec2.Vpc.fromVpcAttributes(theirs, "Vpc", {
      vpcId: "vpc-0123456789abcdef0", vpcCidrBlock: "10.30.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"],
      isolatedSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    });
    service.addConsumer(theirs, "Payments", { vpc, alias: "payments.example.com" });
  });
  assert.deepEqual(messages(assembly, "error"), []);
  const template = assembly.getStackByName("Theirs").template;
  const [[parameter]] = Object.entries(template.Parameters).filter(([, { Description }]) => /endpoint service/.test(Description));
  assert.deepEqual(only(template, "AWS::EC2::VPCEndpoint").Properties.ServiceName, { Ref: parameter });
  assert.equal(only(template, "AWS::Route53::HostedZone").Properties.Name.replace(/\.$/, ""), "payments.example.com");
  const [, output] = /the stack Shop has as the output (\w+)$/.exec(template.Parameters[parameter].Description);
  const shared = assembly.getStackByName("Shop").template;
  const service = only(shared, "AWS::EC2::VPCEndpointService").id;
  assert.match(JSON.stringify(shared.Outputs[output].Value), new RegExp(`"com.amazonaws.vpce.*"Ref":"${service}"`));
});

test("a consumer in a Region from which the service cannot be used is an error", () => {
  const told = (make) => {
    const { assembly } = synthesized((app, stack) => {
      const theirs = new cdk.Stack(app, "Theirs", { env: { account: "222233334444", region: "eu-central-1" } });
      const vpc = ec2.Vpc.fromVpcAttributes(theirs, "Vpc", {
        vpcId: "vpc-0123456789abcdef0", vpcCidrBlock: "10.30.0.0/16", availabilityZones: ["eu-central-1a"],
        isolatedSubnetIds: ["subnet-0123456789abcdef0"],
      });
      make(stack).addConsumer(theirs, "Payments", { vpc });
    });
    return ["error", "info"].flatMap((level) => messages(assembly, level).filter((text) => /Regions?\b/i.test(text)));
  };
  const allow = [ringfence.AllowedPrincipal.account("222233334444")];
  const balanced = (stack, more) => {
    const loadBalancer = new elbv2.NetworkLoadBalancer(stack, "Balancer", { vpc: new ec2.Vpc(stack, "Vpc") });
    return new ringfence.PrivateLinkService(stack, "It", { loadBalancer, allow, ports: [{ port: 443 }], zones: 2, ...more });
  };
  for (const make of [(stack) => payments(stack), balanced]) {
    const errors = told(make);
    assert.equal(errors.length, 1, errors.join("\n"));
    assert.match(errors[0], /^\/Theirs\/Payments: .*`eu-central-1`/);
  }
  assert.deepEqual(told((stack) => payments(stack, { privateLink: { allow, regions: ["eu-central-1"] } })), []);
  assert.deepEqual(told((stack) => balanced(stack, { regions: ["eu-central-1"] })), []);
});

test("a consumer of a service that is not in the app", () => {
  const { assembly, template } = synthesized((_app, stack) => {
    const vpc = new ec2.Vpc(stack, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const foreign = { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", ports: [{ port: 443 }] };
    new ringfence.PrivateLinkConsumer(stack, "Consumer", { vpc, foreign });
    assert.throws(() => new ringfence.PrivateLinkConsumer(stack, "Neither", { vpc }), /exactly one of `service` and `foreign`/);
  });
  assert.deepEqual(messages(assembly, "error"), []);
  assert.match(only(template, "AWS::EC2::VPCEndpoint").Properties.ServiceName, /vpce-svc-0123456789abcdef0$/);
});

test("a construct works in a stage and in a nested stack", () => {
  const app = new cdk.App();
  const stage = new cdk.Stage(app, "Production", { env: ENV });
  const stack = new cdk.Stack(stage, "Shop");
  const nested = new cdk.NestedStack(stack, "Nested");
  const service = payments(nested);
  new s3.Bucket(stack, "Bucket").grantRead(service.taskRole);
  new cdk.CfnOutput(stack, "Name", { value: service.endpointServiceName });
  const assembly = app.synth().getNestedAssembly("assembly-Production");
  assert.deepEqual(assembly.stacks.flatMap((found) => found.messages).filter(({ level }) => level === "error"), []);
  const file = fs.readdirSync(assembly.directory).find((name) => name.endsWith(".nested.template.json"));
  const template = JSON.parse(fs.readFileSync(path.join(assembly.directory, file), "utf8"));
  const endpoint = ofType(template, "AWS::EC2::VPCEndpoint").find(({ id }) => id.includes("EndpointsS3"));
  assert.match(JSON.stringify(endpoint.Properties.PolicyDocument), /referenceto\w*Bucket/);
});

test("an app can be synthesized twice", () => {
  const { app, template } = synthesized((_app, stack) => {
    const service = payments(stack);
    new s3.Bucket(stack, "Bucket").grantRead(service.taskRole);
  });
  assert.deepEqual(app.synth({ force: true }).getStackByName("Shop").template, template);
});

test("paths and logical IDs stay as they are", () => {
  const { template } = synthesized((_app, stack) => void new s3.Bucket(stack, "Bucket").grantRead(payments(stack).taskRole));
  const lines = Object.entries(template.Resources).map(([id, { Metadata }]) => `${Metadata["aws:cdk:path"]} ${id}`);
  const file = path.join(__dirname, "paths.snapshot.txt");
  if (process.env.RINGFENCE_WRITE_SNAPSHOTS) fs.writeFileSync(file, `${lines.join("\n")}\n`);
  assert.deepEqual(lines, fs.readFileSync(file, "utf8").trim().split("\n"));
});
