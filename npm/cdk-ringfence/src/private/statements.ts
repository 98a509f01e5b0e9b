/**
 * Finds what an app has allowed the roles of a construct, in policies that CDK or the app made for them.
 */

import { aws_iam as iam, CfnResource, DefaultTokenResolver, Intrinsic, IResolvable, IResolveContext, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { waitsFor } from './order';
import { reachedFrom, withoutOthers } from './other-stacks';
import { Json } from './plan';

/** The types that attach statements to roles, as their L1s call the roles. */
const ROLES_OF: { readonly [type: string]: string } = {
  'AWS::IAM::Policy': 'roles',
  'AWS::IAM::ManagedPolicy': 'roles',
  'AWS::IAM::RolePolicy': 'roleName',
};

/** A policy that is attached to one of the roles. */
export interface AttachedPolicy {
  /** The role. */
  readonly role: CfnResource;
  /** The policy. */
  readonly policy: CfnResource;
  /** Its statements. References in them are tokens, as text. */
  readonly statements: Json[];
  /** Whether they say all that the policy says: a policy in another stack may name what cannot be named here. */
  readonly isWhole: boolean;
}

/** The policies in an app that name one of `roles`, apart from those that `isOwn`. */
export function attachedPolicies(app: IConstruct, roles: readonly CfnResource[], isOwn: (l1: CfnResource) => boolean): AttachedPolicy[] {
  const found: AttachedPolicy[] = [];
  for (const node of app.node.findAll()) {
    if (!CfnResource.isCfnResource(node) || !(node.cfnResourceType in ROLES_OF) || isOwn(node)) {
      continue;
    }
    const named = referencesIn(rolesOf(node), node);
    for (const role of roles.filter((candidate) => named.has(candidate))) {
      const document = withTokens((node as any).policyDocument, node) ?? {};
      const statements: Json[] = [document.Statement ?? []].flat();
      const isReached = reachedFrom(role, node, referencesIn);
      const isWhole = isReached(document);
      const { account } = Stack.of(role);
      const kept = isWhole ? statements : statements.flatMap((statement) => withoutOthers(statement, account, isReached));
      found.push({ role, policy: node, statements: kept, isWhole });
    }
  }
  return found;
}

/**
 * The names of the roles of a policy. CDK's own policies give their L1 a list that remembers its first answer, so they are asked
 * themselves: the app may go on to attach roles.
 */
function rolesOf(l1: CfnResource): unknown {
  const policy = l1.node.scope as any;
  const isOfPolicy = policy?.node.defaultChild === l1 && Array.isArray(policy.roles);
  return isOfPolicy ? policy.roles.map((role: iam.IRole) => role.roleName) : (l1 as any)[ROLES_OF[l1.cfnResourceType]];
}

/** Whether an L1 needs another to exist first, directly or by way of others. To be asked when nothing is changed any more. */
export function needs(l1: CfnResource, other: CfnResource): boolean {
  const seen = new Set<IConstruct>();
  const open: CfnResource[] = [l1];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === other) {
      return true;
    }
    if (!seen.has(next)) {
      seen.add(next);
      open.push(...before(next));
    }
  }
  return false;
}

/** What an L1 refers to, or was told to wait for. */
function before(l1: CfnResource): CfnResource[] {
  const template = (l1 as any)._toCloudFormation();
  const referred = [...referencesIn(template, l1)].filter((target) => CfnResource.isCfnResource(target));
  const scopes = l1.node.scopes.flatMap((scope) => scope.node.dependencies);
  const ordered = scopes.flatMap((scope) => scope.node.findAll()).filter((node) => CfnResource.isCfnResource(node));
  return [...waitsFor(l1), ...referred, ...ordered] as CfnResource[];
}

/** The constructs to which a value refers. */
function referencesIn(value: any, scope: IConstruct): Set<IConstruct> {
  const resolver = new Keeper();
  Tokenization.resolve(value, { scope, resolver, preparing: false });
  return resolver.targets;
}

/** A value in which everything is worked out but what only CloudFormation knows, which stays a token. */
function withTokens(value: any, scope: Construct): Json | undefined {
  return Tokenization.resolve(value, { scope, resolver: new Keeper(), preparing: false });
}

/** Leaves references and functions as they are, and remembers what is referred to. */
class Keeper extends DefaultTokenResolver {
  public readonly targets = new Set<IConstruct>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: any): any {
    if (token instanceof iam.PolicyDocument) {
      // It would let nobody change its statements once it was resolved.
      return context.resolve(token.toJSON());
    }
    if (!(token instanceof Intrinsic)) {
      return super.resolveToken(token, context, postProcessor);
    }
    if (Reference.isReference(token)) {
      this.targets.add(token.target);
      const known = acrossEnvironments(token, context);
      if (known !== undefined) {
        return context.resolve(known);
      }
    } else {
      // The arguments of a function may refer to something.
      Tokenization.resolve((token as any).value, { scope: context.scope, resolver: this, preparing: false });
    }
    return Token.asString(token);
  }

  public resolveList(list: string[], context: IResolveContext): any {
    const token = Tokenization.reverseList(list);
    if (token instanceof Intrinsic) {
      this.resolveToken(token, context, { postProcess: (value: any) => value });
      return list;
    }
    return super.resolveList(list, context);
  }
}

/** What a reference to another account or Region comes to, where CDK knows it because the resource has a name. */
function acrossEnvironments(token: Reference, context: IResolveContext): string | undefined {
  if (Stack.of(token.target).environment === Stack.of(context.scope).environment) {
    return undefined;
  }
  const value: unknown = token.resolve(context);
  return typeof value === 'string' ? value : undefined;
}

/** The stack in which two constructs are, or nothing when they are in two. */
export function commonStack(one: IConstruct, other: IConstruct): Stack | undefined {
  const stack = Stack.of(one);
  return stack === Stack.of(other) ? stack : undefined;
}
