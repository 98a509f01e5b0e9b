// Who connects: an interface endpoint to the service, in an account and a network of their own.
"use strict";

const { CfnOutput, CfnParameter, Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const iam = require("aws-cdk-lib/aws-iam");

class ConsumerStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const serviceName = new CfnParameter(this, "ServiceName", { description: "The name of the endpoint service" });
    const vpc = new ec2.Vpc(this, "Network", {
      ipAddresses: ec2.IpAddresses.cidr("10.30.0.0/16"),
      availabilityZones: ["eu-west-1a", "eu-west-1b"],
      natGateways: 0,
      subnetConfiguration: [{ name: "Isolated", subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    const group = new ec2.SecurityGroup(this, "SecurityGroup", { vpc, allowAllOutbound: false });
    group.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(443));
    const endpoint = new ec2.InterfaceVpcEndpoint(this, "Endpoint", {
      vpc,
      service: new ec2.InterfaceVpcEndpointService(serviceName.valueAsString, 443),
      securityGroups: [group],
      privateDnsEnabled: false,
      open: false,
    });
    new iam.ManagedPolicy(this, "CreateOnlyThisEndpoint", {
      statements: [
        new iam.PolicyStatement({
          actions: ["ec2:CreateVpcEndpoint"],
          resources: [this.formatArn({ service: "ec2", resource: "vpc-endpoint", resourceName: "*" })],
          conditions: { StringEquals: { "ec2:VpceServiceName": serviceName.valueAsString } },
        }),
      ],
    });
    new CfnOutput(this, "EndpointId", { value: endpoint.vpcEndpointId });
  }
}

module.exports = { ConsumerStack };
