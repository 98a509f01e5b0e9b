/**
 * Lowers what containers are given in CDK's types: images, secrets, parameters and permissions.
 */

import { Annotations, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_ssm as ssm, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RingfenceSecret } from '../ringfence-secret';
import { Place } from './place';
import { Json } from './plan';
import { portable } from './portable';
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
  return value.repositoryArn;
}

/** Environment variables from Secrets Manager or Parameter Store, each at the key of the spec to which it belongs. */
export function secrets(values: { readonly [name: string]: ecs.Secret }, place: Place): Json {
  const spec: { secrets: { [name: string]: Json }; parameters: { [name: string]: Json } } = { secrets: {}, parameters: {} };
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof RingfenceSecret) {
      spec.secrets[name] = { secret: value.name, key: value.field };
      continue;
    }
    const recorder = new Recorder(place.construct);
    value.grantRead({ grantPrincipal: recorder });
    const [kmsKey] = recorder.resourcesOf('kms:Decrypt');
    if (recorder.resourcesOf('ssm:GetParameters').length > 0) {
      spec.parameters[name] = { parameter: value.arn, kmsKey };
    } else {
      const { secret, key, versioned } = selection(value.arn);
      if (versioned) {
        place.child(name).mistake('a stage or version of a secret cannot be asked for', 'give the secret without it');
      }
      spec.secrets[name] = { secret, key, kmsKey };
      place.allow(beyond(secret, recorder, place.construct));
    }
  }
  return spec;
}

/** Environment variables from Parameter Store. */
export function parameters(values: { readonly [name: string]: ssm.IParameter }, place: Place): Json {
  const from = Object.entries(values).map(([name, value]) => [name, ecs.Secret.fromSsmParameter(value)]);
  return { parameters: secrets(Object.fromEntries(from), place).parameters };
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
