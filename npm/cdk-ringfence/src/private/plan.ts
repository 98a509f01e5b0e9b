/**
 * What is asked of the model and what it answers: the bridge to Rust, which decides everything. Names are those of the JSON.
 */

import { ask } from './engine';

/** What a plan is asked for. */
export interface PlanRequest {
  /** Which construct asks. */
  readonly kind: 'service' | 'network' | 'privateLink' | 'consumer';
  /** The props, in the words of a spec. */
  readonly props: object;
  /** Where the construct is. */
  readonly context: PlanContext;
  /** What the app did after the construct was made. */
  readonly additions?: Additions;
}

/** Where a construct is; what is known at deployment only is left out. */
export interface PlanContext {
  readonly path: string;
  /** The path of its stack. */
  readonly stack?: string;
  readonly account?: string;
  readonly region?: string;
  readonly partition?: string;
}

/** What the app did after the construct was made. */
export interface Additions {
  /** The IAM statements that were added to the roles of each service. */
  readonly services: { readonly [service: string]: { readonly task: object[]; readonly execution: object[] } };
}

/** What a construct is made of. */
export interface Plan {
  readonly resources: PlannedResource[];
  readonly mappings?: { readonly [name: string]: object };
  readonly conditions?: { readonly [name: string]: object };
  readonly parameters?: { readonly [name: string]: Json };
  readonly outputs?: { readonly [name: string]: Json };
  readonly handles: Handles;
  readonly report: Report;
}

/** A value of JSON whose members are looked at. */
export type Json = { readonly [key: string]: any };

/** One resource. */
export interface PlannedResource {
  readonly path: string;
  readonly type: string;
  readonly id: string;
  readonly properties?: Json;
  readonly dependsOn?: string[];
  readonly condition?: string;
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly metadata?: Json;
  readonly origin?: string;
}

/** The resources that the facades stand for, by their IDs in the plan. */
export interface Handles {
  readonly vpc?: string;
  readonly subnets?: string[];
  readonly cluster?: string;
  readonly loadBalancer?: string;
  readonly loadBalancerSecurityGroup?: string;
  readonly endpointService?: string;
  readonly endpoint?: string;
  readonly topic?: string;
  readonly services?: { readonly [name: string]: ServiceHandles };
  readonly listeners?: { readonly [port: string]: ListenerHandles };
  readonly secrets?: { readonly [name: string]: string };
  readonly alarms?: string[];
  readonly [other: string]: any;
}

/** The resources of one service. */
export interface ServiceHandles {
  readonly service?: string;
  readonly taskDefinition?: string;
  readonly taskRole?: string;
  readonly executionRole?: string;
  readonly securityGroup?: string;
  readonly logGroup?: string;
  readonly port?: number;
  /** What the container speaks at the port. */
  readonly protocol?: 'tcp' | 'udp';
  readonly container?: string;
  readonly [other: string]: any;
}

/** The resources of one listener. */
export interface ListenerHandles {
  readonly listener: string;
  readonly targetGroup: string;
  readonly port: any;
  readonly protocol: string;
  readonly service: string;
  readonly container: string;
}

/** What is wrong, or might be. */
export interface Report {
  readonly status: string;
  readonly findings: Finding[];
}

/** Something that is wrong, or might be. */
export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly help?: string | null;
  /** Where in the props, as a JSON pointer. */
  readonly specPath?: string | null;
}

/** Asks the model for a plan. */
export function plan(request: PlanRequest): Plan {
  return JSON.parse(ask('planJson', JSON.stringify(request))) as Plan;
}
