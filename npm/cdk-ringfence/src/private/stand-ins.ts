/**
 * What the CDK puts in the place of what it has yet to look up in an account. It asks the app, looks up what the app has asked
 * for, and asks the app again: the first time nothing may fail because of a value that nobody has meant.
 */

import { Intrinsic, Token } from 'aws-cdk-lib';

/** What stands for a VPC and what belongs to it, for zones and for parameters. The other stand-ins pass for values of their kind. */
const STAND_IN = /^(1\.2\.3\.4\/5|vpc-12345|[spi]-\d{5}|rtb-\d{5}[spi]|dummy1[a-z])$|dummy-value-for-/;

/** A value in which stand-ins are tokens: known later, and not checked now. */
export function withoutStandIns(value: any): any {
  if (typeof value === 'string') {
    return STAND_IN.test(value) ? Token.asString(new Intrinsic(value, { stackTrace: false })) : value;
  }
  if (Array.isArray(value)) {
    return value.map(withoutStandIns);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutStandIns(item)]));
  }
  return value;
}
