/**
 * Makes constructs of a plan: typed L1s at the paths that the plan names, and what the template needs beside resources.
 */

import { CfnCondition, CfnDeletionPolicy, CfnElement, CfnMapping, CfnOutput, CfnParameter, CfnResource, TagManager } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { L1Property, l1Property, L1Type, l1Type } from './l1';
import { makeAfter } from './order';
import { Json, Plan, PlannedResource } from './plan';
import { isSame, snapshot } from './snapshot';
import { l1Value, Names, nested, plain, textOf } from './values';

/** A resource that was made. */
interface Made {
  readonly l1: CfnResource;
  /** What the plan said of it. */
  planned: PlannedResource;
  /** What its properties were set to, by CDK's names, to tell later what the app has changed. */
  readonly given: { [property: string]: unknown };
}

/** Turns the plans of one construct into constructs below it. */
export class Interpreter implements Names {
  private readonly made = new Map<string, Made>();
  private readonly own = new Set<CfnResource>();
  private readonly parameters = new Map<string, CfnParameter>();
  private readonly mappings = new Map<string, CfnMapping>();
  private readonly conditions = new Map<string, CfnCondition>();

  constructor(private readonly scope: Construct) {}

  /**
   * Makes what a plan has and is not there yet, and changes what is there and has become different. A property that the app
   * has set itself stays as the app wants it.
   */
  public apply(plan: Plan): void {
    this.declare(plan);
    for (const planned of plan.resources) {
      const made = this.made.get(planned.id);
      if (made) {
        this.change(made, planned);
      } else {
        this.make(planned);
      }
    }
    this.addOutputs(plan.outputs ?? {});
  }

  /** The L1 with an ID of the plan. */
  public l1(id: string): CfnResource {
    const made = this.made.get(id);
    if (!made) {
      throw new Error(`internal error in Ringfence, please report it: no resource is called ${id} in the plan`);
    }
    return made.l1;
  }

  /** All L1s that were made. */
  public all(): CfnResource[] {
    return [...this.own];
  }

  /** Whether an L1 was made of the plan. */
  public isOwn(l1: CfnResource): boolean {
    return this.own.has(l1);
  }

  public element(id: string): CfnElement | undefined {
    return this.made.get(id)?.l1 ?? this.parameters.get(id);
  }

  public mapping(name: string): CfnElement | undefined {
    return this.mappings.get(name);
  }

  public condition(name: string): CfnElement | undefined {
    return this.conditions.get(name);
  }

  /** Makes mappings, parameters and conditions, to which resources refer. */
  private declare(plan: Plan): void {
    for (const [name, mapping] of Object.entries(plan.mappings ?? {})) {
      if (!this.mappings.has(name)) {
        this.mappings.set(name, new CfnMapping(this.scope, name, { mapping: mapping as Json, lazy: false }));
      }
    }
    for (const [name, parameter] of Object.entries(plan.parameters ?? {})) {
      if (!this.parameters.has(name)) {
        this.parameters.set(name, new CfnParameter(this.scope, name, ofParameter(parameter)));
      }
    }
    for (const [name, expression] of Object.entries(plan.conditions ?? {})) {
      if (!this.conditions.has(name)) {
        this.conditions.set(name, new CfnCondition(this.scope, name, { expression: plain(expression, this) }));
      }
    }
  }

  private make(planned: PlannedResource): void {
    const type = l1Type(planned.type);
    const props = nested(planned.properties ?? {}, undefined, type, this);
    const path = planned.path.split('/');
    const id = path.pop() as string;
    const l1 = type.make(this.place(path), id, props);
    this.made.set(planned.id, { l1, planned, given: snapshot(props) });
    this.own.add(l1);
    this.override(l1, type, planned.properties ?? {});
    for (const [key, value] of Object.entries(planned.metadata ?? {})) {
      l1.addMetadata(key, plain(value, this));
    }
    l1.cfnOptions.deletionPolicy = planned.deletionPolicy as CfnDeletionPolicy | undefined;
    l1.cfnOptions.updateReplacePolicy = planned.updateReplacePolicy as CfnDeletionPolicy | undefined;
    l1.cfnOptions.condition = planned.condition === undefined ? undefined : this.conditions.get(planned.condition);
    this.order(l1, planned.dependsOn);
  }

  /** Writes past the L1 what it has not: properties of custom resources, and what the installed aws-cdk-lib is too old for. */
  private override(l1: CfnResource, type: L1Type, properties: Json): void {
    for (const [name, value] of Object.entries(properties)) {
      if (!isOf(l1, l1Property(type, undefined, name))) {
        l1.addPropertyOverride(name, plain(value, this));
      }
    }
  }

  /** Brings a resource up to date with a later plan. */
  private change(made: Made, planned: PlannedResource): void {
    const type = l1Type(planned.type);
    const before = made.planned.properties ?? {};
    const after = planned.properties ?? {};
    for (const name of Object.keys({ ...before, ...after })) {
      if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) {
        const property = l1Property(type, undefined, name);
        if (isOf(made.l1, property)) {
          this.set(made, property, after[name] === undefined ? undefined : l1Value(after[name], property.kind, type, this));
        } else {
          made.l1.addPropertyOverride(name, plain(after[name], this));
        }
      }
    }
    this.order(made.l1, planned.dependsOn);
    made.planned = planned;
  }

  /** Sets a property, unless the app has changed it. */
  private set(made: Made, property: L1Property, value: any): void {
    const l1 = made.l1 as any;
    const now = l1[property.name];
    if (now instanceof TagManager) {
      (value as { key: string; value: string }[]).forEach((tag) => now.setTag(tag.key, tag.value));
    } else if (isSame(now, made.given[property.name])) {
      l1[property.name] = value;
      Object.assign(made.given, snapshot({ [property.name]: value }));
    }
  }

  private order(l1: CfnResource, ids: string[] = []): void {
    ids.forEach((id) => makeAfter(l1, this.l1(id)));
  }

  /** The place at a path below the construct; what is missing on the way is made. */
  private place(path: string[]): Construct {
    return path.reduce<Construct>(
      (scope, id) => (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id),
      this.scope,
    );
  }

  private addOutputs(outputs: { readonly [name: string]: Json }): void {
    for (const [name, output] of Object.entries(outputs)) {
      if (!this.scope.node.tryFindChild(name)) {
        new CfnOutput(this.scope, name, {
          value: textOf(output.Value, this),
          description: output.Description,
          exportName: output.Export === undefined ? undefined : textOf(output.Export.Name, this),
        });
      }
    }
  }
}

/** Whether an L1 has a property. */
function isOf(l1: CfnResource, property: L1Property | undefined): property is L1Property {
  return property !== undefined && property.name in l1;
}

/** A parameter as CDK takes it. */
function ofParameter(parameter: Json): object {
  return Object.fromEntries(
    Object.entries(parameter).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]),
  );
}
