/**
 * How a resource of a template becomes the L1 that CDK has for its type: the class, and the names and kinds of its
 * properties, as the generated tables in `l1/` list them.
 */

import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MODULES } from './l1/modules.generated';

/**
 * The properties of a type by CloudFormation's names. Each is the kind of the value, followed by CDK's name where that is not
 * simply CloudFormation's name with a small first letter.
 *
 * A kind is `text`, `number`, `flag`, `date`, `any` (no names in it are changed), `Tag` or the name of a nested type; `[]` after it
 * stands for a list of them, `{}` for a map whose keys are left alone.
 */
export type L1Properties = { readonly [name: string]: string };

/** A resource type. */
export interface L1Type {
  /** Makes the L1. */
  make(scope: Construct, id: string, props: object): CfnResource;
  /** Its properties. */
  readonly properties: L1Properties;
  /** The nested types that its properties reach. */
  readonly nested: { readonly [name: string]: L1Properties };
}

/** Resource types by their names in CloudFormation. */
export type L1Table = { readonly [type: string]: L1Type };

/** A property as CDK knows it. */
export interface L1Property {
  /** CDK's name. */
  readonly name: string;
  /** The kind of its value. */
  readonly kind: string;
}

/** The members of a tag, which every type has alike. */
const TAG: L1Properties = { Key: 'text', Value: 'text' };

/** The table entry of a resource type. */
export function l1Type(type: string): L1Type {
  const [, namespace = ''] = type.split('::');
  const found = MODULES[namespace.toLowerCase()]?.()[type];
  if (!found) {
    throw new Error(`internal error in Ringfence, please report it: no L1 is known for ${type}`);
  }
  return found;
}

/** What CDK calls a property of a type, or of one of its nested types; nothing when it has no such property. */
export function l1Property(type: L1Type, nested: string | undefined, name: string): L1Property | undefined {
  const entry = members(type, nested)[name];
  if (entry === undefined) {
    return undefined;
  }
  const [kind, theirs] = entry.split(' ');
  return { kind, name: theirs ?? name[0].toLowerCase() + name.slice(1) };
}

/** The properties of a type or of one of its nested types. */
function members(type: L1Type, nested: string | undefined): L1Properties {
  if (nested === undefined) {
    return type.properties;
  }
  return type.nested[nested] ?? (nested === 'Tag' ? TAG : {});
}
