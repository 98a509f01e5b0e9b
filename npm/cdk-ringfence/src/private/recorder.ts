/**
 * Stand-ins that record what CDK grants, for what has to be known before there is a role.
 */

import { aws_ecs as ecs, aws_iam as iam, Lazy, Stack } from 'aws-cdk-lib';
import { Construct, DependencyGroup } from 'constructs';

/** A principal that keeps the statements which it is given. */
export class Recorder extends iam.PrincipalBase {
  /** What was granted. */
  public readonly statements: iam.PolicyStatement[] = [];
  public readonly principalAccount: string;
  /** Whether a policy of a resource names whoever is granted something. */
  public isNamed = false;

  constructor(scope: Construct) {
    super();
    this.principalAccount = Stack.of(scope).account;
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    // A policy of a resource in another account may name whoever is granted something: then the whole account is named, as
    // the role has no ARN yet.
    this.isNamed = true;
    return new iam.AccountPrincipal(this.principalAccount).policyFragment;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.statements.push(statement);
    return { statementAdded: true, policyDependable: new DependencyGroup() };
  }

  public dedupeString(): string | undefined {
    return undefined;
  }

  /** The resources of the statement that allows an action. */
  public resourcesOf(action: string): string[] {
    return this.statements.filter((statement) => statement.actions.includes(action)).flatMap((found) => found.resources);
  }
}

/** What an image takes for the container that runs it: something whose execution role is the recorder. */
export function standInContainer(recorder: Recorder): ecs.ContainerDefinition {
  const role = {
    grantPrincipal: recorder,
    principalAccount: recorder.principalAccount,
    assumeRoleAction: recorder.assumeRoleAction,
    roleArn: Lazy.string({ produce: () => notYet() }),
    roleName: Lazy.string({ produce: () => notYet() }),
    get policyFragment() {
      return recorder.policyFragment;
    },
    addToPolicy: (statement: iam.PolicyStatement) => recorder.addToPrincipalPolicy(statement).statementAdded,
    addToPrincipalPolicy: (statement: iam.PolicyStatement) => recorder.addToPrincipalPolicy(statement),
  };
  const taskDefinition = { executionRole: role, obtainExecutionRole: () => role };
  return { taskDefinition, _defaultDisableVersionConsistency: () => undefined } as unknown as ecs.ContainerDefinition;
}

function notYet(): never {
  throw new Error('the role of this container has no name yet: it is made after its images were looked at');
}
