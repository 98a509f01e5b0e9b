/**
 * What a policy in another stack may say here. Such a policy refers to the role, so that its stack waits for that of the role: what
 * is made there has no name yet when the endpoints of the role are made, and a reference would have both stacks wait for each other.
 */

import { CfnElement, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Json } from './plan';

/** Finds the constructs to which a value refers. */
export type References = (value: unknown, scope: IConstruct) => Iterable<IConstruct>;

/** Tells whether everything to which a value of `policy` refers exists before the stack of `role`, or is in it. */
export function reachedFrom(role: IConstruct, policy: IConstruct, references: References): (value: unknown) => boolean {
  const [ours, theirs] = [outermost(role), outermost(policy)];
  if (ours === theirs) {
    return () => true;
  }
  const isLater = (stack: Stack) => stack === theirs || comesAfter(stack, ours, references);
  return (value) => [...references(value, policy)].map(outermost).every((stack) => stack === ours || !isLater(stack));
}

/**
 * The statements that stand for one which names what cannot be named here: what can be named stays as it is, and the rest becomes
 * whatever the account has. Its conditions stay where they can.
 */
export function withoutOthers(statement: Json, account: string, isReached: (value: unknown) => boolean): Json[] {
  const { Resource, Condition, ...others } = statement;
  const resources: unknown[] = Resource === undefined ? [] : [Resource].flat();
  const [here, there] = [resources.filter(isReached), resources.filter((one) => !isReached(one))];
  const kept = isReached(Condition) && Condition !== undefined ? Condition as Json : {};
  const ofAccount = { ...kept, StringEqualsIfExists: { ...kept.StringEqualsIfExists, 'aws:ResourceAccount': account } };
  return [
    ...(here.length > 0 || there.length === 0 ? [{ ...others, ...(here.length > 0 ? { Resource: here } : {}), Condition: kept }] : []),
    ...(there.length > 0 ? [{ ...others, Resource: '*', Condition: ofAccount }] : []),
  ];
}

/** Whether a stack is deployed after another, as far as references and declared dependencies say. */
function comesAfter(stack: Stack, other: Stack, references: References): boolean {
  const seen = new Set<Stack>();
  const open = [stack];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === other) {
      return true;
    }
    if (!seen.has(next)) {
      seen.add(next);
      const elements = next.node.findAll().filter(CfnElement.isCfnElement);
      const referred = elements.flatMap((element) => [...references((element as any)._toCloudFormation(), element)]);
      open.push(...next.dependencies, ...referred.map(outermost));
    }
  }
  return false;
}

/** The stack of a construct that is nested in no other. */
function outermost(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
