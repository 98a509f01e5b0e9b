/**
 * From props to a spec: CDK's types become what they stand for, and names become those of the spec. Nothing is judged or
 * decided here.
 */

import { Duration, Size, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { image, parameters, permission, repository, secrets } from './containers';
import { keyArn } from './keys';
import { memberOf } from './members';
import { existingNetwork, principal } from './networks';
import { Place, quoted } from './place';
import { Json } from './plan';
import { isPlain, NotPortable, portable } from './portable';
import { withoutStandIns } from './stand-ins';
import { STRUCTS } from './structs.generated';

/** Lowers a value of one kind. What comes of a kind that stands for several keys of the spec is a map of them. */
type Lowering = (value: any, place: Place) => any;

/** Takes the member of an object that has its value. */
function member(name: string): Lowering {
  return (value) => memberOf(value, name);
}

/** The kinds that `structs.generated.ts` names, beside structs. */
const LOWERINGS: { readonly [kind: string]: Lowering } = {
  same: (value) => portable(value),
  byHand: () => undefined,

  seconds: (value: Duration) => value.toSeconds(),
  hours: (value: Duration) => value.toHours(),
  days: (value: Duration) => value.toDays(),
  mebibytes: (value: Size) => value.toMebibytes(),
  gibibytes: (value: Size) => value.toGibibytes(),
  schedule: member('expressionString'),
  timeZone: member('timezoneName'),

  bucketArn: member('bucketArn'),
  bucketName: member('bucketName'),
  certificateArn: member('certificateArn'),
  clusterName: member('clusterName'),
  functionArn: member('functionArn'),
  hostedZoneId: member('hostedZoneId'),
  roleName: member('roleName'),
  securityGroupId: member('securityGroupId'),
  topic: member('topicArn'),

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
export function lowerStruct(props: Json | undefined, struct: string, place: Place, beside: readonly string[] = []): Json {
  const given = props ?? {};
  const known = [...Object.keys(STRUCTS[struct]), ...beside];
  if (!isStruct(given, known)) {
    place.unusable(WRONG_TYPE, `give a map of props: ${quoted(known)}`);
    return {};
  }
  place.tellUnknown(given, known);
  tellUseless(given, struct, place);
  const spec: { [key: string]: any } = {};
  for (const [prop, entry] of Object.entries(STRUCTS[struct])) {
    if (given[prop] === undefined || given[prop] === null) {
      continue;
    }
    const [kind, key = prop] = entry.split(' ');
    const at = place.child(prop);
    const lowered = lower(given[prop], kind, at);
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

/** What says nothing beside another prop. */
const USELESS_BESIDE: { readonly [struct: string]: { readonly [prop: string]: readonly string[] } } = {
  Network: { existing: ['azs', 'availabilityZones', 'cidr', 'ipv6'] },
};

/** Tells of props that nothing would come of. */
function tellUseless(props: Json, struct: string, place: Place): void {
  for (const [prop, useless] of Object.entries(USELESS_BESIDE[struct] ?? {})) {
    const given = useless.filter((name) => (props[prop] ?? undefined) !== undefined && (props[name] ?? undefined) !== undefined);
    given.forEach((name) => place.child(name).mistake(`nothing comes of it beside \`${prop}\``, `leave out one of \`${name}\` and \`${prop}\``));
  }
}

/** Whether a value can be the props of a struct. Languages with types see to that, JavaScript does not. */
function isStruct(value: any, known: readonly string[]): value is Json {
  if (typeof value !== 'object' || value === null || Construct.isConstruct(value) || Token.isUnresolved(value)) {
    return false;
  }
  return isPlain(value) || known.some((prop) => prop in value);
}

function lower(value: any, kind: string, place: Place): any {
  if (kind.endsWith('[]')) {
    return lowerList(value, kind.slice(0, -2), place);
  }
  if (kind.endsWith('{}')) {
    return lowerMap(value, kind.slice(0, -2), place);
  }
  if (kind in STRUCTS) {
    return lowerStruct(value, kind, place);
  }
  try {
    const lowered = LOWERINGS[kind](value, place);
    if (typeof lowered !== 'number' || Number.isFinite(lowered)) {
      return withoutStandIns(lowered);
    }
    place.mistake(`\`${lowered}\` is no number that can be written`, 'see where it comes from: it may be a text that is no number');
  } catch (error) {
    tellWhy(error, kind, place);
  }
  return undefined;
}

function lowerList(value: any, kind: string, place: Place): any {
  if (!Array.isArray(value)) {
    place.unusable(WRONG_TYPE, 'give a list: put it between `[` and `]`');
    return undefined;
  }
  const items = value.map((item, index) => lowerItem(item, kind, place.child(index)));
  // What could not be lowered was told already.
  return items.filter((item) => item !== undefined);
}

function lowerMap(value: any, kind: string, place: Place): any {
  if (!isPlain(value) || Token.isUnresolved(value)) {
    place.unusable(WRONG_TYPE, 'give a map: names, and what each of them stands for');
    return undefined;
  }
  const entries = Object.entries(value).map(([name, item]) => {
    if (NAMES_CONSTRUCTS.includes(kind) && name in Object.prototype) {
      place.child(name).unusable('no construct can have this name, which every object of JavaScript has a member of', 'give it another name');
      return [name, undefined];
    }
    return [name, lowerItem(item, kind, place.child(name))];
  });
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** An element of a list or map, which is there for something. */
function lowerItem(value: any, kind: string, place: Place): any {
  if (value === undefined || value === null) {
    place.unusable('there is nothing', 'leave it out, or say what it is');
    return undefined;
  }
  return lower(value, kind, place);
}

/** The structs by whose names constructs are called. */
const NAMES_CONSTRUCTS: readonly string[] = ['Container', 'ManagedSecret', 'Service'];

/** What a value is that only languages without types let through. */
const WRONG_TYPE = 'the value is of another type than the prop takes';

/** What the kinds take, for those who write in a language without types. */
const TAKEN: { readonly [kind: string]: string } = {
  seconds: '`Duration`', hours: '`Duration`', days: '`Duration`', mebibytes: '`Size`', gibibytes: '`Size`',
  image: '`ecs.ContainerImage`', principal: '`AllowedPrincipal`', secrets: '`ecs.Secret`', permission: '`iam.PolicyStatement`',
  parameters: '`ssm.IParameter`', repository: '`ecr.IRepository`', existingNetwork: 'map `{ vpc: … }` with an `ec2.IVpc`',
  schedule: '`applicationautoscaling.Schedule`', timeZone: '`TimeZone`', bucketArn: '`s3.IBucket`', bucketName: '`s3.IBucket`',
  certificateArn: '`acm.ICertificate`', clusterName: '`ecs.ICluster`', functionArn: '`lambda.IFunction`',
  hostedZoneId: '`route53.IHostedZone`', keyArn: '`kms.IKey`', roleName: '`iam.IRole`', securityGroupId: '`ec2.ISecurityGroup`',
  topic: '`sns.ITopic`',
};

/** Tells why a value could not be lowered, and what to do about it. */
function tellWhy(error: unknown, kind: string, place: Place): void {
  if (error instanceof NotPortable) {
    const at = error.path.reduce((found, key) => found.child(key), place);
    at.unusable(WRONG_TYPE, 'give a text, a number, a switch, a list or a map, as the prop has it');
  } else if (error instanceof TypeError) {
    place.mistake(WRONG_TYPE, `give the ${TAKEN[kind] ?? 'object of the CDK'} that it asks for`);
  } else {
    place.mistake(error instanceof Error ? error.message : String(error));
  }
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
