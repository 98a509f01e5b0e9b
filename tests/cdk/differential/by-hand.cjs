// The patterns of the comparison as somebody writes them who knows the CDK and AWS, with the L2s of aws-cdk-lib. What a pattern
// is about is set; everything else is left to the CDK's defaults.
"use strict";

const { Duration } = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const iam = require("aws-cdk-lib/aws-iam");
const logs = require("aws-cdk-lib/aws-logs");
const secrets = require("aws-cdk-lib/aws-secretsmanager");

const ZONES = ["eu-west-1a", "eu-west-1b"];
const ISOLATED = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
const PORT = 8080;
/** The prefix list of S3 in eu-west-1. */
const S3 = "pl-6da54004";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";

/** A VPC with one isolated subnet in each of two zones. */
function network(scope, cidr = "10.20.0.0/16") {
  return new ec2.Vpc(scope, "Vpc", {
    ipAddresses: ec2.IpAddresses.cidr(cidr),
    availabilityZones: ZONES,
    natGateways: 0,
    subnetConfiguration: [{ name: "Isolated", cidrMask: 19, ...ISOLATED }],
  });
}

/** A group that lets nothing out. */
const group = (scope, id, vpc) => new ec2.SecurityGroup(scope, id, { vpc, allowAllOutbound: false });

/** The endpoints for tasks with an image in ECR and a log in CloudWatch, which only this account may use. */
function endpoints(scope, vpc, tasks, more = {}) {
  const admitted = group(scope, "EndpointGroup", vpc);
  admitted.connections.allowFrom(tasks, ec2.Port.tcp(443));
  tasks.addEgressRule(ec2.Peer.prefixList(S3), ec2.Port.tcp(443));
  const repository = "arn:aws:ecr:eu-west-1:111122223333:repository/payments";
  const pull = [
    { actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources: [repository] },
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  ];
  const services = {
    EcrApi: { service: ec2.InterfaceVpcEndpointAwsService.ECR, allowed: pull },
    EcrDocker: { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER, allowed: pull },
    ...more,
  };
  const made = Object.entries(services).map(([id, { service, allowed }]) => {
    const endpoint = vpc.addInterfaceEndpoint(id, { service, securityGroups: [admitted], open: false });
    for (const statement of allowed) {
      endpoint.addToPolicy(new iam.PolicyStatement({
        ...statement,
        principals: [new iam.StarPrincipal()],
        conditions: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      }));
    }
    return endpoint;
  });
  const s3 = vpc.addGatewayEndpoint("S3", { service: ec2.GatewayVpcEndpointAwsService.S3 });
  s3.addToPolicy(new iam.PolicyStatement({
    principals: [new iam.StarPrincipal()],
    actions: ["s3:GetObject"],
    resources: ["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"],
  }));
  return [...made, s3];
}

/** A service of two tasks at least, in this VPC and cluster. */
function service(scope, vpc, cluster, { secret } = {}) {
  const tasks = group(scope, "TaskGroup", vpc);
  const logGroup = new logs.LogGroup(scope, "Log", { retention: logs.RetentionDays.THREE_MONTHS });
  const writeLog = {
    service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    allowed: [{ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logGroup.logGroupArn] }],
  };
  const readSecret = secret && {
    service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    allowed: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secret.secretArn] }],
  };
  const needed = endpoints(scope, vpc, tasks, { Logs: writeLog, ...(readSecret ? { Secrets: readSecret } : {}) });
  const task = new ecs.FargateTaskDefinition(scope, "Task", { cpu: 512, memoryLimitMiB: 1024 });
  task.addContainer("api", {
    image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(scope, "Repository", "payments"), "1.4.2"),
    portMappings: [{ containerPort: PORT }],
    readonlyRootFilesystem: true,
    logging: ecs.LogDrivers.awsLogs({ streamPrefix: "api", mode: ecs.AwsLogDriverMode.NON_BLOCKING, logGroup }),
    ...(secret ? { secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret, "password") } } : {}),
  });
  const made = new ecs.FargateService(scope, "Service", {
    cluster,
    taskDefinition: task,
    securityGroups: [tasks],
    vpcSubnets: ISOLATED,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { rollback: true },
    healthCheckGracePeriod: Duration.seconds(60),
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
  });
  made.node.addDependency(...needed);
  const scaling = made.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 });
  scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 60 });
  return { service: made, tasks };
}

/** An internal load balancer in front of the service. */
function loadBalancer(scope, vpc, { service: target, tasks }, listener, healthCheck) {
  const own = group(scope, "LoadBalancerGroup", vpc);
  own.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(listener.port));
  own.connections.allowTo(tasks, ec2.Port.tcp(PORT));
  const balancer = new elb.NetworkLoadBalancer(scope, "LoadBalancer", {
    vpc,
    internetFacing: false,
    crossZoneEnabled: true,
    securityGroups: [own],
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
    vpcSubnets: ISOLATED,
  });
  balancer.addListener("Listener", listener).addTargets("Targets", {
    port: PORT,
    protocol: elb.Protocol.TCP,
    targets: [target],
    deregistrationDelay: Duration.seconds(120),
    healthCheck,
  });
  return balancer;
}

function share(scope, balancer) {
  return new ec2.VpcEndpointService(scope, "EndpointService", {
    vpcEndpointServiceLoadBalancers: [balancer],
    acceptanceRequired: true,
    allowedPrincipals: [new iam.ArnPrincipal("arn:aws:iam::222233334444:root")],
  });
}

const cluster = (scope, vpc) => new ecs.Cluster(scope, "Cluster", { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
const TCP_CHECK = { protocol: elb.Protocol.TCP };

module.exports = {
  /** A network with flow logs, and nothing in it. */
  network(scope) {
    network(scope).addFlowLog("FlowLog", {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(new logs.LogGroup(scope, "FlowLogs", { retention: logs.RetentionDays.THREE_MONTHS })),
      trafficType: ec2.FlowLogTrafficType.ALL,
    });
  },

  /** One service over TCP, shared with an account. */
  tcp(scope) {
    const vpc = network(scope);
    const made = service(scope, vpc, cluster(scope, vpc));
    share(scope, loadBalancer(scope, vpc, made, { port: 80, protocol: elb.Protocol.TCP }, TCP_CHECK));
  },

  /** One service with a secret, over TLS that ends at the load balancer, with health checks over HTTP. */
  tls(scope) {
    const vpc = network(scope);
    const secret = secrets.Secret.fromSecretCompleteArn(
      scope, "Database", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1b2c3");
    const made = service(scope, vpc, cluster(scope, vpc), { secret });
    share(scope, loadBalancer(scope, vpc, made, {
      port: 443,
      protocol: elb.Protocol.TLS,
      certificates: [elb.ListenerCertificate.fromArn(CERTIFICATE)],
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    }, { protocol: elb.Protocol.HTTP, path: "/healthz" }));
  },

  /** One service in a VPC and a cluster that are there already. */
  existing(scope, { vpc, cluster: given }) {
    const made = service(scope, vpc, given);
    share(scope, loadBalancer(scope, vpc, made, { port: 80, protocol: elb.Protocol.TCP }, TCP_CHECK));
  },

  /** A load balancer that is there already, shared with an account. */
  sharing(scope, { balancer }) {
    share(scope, balancer);
  },

  /** A consumer in a VPC of its own account. */
  consumer(scope, { vpc, serviceName }) {
    const own = group(scope, "EndpointGroup", vpc);
    own.addIngressRule(ec2.Peer.ipv4("10.30.0.0/16"), ec2.Port.tcp(443));
    new ec2.InterfaceVpcEndpoint(scope, "Endpoint", {
      vpc,
      subnets: ISOLATED,
      service: new ec2.InterfaceVpcEndpointService(serviceName, 443),
      securityGroups: [own],
      privateDnsEnabled: false,
      open: false,
    });
  },
};
module.exports.make = { network, cluster };
