/** Order among L1s, by whichever methods the installed aws-cdk-lib has for it. */

import { CfnResource } from 'aws-cdk-lib';

/** Has CloudFormation make `after` when `before` exists. */
export function makeAfter(after: CfnResource, before: CfnResource): void {
  const l1 = after as any;
  // Newer versions print that `addDependency` is deprecated.
  (l1.addResourceDependency ?? l1.addDependency).call(l1, before);
}

/** What an L1 was told to wait for. */
export function waitsFor(l1: CfnResource): CfnResource[] {
  const { obtainResourceDependencies, obtainDependencies } = l1 as any;
  return (obtainResourceDependencies ?? obtainDependencies).call(l1).filter((item: unknown) => CfnResource.isCfnResource(item));
}
