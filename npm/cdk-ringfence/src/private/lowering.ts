/**
 * From props to a spec: CDK's types become what they stand for, and names become those of the spec. Nothing is judged or
 * decided here.
 */

import { Duration, Size } from 'aws-cdk-lib';
import { image, parameters, permission, repository, secrets } from './containers';
import { keyArn } from './keys';
import { existingNetwork, principal } from './networks';
import { Place } from './place';
import { Json } from './plan';
import { portable } from './portable';
import { withoutStandIns } from './stand-ins';
import { STRUCTS } from './structs.generated';

/** Lowers a value of one kind. What comes of a kind that stands for several keys of the spec is a map of them. */
type Lowering = (value: any, place: Place) => any;

/** The kinds that `structs.generated.ts` names, beside structs. */
const LOWERINGS: { readonly [kind: string]: Lowering } = {
  same: (value) => portable(value),
  byHand: () => undefined,

  seconds: (value: Duration) => value.toSeconds(),
  hours: (value: Duration) => value.toHours(),
  days: (value: Duration) => value.toDays(),
  mebibytes: (value: Size) => value.toMebibytes(),
  gibibytes: (value: Size) => value.toGibibytes(),
  schedule: (value) => value.expressionString,
  timeZone: (value) => value.timezoneName,

  bucketArn: (value) => value.bucketArn,
  bucketName: (value) => value.bucketName,
  certificateArn: (value) => value.certificateArn,
  clusterName: (value) => value.clusterName,
  functionArn: (value) => value.functionArn,
  hostedZoneId: (value) => value.hostedZoneId,
  roleName: (value) => value.roleName,
  securityGroupId: (value) => value.securityGroupId,
  topic: (value) => value.topicArn,

  keyArn,
  image,
  repository,
  secrets,
  parameters,
  permission,
  existingNetwork,
  principal,
};

/**
 * The props of a struct in the words of the spec.
 *
 * @param beside the props that are not of the struct and that the caller sees to
 */
export function lowerStruct(props: Json, struct: string, place: Place, beside: readonly string[] = []): Json {
  tellUnknown(props, [...Object.keys(STRUCTS[struct]), ...beside], place);
  const spec: { [key: string]: any } = {};
  for (const [prop, entry] of Object.entries(STRUCTS[struct])) {
    if (props[prop] === undefined || props[prop] === null) {
      continue;
    }
    const [kind, key = prop] = entry.split(' ');
    const at = place.child(prop);
    const lowered = lower(props[prop], kind, at);
    if (key === '*') {
      merge(spec, lowered ?? {});
    } else if (key !== prop && spec[key] !== undefined) {
      at.mistake('it is given together with another prop that says the same', `keep one of \`${prop}\` and \`${key}\``);
    } else if (lowered !== undefined) {
      spec[key] = lowered;
    }
  }
  return spec;
}

/** The prop that a place in the lowered props comes from, such as `services.api.logs.retention`. */
export function propAt(pointer: string, struct: string): string {
  const steps = pointer.split('/').slice(1).map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const path: string[] = [];
  let kind = struct;
  for (const [index, step] of steps.entries()) {
    if (kind.endsWith('[]') || kind.endsWith('{}')) {
      kind = kind.slice(0, -2);
      path.push(step);
      continue;
    }
    const members = Object.entries(STRUCTS[kind] ?? {});
    const named = members.filter(([prop, entry]) => (entry.split(' ')[1] ?? prop) === step);
    // Where a number and a list are two props of one key, the list is the one that has elements.
    const found = (/^\d+$/.test(steps[index + 1] ?? '') ? named.at(-1) : named[0]) ?? members.find(([prop]) => prop === step);
    path.push(found?.[0] ?? step);
    kind = found?.[1].split(' ')[0] ?? '';
  }
  return path.join('.');
}

/** Tells of props that there are not: no compiler sees to that in JavaScript. */
function tellUnknown(props: Json, known: readonly string[], place: Place): void {
  for (const prop of Object.keys(props)) {
    if (!known.includes(prop) && props[prop] !== undefined) {
      place.child(prop).mistake('there is no such prop', `there are ${[...known].sort().map((name) => `\`${name}\``).join(', ')}`);
    }
  }
}

function lower(value: any, kind: string, place: Place): any {
  if (kind.endsWith('[]')) {
    const items = (value as any[]).map((item, index) => lower(item, kind.slice(0, -2), place.child(index)));
    // What could not be lowered was told already.
    return items.filter((item) => item !== undefined);
  }
  if (kind.endsWith('{}')) {
    const inner = kind.slice(0, -2);
    return Object.fromEntries(
      Object.entries(value as Json).map(([name, item]) => [name, lower(item, inner, place.child(name))]),
    );
  }
  if (kind in STRUCTS) {
    return lowerStruct(value as Json, kind, place);
  }
  try {
    const lowered = LOWERINGS[kind](value, place);
    if (typeof lowered !== 'number' || Number.isFinite(lowered)) {
      return withoutStandIns(lowered);
    }
    place.mistake(`\`${lowered}\` is no number that can be written`, 'see where it comes from: it may be a text that is no number');
  } catch (error) {
    place.mistake(...reason(error, kind));
  }
  return undefined;
}

/** What the kinds take, for those who write in a language without types. */
const TAKEN: { readonly [kind: string]: string } = {
  seconds: '`Duration`', hours: '`Duration`', days: '`Duration`', mebibytes: '`Size`', gibibytes: '`Size`',
  image: '`ecs.ContainerImage`', principal: '`AllowedPrincipal`', secrets: '`ecs.Secret`', permission: '`iam.PolicyStatement`',
};

/** Why a value could not be lowered, and what to do about it. */
function reason(error: unknown, kind: string): [string, string?] {
  if (error instanceof TypeError) {
    return ['the value is of another type than the prop takes', `give the ${TAKEN[kind] ?? 'object of the CDK'} that it asks for`];
  }
  return [error instanceof Error ? error.message : String(error)];
}

/** Adds keys, and members to maps that are there. */
function merge(spec: { [key: string]: any }, more: Json): void {
  for (const [key, value] of Object.entries(more)) {
    if (value !== undefined) {
      const both = typeof spec[key] === 'object' && typeof value === 'object';
      spec[key] = both ? { ...spec[key], ...value } : value;
    }
  }
}
