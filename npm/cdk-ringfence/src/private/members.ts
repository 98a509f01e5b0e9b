/** Members of objects of the CDK, which languages without types do not vouch for. */

/** A member of an object. A text has no such member, and neither has an object of another class: then it is a `TypeError`. */
export function memberOf(value: any, name: string): any {
  if (value?.[name] === undefined) {
    throw new TypeError(`there is no ${name}`);
  }
  return value[name];
}
