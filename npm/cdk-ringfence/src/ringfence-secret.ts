import { aws_ecs as ecs, aws_iam as iam } from 'aws-cdk-lib';

/**
 * A secret that the construct itself makes: one of its `secrets`.
 */
export class RingfenceSecret extends ecs.Secret {
  /**
   * The secret of a name.
   *
   * @param name its name under `secrets` of the props
   * @param field the key in the secret's JSON; without it the whole secret is taken
   */
  public static named(name: string, field?: string): RingfenceSecret {
    return new RingfenceSecret(name, field);
  }

  /**
   * The name under `secrets`. The ARN is known once the construct is made: ask `secret(name)` of it.
   */
  public readonly arn: string;

  /**
   * Whether a key in the secret's JSON is taken.
   */
  public readonly hasField?: boolean;

  private constructor(
    /**
     * The name under `secrets`.
     */
    public readonly name: string,
    /**
     * The key in the secret's JSON.
     */
    public readonly field?: string,
  ) {
    super();
    this.arn = name;
    this.hasField = field !== undefined;
  }

  /**
   * Cannot be asked: the construct that makes the secret lets its services read it.
   */
  public grantRead(_grantee: iam.IGrantable): iam.Grant {
    throw new Error('the construct that makes the secret lets its services read it; for others ask `secret(name).grantRead`');
  }
}
