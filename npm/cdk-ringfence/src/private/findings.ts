/**
 * Tells what is wrong where CDK users look: as errors and warnings of the construct, each with the prop that it is about.
 */

import { Annotations, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { propAt } from './lowering';
import { Mistake } from './place';
import { Finding } from './plan';

/** How findings name the props of a construct. */
export interface PropNames {
  /** The struct of the props. */
  readonly struct: string;
  /** The prop in which the user has said what a plan takes beside those of the struct. */
  readonly beside?: { readonly prop: string; readonly members: readonly string[] };
}

/** Tells what showed while the props were lowered. */
export function tellMistakes(construct: Construct, mistakes: readonly Mistake[]): void {
  mistakes.forEach((mistake) => Annotations.of(construct).addError(sentence(mistake.message, mistake.prop, mistake.help)));
}

/**
 * Tells what the model found, once each. What it cannot know is an info; infos and warnings are acknowledged by their
 * rule; an error stops the synthesis after everything was told.
 */
export function tellFindings(construct: Construct, findings: readonly Finding[], names: PropNames, told: Set<string>): void {
  for (const finding of findings) {
    const text = textOf(finding, names, construct);
    const key = `${finding.rule} ${text}`;
    const isOver = finding.severity !== 'error' && isAcknowledged(construct, finding.rule);
    if (told.has(key) || isOver) {
      continue;
    }
    told.add(key);
    const annotations = Annotations.of(construct);
    switch (finding.severity) {
      case 'error':
        annotations.addError(`${text} [${finding.rule}]`);
        break;
      case 'warning':
        annotations.addWarningV2(finding.rule, text);
        break;
      default:
        annotations.addInfoV2(finding.rule, text);
    }
  }
}

/**
 * Whether the construct itself acknowledges a rule. Older versions of aws-cdk-lib look at its parents alone, for messages that are
 * added after the acknowledgement; they keep what was acknowledged in the app, by paths.
 */
function isAcknowledged(construct: Construct, rule: string): boolean {
  const kept = (construct.node.root as any)[Symbol.for('@aws-cdk/core.Acknowledgements')]?.acks;
  return kept instanceof Map && kept.get(construct.node.path)?.has(rule) === true;
}

/** Ends the making of a construct: a prop is missing, or is nothing that can be used. */
export function refuse(construct: Construct, prop: string, message: string, help: string): never {
  throw new Error(`${construct.node.path} cannot be made:\n  ${sentence(message, prop, help)}`);
}

/** All that is wrong with a construct, for an error that is thrown because nothing can be made. */
export function everything(construct: Construct, mistakes: readonly Mistake[], findings: readonly Finding[], names: PropNames): string {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const lines = [
    ...mistakes.map((mistake) => sentence(mistake.message, mistake.prop, mistake.help)),
    ...errors.map((finding) => `${textOf(finding, names, construct)} [${finding.rule}]`),
  ];
  return lines.map((line) => `\n  ${line}`).join('');
}

/** What of an existing subnet is missing, by the rule that says so, and how CDK is told it. */
const SUBNET_ADVICE: { readonly [rule: string]: string } = {
  RF0003: 'import the VPC with `isolatedSubnetRouteTableIds`, or the subnet with `routeTableId`',
  RF0329: 'import the VPC with `isolatedSubnetIpv4CidrBlocks`, or the subnet with `ipv4CidrBlock`',
};

/** What to do about an image, by the rule that says what is wrong: a spec names what CDK has objects for. */
const IMAGE_ADVICE: { readonly [rule: string]: string } = {
  RF0201: 'give an `image`, as by `ecs.ContainerImage.fromEcrRepository`, or by `fromAsset` to have it built',
  RF0205: 'give `repository`, as by `ecr.Repository.fromRepositoryName`, beside the image',
};

/** A finding with its prop and advice. */
function textOf(finding: Finding, names: PropNames, construct: Construct): string {
  const place = finding.specPath ?? '';
  const advice = /\/existing\/subnets\/\d+$/.test(place) ? SUBNET_ADVICE : IMAGE_ADVICE;
  const help = advice[finding.rule] ?? finding.help;
  return sentence(readable(finding.message, construct), propOf(place, names), help);
}

/** The prop that a place in the lowered props comes from. */
function propOf(place: string, { struct, beside }: PropNames): string {
  const prop = propAt(place, struct);
  return beside?.members.includes(prop.split('.')[0]) ? `${beside.prop}.${prop}` : prop;
}

/** A message in which tokens are what they stand for. */
function readable(message: string, construct: Construct): string {
  return message.replace(/[$#]\{Token\[[^\]]*\]\}/g, (token) => {
    try {
      const value = Stack.of(construct).resolve(token.startsWith('#') ? [token] : token);
      return typeof value === 'string' ? value : JSON.stringify(value);
    } catch {
      return token;
    }
  });
}

function sentence(message: string, prop: string, help?: string | null): string {
  const at = prop === '' ? '' : `${prop}: `;
  return `${at}${message}${help ? ` (${help})` : ''}`;
}
