/**
 * Lowers what containers are given in CDK's types: images, secrets, parameters and permissions.
 */

import { Annotations, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_secretsmanager as secretsmanager, aws_ssm as ssm, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RingfenceSecret } from '../ringfence-secret';
import { memberOf } from './members';
import { Place } from './place';
import { Json } from './plan';
import { isPlain, portable } from './portable';
import { Recorder, standInContainer } from './recorder';

/** An image, and the repository from which CDK says that it is pulled. */
export function image(value: ecs.ContainerImage, place: Place): Json {
  const recorder = new Recorder(place.construct);
  const scope = ['Images', ...place.container].reduce<Construct>(
    (parent, id) => (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id),
    place.construct,
  );
  // CDK cannot know that the plan allows the pull. Older versions look for acknowledgements above a construct only.
  Annotations.of(scope.node.scope ?? scope).acknowledgeWarning('@aws-cdk/aws-ecs:ecrImageRequiresPolicy');
  const bound = value.bind(scope, standInContainer(recorder));
  if (bound.repositoryCredentials) {
    place.mistake(
      'registries that ask for credentials cannot be reached from a private network',
      'push a copy to a private ECR repository of the stack\'s Region',
    );
  }
  const [from] = recorder.resourcesOf('ecr:BatchGetImage');
  place.derive('repository');
  return { image: bound.imageName, repository: from };
}

/** The repository of an image, by ARN. */
export function repository(value: ecr.IRepository, place: Place): string {
  place.recording.derived.delete(['', ...place.path].join('/'));
  return memberOf(value, 'repositoryArn');
}

/** Environment variables from Secrets Manager or Parameter Store, each at the key of the spec to which it belongs. */
export function secrets(values: { readonly [name: string]: ecs.Secret }, place: Place): Json {
  const found = variables(values, place).map(([name, value]) => [name, variable(value, place.child(name))] as const);
  const of = (kind: 'secret' | 'parameter') => Object.fromEntries(found.flatMap(([name, one]) => (one[kind] ? [[name, one[kind]]] : [])));
  return { secrets: of('secret'), parameters: of('parameter') };
}

/** Environment variables from Parameter Store. */
export function parameters(values: { readonly [name: string]: ssm.IParameter }, place: Place): Json {
  const found = variables(values, place).map(([name, value]) => {
    memberOf(value, 'parameterArn');
    return [name, variable(ecs.Secret.fromSsmParameter(value), place.child(name)).parameter];
  });
  return { parameters: Object.fromEntries(found) };
}

/** The members of a map of variables. */
function variables<T>(values: { readonly [name: string]: T }, place: Place): [string, T][] {
  if (isPlain(values)) {
    return Object.entries(values);
  }
  place.unusable('there are no names of variables', 'give a map: the name of each variable, and what it has');
  return [];
}

/** What one environment variable has: a secret or a parameter, in the words of the spec. */
function variable(value: ecs.Secret, place: Place): { readonly secret?: Json; readonly parameter?: Json } {
  if (value instanceof RingfenceSecret) {
    return { secret: { secret: value.name, key: value.field } };
  }
  const arn = memberOf(value, 'arn');
  const recorder = new Recorder(place.construct);
  value.grantRead({ grantPrincipal: recorder });
  const [kmsKey] = recorder.resourcesOf('kms:Decrypt');
  if (recorder.resourcesOf('ssm:GetParameters').length > 0) {
    return { parameter: { parameter: arn, kmsKey } };
  }
  const { secret, key, versioned } = selection(arn);
  if (versioned) {
    place.mistake('a stage or version of a secret cannot be asked for', 'give the secret without it');
  }
  place.allow(beyond(secret, recorder, place.construct));
  return { secret: { secret, key, kmsKey: kmsKey ?? keyOf(secret, recorder, place.construct) } };
}

/**
 * The key of a secret. CDK lets the key's own policy name who reads the secret, and never says which key: so it is looked for at
 * the secret, which is somewhere in the app. The account that the key's policy then names has to allow the role itself.
 */
function keyOf(secret: string, recorder: Recorder, scope: Construct): string | undefined {
  if (!recorder.isNamed) {
    return undefined;
  }
  const secrets = scope.node.root.node.findAll() as Partial<secretsmanager.ISecret>[];
  return secrets.find((one) => one.secretArn === secret && one.encryptionKey)?.encryptionKey?.keyArn;
}

/** A statement of the task role. */
export function permission(statement: iam.PolicyStatement, place: Place): Json | undefined {
  const { Effect, Action, Resource, Condition, Sid: _sid, ...other } = portable(statement.toStatementJson());
  if (Effect !== 'Allow' || Object.keys(other).length > 0 || Action === undefined || Resource === undefined) {
    place.mistake(
      'only statements that allow actions on resources can be given here',
      'add other statements to the `taskRole` of the service',
    );
    return undefined;
  }
  return { actions: Action, resources: Resource, conditions: Condition };
}

/** What of a secret a container gets. */
interface Selection {
  /** The secret, by ARN. */
  readonly secret: string;
  /** The key in its JSON. */
  readonly key?: string;
  /** Whether a stage or a version is asked for as well. */
  readonly versioned: boolean;
}

/**
 * Takes apart what ECS is told: the ARN, which has seven parts or is a token, and then perhaps three more for the key, the
 * stage and the version. No token has a colon in it.
 */
function selection(arn: string): Selection {
  const parts = arn.split(':');
  if (parts.length !== 4 && parts.length !== 10) {
    return { secret: arn, versioned: false };
  }
  const [key, stage, version] = parts.slice(-3);
  const secret = parts.slice(0, -3).join(':');
  return { secret, key: key === '' ? undefined : key, versioned: stage !== '' || version !== '' };
}

/**
 * What reading a secret takes beyond what the plan allows, which is the ARN as it is given: a secret that is known by its name
 * only has an ARN with an unknown end.
 */
function beyond(secret: string, recorder: Recorder, scope: Construct): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const given = JSON.stringify(stack.resolve(secret));
  const resources = recorder.resourcesOf('secretsmanager:GetSecretValue');
  const others = resources.filter((resource) => JSON.stringify(stack.resolve(resource)) !== given);
  if (others.length === 0 || !Token.isUnresolved(secret)) {
    return [];
  }
  return [new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: others })];
}
