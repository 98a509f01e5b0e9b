/** Values with tokens in them, as JSON. */

import { Token } from 'aws-cdk-lib';

/** A value that may hold tokens, as it can be written in JSON. */
export function portable(value: any): any {
  if (Token.isUnresolved(value) && typeof value === 'object' && !Array.isArray(value)) {
    return Token.asString(value);
  }
  if (Array.isArray(value)) {
    return value.map(portable);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, portable(item)]));
  }
  return value;
}
