/**
 * From values of a template to values that L1s take: names become CDK's, references and functions become tokens.
 */

import { CfnElement, CfnResource, Fn, Intrinsic, IResolvable, Token, Tokenization } from 'aws-cdk-lib';
import { L1Type, l1Property } from './l1';
import { Json } from './plan';

/** What the IDs in a plan stand for. */
export interface Names {
  /** The resource or parameter with an ID. */
  element(id: string): CfnElement | undefined;
  /** The mapping with a name. */
  mapping(name: string): CfnElement | undefined;
  /** The condition with a name. */
  condition(name: string): CfnElement | undefined;
}

/** A value of a certain kind as an L1 takes it; the kinds are those of `L1Properties`. */
export function l1Value(value: any, kind: string, type: L1Type, names: Names): any {
  if (isFunction(value)) {
    return positioned(token(value, names), kind);
  }
  if (kind.endsWith('[]')) {
    const isToken = Array.isArray(value) && value.length === 1 && isListToken(value[0]);
    return Array.isArray(value) && !isToken ? value.map((item) => l1Value(item, kind.slice(0, -2), type, names)) : value;
  }
  if (kind.endsWith('{}')) {
    return mapValues(value, (item) => l1Value(item, kind.slice(0, -2), type, names));
  }
  switch (kind) {
    case 'text':
      return textOf(value, names);
    case 'number':
    case 'flag':
      return value;
    case 'date':
      // CDK takes an object of JavaScript or a token, and would write the former in another form.
      return intrinsic(value);
    case 'any':
      return plain(value, names);
    default:
      return nested(value, kind, type, names);
  }
}

/** A text, a function or a number as text. The number may be a token, and nobody knows yet what it comes to. */
export function textOf(value: any, names: Names): string {
  if (isFunction(value)) {
    return Token.asString(token(value, names));
  }
  if (typeof value === 'number') {
    return Tokenization.stringifyNumber(value);
  }
  // A whole list where one text belongs is told as an error; CDK must be able to go on until it shows it.
  return isListToken(value) ? Fn.select(0, [value]) : value;
}

/** Whether a value is the text by which CDK stands for a whole list. */
function isListToken(value: any): value is string {
  return typeof value === 'string' && value.startsWith('#{Token[');
}

/**
 * A map with the names that CDK has for the members of a nested type, or of the resource itself. What CDK has no name for is
 * left out: a custom resource has properties of its own.
 */
export function nested(value: Json, name: string | undefined, type: L1Type, names: Names): Json {
  const made: { [name: string]: any } = {};
  for (const [key, item] of Object.entries(value)) {
    const property = l1Property(type, name, key);
    if (property) {
      made[property.name] = l1Value(item, property.kind, type, names);
    }
  }
  return made;
}

/** A value with all its names; only references and functions in it become tokens. */
export function plain(value: any, names: Names): any {
  if (isFunction(value)) {
    return token(value, names);
  }
  if (Array.isArray(value)) {
    return value.map((item) => plain(item, names));
  }
  return typeof value === 'object' && value !== null ? mapValues(value, (item) => plain(item, names)) : value;
}

/** Whether a value is an intrinsic function. */
function isFunction(value: any): value is Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** A function as a token. */
function token(value: Json, names: Names): IResolvable {
  const [name] = Object.keys(value);
  const argument = value[name];
  switch (name) {
    case 'Ref':
      return reference(argument, names);
    case 'Fn::GetAtt': {
      const element = names.element(argument[0]);
      return CfnResource.isCfnResource(element) ? element.getAtt(argument[1]) : unknown(argument[0]);
    }
    case 'Fn::FindInMap': {
      const [map, ...keys] = argument;
      return intrinsic({ [name]: [names.mapping(map)?.logicalId ?? map, ...plain(keys, names)] });
    }
    case 'Fn::If': {
      const [condition, ...values] = argument;
      return intrinsic({ [name]: [names.condition(condition)?.logicalId ?? condition, ...plain(values, names)] });
    }
    case 'Fn::Join': {
      const [separator, parts] = argument;
      const texts = Array.isArray(parts) ? parts.map((part) => textOf(part, names)) : plain(parts, names);
      return intrinsic({ [name]: [separator, texts] });
    }
    default:
      return intrinsic({ [name]: plain(argument, names) });
  }
}

/** A reference to a resource, to a parameter or to a pseudo parameter. */
function reference(id: string, names: Names): IResolvable {
  if (id.startsWith('AWS::')) {
    return intrinsic({ Ref: id });
  }
  const element = names.element(id);
  if (CfnResource.isCfnResource(element)) {
    return Tokenization.reverseString(element.ref).firstToken ?? unknown(id);
  }
  return element ? intrinsic({ Ref: element.logicalId }) : unknown(id);
}

/** A token that becomes a value as it is, without the stack trace that would cost more than all else. */
function intrinsic(value: object | string): IResolvable {
  return new Intrinsic(value, { stackTrace: false });
}

/** A token in the form that fits its place. */
function positioned(value: IResolvable, kind: string): string | number | string[] | IResolvable {
  switch (kind) {
    case 'text':
      return Token.asString(value);
    case 'number':
      return Token.asNumber(value);
    case 'text[]':
      return Token.asList(value);
    default:
      return value;
  }
}

function mapValues(map: Json, change: (value: any) => any): Json {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function unknown(id: string): never {
  throw new Error(`internal error in Ringfence, please report it: nothing is called ${id} in the plan`);
}
