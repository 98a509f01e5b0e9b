import { Stack, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** A private service, shared through PrivateLink, with what the CDK has for it: it deploys, and no packet passes. */
export class StockPattern extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    const vpc = new ec2.Vpc(this, 'Vpc', {
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', ...isolated }],
    });
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', 'payments');
    const service = new patterns.NetworkLoadBalancedFargateService(this, 'Service', {
      vpc,
      publicLoadBalancer: false,
      taskSubnets: isolated,
      taskImageOptions: { image: ecs.ContainerImage.fromEcrRepository(repository, '1.4.2'), containerPort: 8080 },
    });
    new ec2.VpcEndpointService(this, 'EndpointService', {
      vpcEndpointServiceLoadBalancers: [service.loadBalancer],
      allowedPrincipals: [new iam.ArnPrincipal('arn:aws:iam::222233334444:root')],
    });
  }
}
