/** Grants on what is in another Region: the endpoints of this one do not lead there. */

import { Json } from './plan';

/** What a name of a Region looks like, such as `eu-west-1`. */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** Services, and the Region in which a statement lets them be called. */
export interface Elsewhere {
  /** The services, as IAM calls them. */
  readonly services: string[];
  readonly region: string;
}

/**
 * The services that a statement allows in another Region than `here` and nowhere else: replicas stand beside what is here. What of
 * an ARN is not known yet is a token, which has no colon in it.
 */
export function elsewhere(statement: Json, here: string): Elsewhere | undefined {
  const resources = [statement.Resource ?? []].flat();
  const regions = resources.map((resource: unknown) => (typeof resource === 'string' ? resource.split(':')[3] : undefined));
  const isFar = (region?: string) => region !== undefined && region !== here && REGION.test(region);
  if (statement.Effect !== 'Allow' || regions.length === 0 || !regions.every(isFar)) {
    return undefined;
  }
  const actions = [statement.Action ?? []].flat().filter((action: unknown) => typeof action === 'string');
  return { services: [...new Set(actions.map((action: string) => action.split(':')[0]))], region: regions[0] as string };
}
