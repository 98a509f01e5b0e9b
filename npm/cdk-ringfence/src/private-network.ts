import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { NetworkOptions } from './options.generated';
import * as imports from './private/imports';
import { lowerStruct } from './private/lowering';
import { Once } from './private/once';
import { Place, Recording } from './private/place';
import { Planned } from './private/planned';

/**
 * What the network is like.
 */
export interface PrivateNetworkProps extends NetworkOptions {
  /**
   * The services of AWS to which there are endpoints, such as `sqs` or `ecr.api`.
   *
   * @default - none
   */
  readonly aws?: string[];

  /**
   * The address ranges from which the interface endpoints are reached.
   *
   * @default - those of the VPC
   */
  readonly clients?: string[];
}

/**
 * A VPC without any way to or from the internet, with endpoints for the services of AWS that are needed in it.
 *
 * @resource AWS::EC2::VPC
 */
export class PrivateNetwork extends Construct {
  private readonly planned: Planned;
  private readonly once = new Once();
  private readonly props: PrivateNetworkProps;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps = {}) {
    super(scope, id);
    this.props = props ?? {};
    const recording = new Recording(this);
    const { aws, clients } = this.props;
    const spec = { ...lowerStruct(props, 'Network', new Place(recording), ['aws', 'clients']), aws, clients };
    this.planned = new Planned(this, { kind: 'network', names: { struct: 'Network' }, props: () => spec, recording });
  }

  /**
   * The VPC: a new one, or the one that was given.
   */
  public get vpc(): ec2.IVpc {
    const existing = this.props.existing;
    return existing ? existing.vpc : this.once.get('vpc', () => this.planned.vpc(this.handles));
  }

  /**
   * The security group of the interface endpoints.
   */
  public get endpointSecurityGroup(): ec2.ISecurityGroup {
    return this.once.get('group', () => {
      const l1 = this.planned.l1(this.planned.handles.endpointSecurityGroup);
      if (!l1) {
        throw new Error(`${this.node.path} has no interface endpoints: name the services that are needed in \`aws\``);
      }
      return imports.securityGroup(this.handles, 'EndpointSecurityGroup', l1);
    });
  }

  private get handles(): Construct {
    return this.once.get('handles', () => new Construct(this, 'Handles'));
  }
}
