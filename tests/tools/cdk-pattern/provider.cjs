// Who shares the service: network, endpoints, cluster, service, load balancer, endpoint service, alarms, dashboard.
"use strict";

const { CfnOutput, Duration, RemovalPolicy, Stack } = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const cloudwatch = require("aws-cdk-lib/aws-cloudwatch");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const iam = require("aws-cdk-lib/aws-iam");
const logs = require("aws-cdk-lib/aws-logs");
const secrets = require("aws-cdk-lib/aws-secretsmanager");

const PORT = 8080;
const S3_PREFIX_LIST = "pl-6da54004";

class ProviderStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const vpc = this.network();
    const group = new ec2.SecurityGroup(this, "TaskSecurityGroup", { vpc, allowAllOutbound: false });
    const endpoints = this.endpoints(vpc, group);
    const balancerGroup = new ec2.SecurityGroup(this, "LoadBalancerSecurityGroup", { vpc, allowAllOutbound: false });
    balancerGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(443));
    balancerGroup.connections.allowTo(group, ec2.Port.tcp(PORT));
    const service = this.service(vpc, group);
    service.node.addDependency(...endpoints);
    const { balancer, targets } = this.loadBalancer(vpc, balancerGroup, service);
    this.share(balancer, props.consumers);
    this.observe(service, balancer, targets);
  }

  network() {
    const vpc = new ec2.Vpc(this, "Network", {
      ipAddresses: ec2.IpAddresses.cidr("10.20.0.0/16"),
      availabilityZones: ["eu-west-1a", "eu-west-1b"],
      natGateways: 0,
      subnetConfiguration: [{ name: "Isolated", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    const logGroup = new logs.LogGroup(this, "FlowLogGroup", {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    vpc.addFlowLog("FlowLog", {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: ec2.FlowLogTrafficType.ALL,
    });
    const queries = {
      Connections: ["stats count(*) as connections by srcAddr, dstPort", "sort connections desc"],
      Rejected: ["filter action = 'REJECT'", "stats count(*) as rejected by srcAddr, dstAddr, dstPort"],
      Volume: ["stats sum(bytes) as volume by srcAddr", "sort volume desc"],
      Trend: ["stats sum(bytes) as volume by bin(5m)"],
    };
    for (const [name, lines] of Object.entries(queries)) {
      new logs.QueryDefinition(this, `Query${name}`, {
        queryDefinitionName: `payments/${name}`,
        queryString: new logs.QueryString({ fields: ["@timestamp"], statsStatements: lines }),
        logGroups: [logGroup],
      });
    }
    return vpc;
  }

  endpoints(vpc, tasks) {
    const group = new ec2.SecurityGroup(this, "EndpointSecurityGroup", { vpc, allowAllOutbound: false });
    group.connections.allowFrom(tasks, ec2.Port.tcp(443));
    tasks.addEgressRule(ec2.Peer.prefixList(S3_PREFIX_LIST), ec2.Port.tcp(443));
    const services = {
      EcrApi: ec2.InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
      Logs: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
      SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    };
    const made = Object.entries(services).map(([name, service]) => {
      const endpoint = vpc.addInterfaceEndpoint(name, { service, securityGroups: [group], open: false });
      endpoint.addToPolicy(new iam.PolicyStatement({
        principals: [new iam.AnyPrincipal()],
        actions: ["*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:PrincipalAccount": this.account } },
      }));
      return endpoint;
    });
    const s3 = vpc.addGatewayEndpoint("S3", { service: ec2.GatewayVpcEndpointAwsService.S3 });
    s3.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ["s3:GetObject"],
      resources: [`arn:${this.partition}:s3:::prod-${this.region}-starport-layer-bucket/*`],
    }));
    return [...made, s3];
  }

  service(vpc, group) {
    const cluster = new ecs.Cluster(this, "Cluster", { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    const task = new ecs.FargateTaskDefinition(this, "Task", { cpu: 512, memoryLimitMiB: 1024 });
    const repository = ecr.Repository.fromRepositoryName(this, "Repository", "payments");
    const secret = secrets.Secret.fromSecretNameV2(this, "Database", "prod/db");
    task.addContainer("api", {
      image: ecs.ContainerImage.fromEcrRepository(repository, "1.4.2"),
      portMappings: [{ containerPort: PORT }],
      readonlyRootFilesystem: true,
      secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret, "password") },
      logging: ecs.LogDrivers.awsLogs({
        streamPrefix: "api",
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
        logGroup: new logs.LogGroup(this, "LogGroup", { retention: logs.RetentionDays.ONE_MONTH }),
      }),
    });
    const service = new ecs.FargateService(this, "Service", {
      cluster,
      taskDefinition: task,
      securityGroups: [group],
      desiredCount: 3,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(60),
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
    });
    const scaling = service.autoScaleTaskCount({ minCapacity: 3, maxCapacity: 12 });
    scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 60 });
    return service;
  }

  loadBalancer(vpc, group, service) {
    const balancer = new elb.NetworkLoadBalancer(this, "LoadBalancer", {
      vpc,
      internetFacing: false,
      crossZoneEnabled: true,
      securityGroups: [group],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: false,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    const certificate = acm.Certificate.fromCertificateArn(
      this,
      "Certificate",
      `arn:aws:acm:eu-west-1:${this.account}:certificate/12345678-1234-1234-1234-123456789012`,
    );
    const listener = balancer.addListener("Listener443", {
      port: 443,
      protocol: elb.Protocol.TLS,
      certificates: [certificate],
      sslPolicy: elb.SslPolicy.TLS13_RES,
    });
    const targets = listener.addTargets("Api", {
      port: PORT,
      protocol: elb.Protocol.TCP,
      targets: [service],
      deregistrationDelay: Duration.seconds(120),
      healthCheck: { protocol: elb.Protocol.HTTP, path: "/healthz", port: String(PORT) },
    });
    return { balancer, targets };
  }

  share(balancer, consumers) {
    const endpointService = new ec2.VpcEndpointService(this, "EndpointService", {
      vpcEndpointServiceLoadBalancers: [balancer],
      acceptanceRequired: true,
      allowedPrincipals: consumers.map((account) => new iam.ArnPrincipal(`arn:aws:iam::${account}:root`)),
    });
    new CfnOutput(this, "EndpointServiceName", { value: endpointService.vpcEndpointServiceName });
  }

  observe(service, balancer, targets) {
    const alarm = (id, metric, threshold, comparisonOperator, treatMissingData) =>
      new cloudwatch.Alarm(this, id, { metric, threshold, evaluationPeriods: 3, comparisonOperator, treatMissingData });
    const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: above, LESS_THAN_THRESHOLD: below } = cloudwatch.ComparisonOperator;
    const { BREACHING: breaching, NOT_BREACHING: quiet } = cloudwatch.TreatMissingData;
    const minute = { period: Duration.minutes(1) };
    alarm("UnhealthyHosts", targets.metrics.unHealthyHostCount(minute), 1, above, quiet);
    alarm("HealthyHosts", targets.metrics.healthyHostCount(minute), 2, below, breaching);
    alarm("TargetResets", balancer.metrics.tcpTargetResetCount(minute), 100, above, quiet);
    alarm("PortAllocationErrors", balancer.metrics.custom("PortAllocationErrorCount", { ...minute, statistic: "sum" }), 1, above, quiet);
    alarm("Cpu", service.metricCpuUtilization(), 90, above, breaching);
    alarm("Memory", service.metricMemoryUtilization(), 90, above, breaching);
    const graph = (title, ...left) => new cloudwatch.GraphWidget({ title, left, width: 12 });
    new cloudwatch.Dashboard(this, "Dashboard", {
      widgets: [
        [graph("CPU and memory", service.metricCpuUtilization(), service.metricMemoryUtilization()),
          graph("Targets", targets.metrics.healthyHostCount(), targets.metrics.unHealthyHostCount())],
        [graph("Flows", balancer.metrics.activeFlowCount(), balancer.metrics.newFlowCount()),
          graph("Bytes", balancer.metrics.processedBytes())],
      ],
    });
  }
}

module.exports = { ProviderStack };
