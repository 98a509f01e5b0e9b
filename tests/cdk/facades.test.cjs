// What constructs give back: every member that the README's table names, used as a CDK user would.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const {
  aws_cloudwatch: cloudwatch, aws_ec2: ec2, aws_elasticloadbalancingv2: elbv2, aws_iam: iam, aws_logs: logs,
  aws_s3: s3, aws_sns_subscriptions: subscriptions, aws_sqs: sqs,
} = cdk;
const { RingfenceSecret } = require("cdk-ringfence");
const { messages, only, ofType, payments, synthesized } = require("./apps.cjs");

const PACKAGE = path.dirname(require.resolve("cdk-ringfence/package.json"));

/** What is done with each member, and what must come of it. `check` gets the template afterwards. */
const MEMBERS = {
  "service": ({ it, stack }) => {
    new cdk.CfnOutput(stack, "Out", { value: `${it.service.serviceName} ${it.service.serviceArn}` });
    return (template) => {
      const id = only(template, "AWS::ECS::Service").id;
      assert.deepEqual(template.Outputs.Out.Value, { "Fn::Join": ["", [{ "Fn::GetAtt": [id, "Name"] }, " ", { Ref: id }]] });
    };
  },
  "cluster": ({ it, stack }) => {
    new cdk.CfnOutput(stack, "Out", { value: it.cluster.clusterName });
    assert.equal(it.cluster.vpc, it.vpc);
    return (template) => assert.deepEqual(template.Outputs.Out.Value, { Ref: only(template, "AWS::ECS::Cluster").id });
  },
  "vpc": ({ it, stack }) => {
    assert.equal(it.vpc.isolatedSubnets.length, 2);
    assert.equal(it.vpc.vpcCidrBlock, "10.0.0.0/16");
    new ec2.SecurityGroup(stack, "Group", { vpc: it.vpc });
    it.vpc.addInterfaceEndpoint("Sqs", { service: ec2.InterfaceVpcEndpointAwsService.SQS });
    return (template) => {
      const vpc = { Ref: only(template, "AWS::EC2::VPC").id };
      const groups = ofType(template, "AWS::EC2::SecurityGroup");
      assert.ok(groups.every(({ Properties }) => JSON.stringify(Properties.VpcId) === JSON.stringify(vpc)));
      const own = ofType(template, "AWS::EC2::VPCEndpoint").find(({ id }) => /Handles.*Sqs/.test(id));
      assert.equal(own.Properties.SubnetIds.length, 2);
    };
  },
  "loadBalancer": ({ it, stack }) => {
    new cdk.CfnOutput(stack, "Out", { value: it.loadBalancer.loadBalancerDnsName });
    it.loadBalancer.connections.allowFrom(ec2.Peer.ipv4("10.9.0.0/16"), ec2.Port.tcp(443));
    it.loadBalancer.metrics.activeFlowCount().createAlarm(stack, "Flows", { threshold: 1, evaluationPeriods: 1 });
    const group = new elbv2.NetworkTargetGroup(stack, "More", { port: 9000, vpc: it.vpc });
    it.loadBalancer.addListener("More", { port: 9000, defaultTargetGroups: [group] });
    return (template) => {
      const id = only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer").id;
      assert.deepEqual(template.Outputs.Out.Value, { "Fn::GetAtt": [id, "DNSName"] });
      assert.equal(ofType(template, "AWS::ElasticLoadBalancingV2::Listener").length, 2);
      assert.ok(ofType(template, "AWS::EC2::SecurityGroupIngress").some(({ Properties }) => Properties.CidrIp === "10.9.0.0/16"));
    };
  },
  "listeners": ({ it, stack }) => {
    assert.deepEqual(Object.keys(it.listeners), ["8080"]);
    new cdk.CfnOutput(stack, "Out", { value: it.listeners["8080"].listenerArn });
    return (template) =>
      assert.deepEqual(template.Outputs.Out.Value, { Ref: only(template, "AWS::ElasticLoadBalancingV2::Listener").id });
  },
  "taskRole": ({ it, stack }) => {
    new s3.Bucket(stack, "Bucket").grantRead(it.taskRole);
    it.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:111122223333:jobs"] }));
    it.taskRole.addManagedPolicy(new iam.ManagedPolicy(stack, "Managed", {
      statements: [new iam.PolicyStatement({ actions: ["sns:Publish"], resources: ["arn:aws:sns:eu-west-1:111122223333:news"] })],
    }));
    return (template) => {
      const { Properties } = only(template, "AWS::IAM::Policy");
      assert.match(JSON.stringify(Properties.PolicyDocument), /s3:GetObject.*sqs:SendMessage/);
      const services = ofType(template, "AWS::EC2::VPCEndpoint").map((found) => found.Properties.ServiceName);
      for (const needed of ["s3", "sns", "sqs"]) assert.ok(services.some((name) => name.endsWith(`.${needed}`)), needed);
      const { DependsOn } = only(template, "AWS::ECS::Service");
      for (const type of ["Policy", "ManagedPolicy"]) assert.ok(DependsOn.includes(only(template, `AWS::IAM::${type}`).id), type);
    };
  },
  "executionRole": ({ it, stack }) => {
    new sqs.Queue(stack, "Queue").grantSendMessages(it.executionRole);
    return (template) => assert.match(JSON.stringify(only(template, "AWS::IAM::Policy").Properties.Roles), /ExecutionRole/);
  },
  "logGroup": ({ it }) => {
    it.logGroup.addMetricFilter("Errors", {
      filterPattern: logs.FilterPattern.anyTerm("error"), metricNamespace: "Payments", metricName: "Errors",
    });
    return (template) => assert.match(JSON.stringify(only(template, "AWS::Logs::MetricFilter").Properties.LogGroupName), /TaskLogGroup/);
  },
  "connections": ({ it, stack }) => {
    const database = new ec2.SecurityGroup(stack, "Database", { vpc: it.vpc });
    it.connections.allowTo(database, ec2.Port.tcp(5432));
    assert.equal(it.connections.defaultPort.toString(), "8080");
    return (template) => {
      const rules = ["Ingress", "Egress"].map((way) => ofType(template, `AWS::EC2::SecurityGroup${way}`)
        .filter(({ Properties }) => Properties.FromPort === 5432).length);
      assert.deepEqual(rules, [1, 1]);
    };
  },
  "serviceNames": ({ it }) => void assert.deepEqual(it.serviceNames, ["api"]),
  "serviceNamed(name)": ({ it, stack }) => {
    const api = it.serviceNamed("api");
    assert.equal(api.taskRole, it.taskRole);
    assert.equal(api.metricCpuUtilization().metricName, "CPUUtilization");
    assert.equal(api.metricMemoryUtilization().metricName, "MemoryUtilization");
    assert.equal(api.metric("RunningTaskCount").namespace, "AWS/ECS");
    new cdk.CfnOutput(stack, "Out", { value: api.taskDefinitionArn });
    new cdk.CfnOutput(stack, "Group", { value: api.securityGroup.securityGroupId });
    assert.throws(() => it.serviceNamed("web"), /has no service `web`; it has api/);
    return (template) => {
      assert.deepEqual(template.Outputs.Out.Value, { Ref: only(template, "AWS::ECS::TaskDefinition").id });
      assert.match(template.Outputs.Group.Value["Fn::GetAtt"].join("."), /TaskSecurityGroup.*\.GroupId/);
    };
  },
  "alarms": ({ it, stack }) => {
    new cloudwatch.CompositeAlarm(stack, "Any", { alarmRule: cloudwatch.AlarmRule.anyOf(...it.alarms) });
    return (template) => {
      const alarms = ofType(template, "AWS::CloudWatch::Alarm").length;
      assert.ok(alarms > 5);
      assert.equal(JSON.stringify(only(template, "AWS::CloudWatch::CompositeAlarm").Properties.AlarmRule).split("ALARM(").length - 1, alarms);
    };
  },
  "secret(name)": ({ it, stack }) => {
    it.secret("db").grantRead(new iam.Role(stack, "Reader", { assumedBy: new iam.AccountPrincipal("111122223333") }));
    assert.throws(() => it.secret("other"), /there is no secret `other` under `secrets`/);
    return (template) => {
      const id = only(template, "AWS::SecretsManager::Secret").id;
      assert.deepEqual(only(template, "AWS::IAM::Policy").Properties.PolicyDocument.Statement[0].Resource, { Ref: id });
    };
  },
  "notificationTopic": ({ it }) => {
    it.notificationTopic.addSubscription(new subscriptions.EmailSubscription("ops@example.com"));
    return (template) => assert.deepEqual(
      only(template, "AWS::SNS::Subscription").Properties.TopicArn, { Ref: only(template, "AWS::SNS::Topic").id });
  },
  "endpointServiceId": ({ it, stack }) => {
    new cdk.CfnOutput(stack, "Out", { value: it.endpointServiceId });
    return (template) => assert.deepEqual(template.Outputs.Out.Value, { Ref: only(template, "AWS::EC2::VPCEndpointService").id });
  },
  "endpointServiceName": ({ it, stack }) => {
    new cdk.CfnOutput(stack, "Out", { value: it.endpointServiceName });
    return (template) => assert.deepEqual(template.Outputs.Out.Value, {
      "Fn::Join": ["", ["com.amazonaws.vpce.eu-west-1.", { Ref: only(template, "AWS::EC2::VPCEndpointService").id }]],
    });
  },
  "grantConnect(principal)": ({ it }) => {
    it.grantConnect(new iam.ArnPrincipal("arn:aws:iam::333344445555:role/caller"));
    assert.throws(() => it.grantConnect(new iam.OrganizationPrincipal("o-1234567890")), /accounts, users and roles/);
    return (template) => assert.equal(
      only(template, "AWS::EC2::VPCEndpointServicePermissions").Properties.AllowedPrincipals.at(-1), "arn:aws:iam::333344445555:role/caller");
  },
  "grantAccept(grantee)": ({ it, stack }) => {
    const role = new iam.Role(stack, "Acceptor", { assumedBy: new iam.AccountPrincipal("111122223333") });
    it.grantAccept(role).assertSuccess();
    return (template) => {
      const [decide, see] = only(template, "AWS::IAM::Policy").Properties.PolicyDocument.Statement;
      assert.match(JSON.stringify(decide.Resource), /:vpc-endpoint-service\//);
      assert.deepEqual([see.Action, see.Resource], ["ec2:DescribeVpcEndpointConnections", "*"]);
    };
  },
  "addConsumer(scope, id, …)": ({ it, stack, app }) => {
    const theirs = new cdk.Stack(app, "Theirs", { env: { account: stack.account, region: stack.region } });
    const vpc = new ec2.Vpc(theirs, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "It", subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const consumer = it.addConsumer(theirs, "Payments", { vpc, clients: ["10.0.0.0/16"] });
    consumer.connections.allowFrom(ec2.Peer.ipv4("10.7.0.0/16"), ec2.Port.tcp(8080));
    return (_template, assembly) => {
      const template = assembly.getStackByName("Theirs").template;
      const { ServiceName, SubnetIds } = only(template, "AWS::EC2::VPCEndpoint").Properties;
      assert.match(JSON.stringify(ServiceName), /Fn::ImportValue/);
      assert.equal(SubnetIds.length, vpc.isolatedSubnets.length);
    };
  },
  "metric(name)": ({ it }) => void assert.equal(it.metric("EndpointsCount").namespace, "AWS/PrivateLinkServices"),
  "metricActiveConnections()": ({ it }) => void assert.equal(it.metricActiveConnections().metricName, "ActiveConnections"),
  "metricNewConnections()": ({ it }) => void assert.equal(it.metricNewConnections().statistic, "Sum"),
  "metricBytesProcessed()": ({ it }) => void assert.equal(it.metricBytesProcessed({ statistic: "Maximum" }).statistic, "Maximum"),
  "metricEndpointsCount()": ({ it }) => void assert.deepEqual(Object.keys(it.metricEndpointsCount().dimensions), ["Service Id"]),
  "metricRstPacketsSent()": ({ it }) => void assert.equal(it.metricRstPacketsSent().period.toSeconds(), 60),
};

for (const [member, use] of Object.entries(MEMBERS)) {
  test(`\`${member}\` does what the README says`, () => {
    let check;
    const { template, assembly } = synthesized((app, stack) => {
      const it = payments(stack, {
        secrets: { db: {} },
        service: { secrets: { PASSWORD: RingfenceSecret.named("db") } },
      });
      check = use({ it, stack, app });
    });
    check?.(template, assembly);
    assert.deepEqual(messages(assembly, "error"), []);
  });
}

test("the table of the README has every member, and nothing else", () => {
  const readme = fs.readFileSync(path.join(PACKAGE, "README.md"), "utf8");
  const [, table] = readme.split("### What constructs give back");
  const named = [...table.split("###")[0].matchAll(/^\| `([^`]+)` \|/gm)].map(([, member]) => member);
  assert.deepEqual(named, Object.keys(MEMBERS));
  const { types } = JSON.parse(fs.readFileSync(path.join(PACKAGE, ".jsii"), "utf8"));
  const members = ["PrivateFargateService", "PrivateLinkProvider"].flatMap((name) => {
    const { properties = [], methods = [] } = types[`cdk-ringfence.${name}`];
    return [...properties, ...methods].map((found) => found.name);
  });
  assert.deepEqual([...new Set(members)].sort(), named.map((member) => member.split("(")[0]).sort());
});
