/** Values with tokens in them, as JSON. */

import { Token } from 'aws-cdk-lib';

/** Says that something is no value of JSON, and where in the value it is. */
export class NotPortable extends TypeError {
  constructor(
    /** The keys that lead to it. */
    public readonly path: readonly string[],
  ) {
    super(`no value of JSON at ${path.join('.')}`);
  }
}

/** A value that may hold tokens, as it can be written in JSON. */
export function portable(value: any, path: readonly string[] = []): any {
  if (Token.isUnresolved(value) && typeof value === 'object' && !Array.isArray(value)) {
    return Token.asString(value);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => portable(item, [...path, String(index)]));
  }
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, portable(item, [...path, key])]));
  }
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) {
    return value;
  }
  throw new NotPortable(path);
}

/** Whether a value is a map of its own, not an instance of a class. Test runners have more than one `Object`. */
export function isPlain(value: any): value is { readonly [key: string]: any } {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
