import { Size, Stack, StackProps } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { AllowedPrincipal, PrivateFargateService } from 'cdk-ringfence';
import { Construct } from 'constructs';

/** The same service with this library: packets pass, from the one account that may connect. */
export class OurPattern extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', 'payments');
    new PrivateFargateService(this, 'Payments', {
      network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
      services: {
        web: {
          image: ecs.ContainerImage.fromEcrRepository(repository, '1.4.2'),
          port: 8080,
          cpu: 256,
          memory: Size.mebibytes(512),
        },
      },
      listeners: [{ port: 80, to: 'web' }],
      privateLink: { allow: [AllowedPrincipal.account('222233334444')] },
    });
  }
}
