/**
 * Lowers keys. One of the app lets CloudWatch Logs use it, where a log group is encrypted with it, as CDK's constructs see to
 * it: the policy of an imported key is left to its owner.
 */

import { aws_iam as iam, aws_kms as kms, Stack } from 'aws-cdk-lib';
import { memberOf } from './members';
import { Place } from './place';

/** A key, by ARN. */
export function keyArn(key: kms.IKey, place: Place): string {
  const [owner, prop] = place.path.slice(-2);
  if (prop === 'kmsKey' && (owner === 'logs' || owner === 'flowLogs')) {
    key.addToResourcePolicy(ofLogs(Stack.of(place.construct)));
  }
  return memberOf(key, 'keyArn');
}

/**
 * What CloudWatch Logs must be allowed. The groups are named by a pattern: they refer to the key, so that it cannot refer to
 * them. Source: CloudWatch Logs user guide, "Encrypt log data using AWS KMS".
 */
function ofLogs(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*' }) } },
  });
}
