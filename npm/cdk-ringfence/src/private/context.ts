/** Where a construct is, as the model wants to know it. */

import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PlanContext } from './plan';

/** The place of a construct; what is known at deployment only is left out. */
export function contextOf(construct: Construct): PlanContext {
  const stack = Stack.of(construct);
  return {
    path: construct.node.path,
    stack: stack.node.path,
    account: Token.isUnresolved(stack.account) ? undefined : stack.account,
    region: Token.isUnresolved(stack.region) ? undefined : stack.region,
  };
}
