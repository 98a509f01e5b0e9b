// Apps with one construct, what they synthesize, and how to look at it.
"use strict";

const assert = require("node:assert/strict");

const cdk = require("aws-cdk-lib");
const { AllowedPrincipal, PrivateFargateService } = require("cdk-ringfence");

// AWS's own plugin takes seconds to start.
process.env.CDK_VALIDATION = "false";

const ENV = { account: "111122223333", region: "eu-west-1" };
const IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/payments:1.4.2";

/** What a new app and the CDK CLI set. */
const CONTEXT = { "aws:cdk:enable-path-metadata": true, "@aws-cdk/core:enablePartitionLiterals": true };

/** Synthesizes an app with one stack, which `build` fills. */
function synthesized(build, { env = ENV, context = {} } = {}) {
  const app = new cdk.App({ context: { ...CONTEXT, ...context } });
  const stack = new cdk.Stack(app, "Shop", { env });
  build(app, stack);
  const assembly = app.synth();
  return { app, stack, assembly, template: assembly.getStackByName("Shop").template };
}

/** A service of one container, shared with one account. */
function payments(scope, { service, id = "Payments", ...props } = {}) {
  return new PrivateFargateService(scope, id, {
    services: { api: { image: cdk.aws_ecs.ContainerImage.fromRegistry(IMAGE), port: 8080, ...service } },
    privateLink: { allow: [AllowedPrincipal.account("222233334444")] },
    ...props,
  });
}

/** The resources of a type, each with its logical ID. */
function ofType(template, type) {
  return Object.entries(template.Resources).filter(([, found]) => found.Type === type).map(([id, found]) => ({ id, ...found }));
}

/** The only resource of a type. */
function only(template, type) {
  const found = ofType(template, type);
  assert.equal(found.length, 1, `${found.length} of ${type}`);
  return found[0];
}

/** What the constructs of an assembly say at a level. */
function messages(assembly, level) {
  return assembly.stacks.flatMap((stack) => stack.messages)
    .filter((message) => message.level === level)
    .map((message) => `${message.id}: ${message.entry.data}`);
}

module.exports = { ENV, IMAGE, messages, ofType, only, payments, synthesized };
