import { aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';

/**
 * From where a principal may connect.
 */
export interface AllowedPrincipalOptions {
  /**
   * The VPCs from which they may connect.
   *
   * PrivateLink itself knows no VPCs: acceptance, the consumers' IAM policy and, when enforced, the security group carry
   * this.
   *
   * @default - any VPC of the principal's account
   */
  readonly vpcs?: ec2.IVpc[];

  /**
   * Their address ranges; needed when the security group is enforced on PrivateLink.
   *
   * @default - none
   */
  readonly cidrs?: string[];
}

/**
 * Somebody who may connect to a service through PrivateLink.
 */
export class AllowedPrincipal {
  /**
   * Everybody in an account.
   *
   * @param account the number of the account
   */
  public static account(account: string, options: AllowedPrincipalOptions = {}): AllowedPrincipal {
    return new AllowedPrincipal({ account }, options);
  }

  /**
   * An account, a user or a role.
   *
   * @param arn its ARN
   */
  public static arn(arn: string, options: AllowedPrincipalOptions = {}): AllowedPrincipal {
    return new AllowedPrincipal({ arn }, options);
  }

  /**
   * An account, a user or a role in the form that CDK has for it, such as `new iam.AccountPrincipal('222233334444')` or an
   * `iam.IRole`.
   */
  public static of(principal: iam.IPrincipal, options: AllowedPrincipalOptions = {}): AllowedPrincipal {
    if (principal?.policyFragment?.principalJson === undefined) {
      throw new Error('nobody is let in: give an AccountPrincipal, an ArnPrincipal, a user or a role');
    }
    if (principal instanceof iam.AccountPrincipal) {
      return AllowedPrincipal.account(String(principal.accountId), options);
    }
    const { principalJson, conditions } = principal.policyFragment;
    const arns = principalJson.AWS ?? [];
    if (arns.length !== 1 || Object.keys(principalJson).length !== 1 || Object.keys(conditions).length > 0) {
      throw new Error(
        'PrivateLink allows accounts, users and roles, without conditions: '
        + 'give an AccountPrincipal, an ArnPrincipal, a user or a role',
      );
    }
    return AllowedPrincipal.arn(arns[0], options);
  }

  private constructor(
    private readonly name: { readonly account: string } | { readonly arn: string },
    private readonly options: AllowedPrincipalOptions,
  ) {}

  /**
   * In the words of the spec.
   *
   * @internal
   */
  public _spec(): { readonly [key: string]: any } {
    return { ...this.name, vpcs: (this.options.vpcs ?? []).map((vpc) => vpc.vpcId), cidrs: this.options.cidrs ?? [] };
  }
}
