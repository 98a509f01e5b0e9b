// What the CDK's own pattern makes of "a private service, shared through PrivateLink", written as its documentation has it.
"use strict";

const { Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const patterns = require("aws-cdk-lib/aws-ecs-patterns");
const iam = require("aws-cdk-lib/aws-iam");

/** The flag with which the CDK gives a Network Load Balancer a security group when none is named. */
const FLAG = "@aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault";

/** A stack `Stock` in `scope`. */
function stockPattern(scope) {
  const stack = new Stack(scope, "Stock", { env: { account: "111122223333", region: "eu-west-1" } });
  const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const vpc = new ec2.Vpc(stack, "Vpc", {
    availabilityZones: ["eu-west-1a", "eu-west-1b"],
    natGateways: 0,
    subnetConfiguration: [{ name: "Isolated", ...isolated }],
  });
  const repository = ecr.Repository.fromRepositoryName(stack, "Repository", "payments");
  const service = new patterns.NetworkLoadBalancedFargateService(stack, "Service", {
    vpc,
    publicLoadBalancer: false,
    taskSubnets: isolated,
    taskImageOptions: { image: ecs.ContainerImage.fromEcrRepository(repository, "1.4.2"), containerPort: 8080 },
  });
  new ec2.VpcEndpointService(stack, "EndpointService", {
    vpcEndpointServiceLoadBalancers: [service.loadBalancer],
    allowedPrincipals: [new iam.ArnPrincipal("arn:aws:iam::222233334444:root")],
  });
  return stack;
}

module.exports = { FLAG, stockPattern };
