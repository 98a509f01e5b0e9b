import { aws_ec2 as ec2 } from 'aws-cdk-lib';

/**
 * An existing VPC, of this app or imported.
 *
 * It must have DNS support and DNS hostnames on, or the endpoints that are made in it are not found.
 */
export interface ExistingNetworkOptions {
  /**
   * The VPC.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets for tasks, load balancer and endpoints, one per Availability Zone.
   *
   * Imported subnets must know their route tables, since gateway endpoints add their route there.
   *
   * @default - the isolated subnets, or else the private ones, one per Availability Zone
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The IPv4 ranges of the VPC.
   *
   * @default - the range that the VPC was made or imported with
   */
  readonly cidrs?: string[];
}
