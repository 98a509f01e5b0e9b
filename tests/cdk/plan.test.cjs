// What a construct synthesizes is what the plan says, for every spec that the project has.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const { PrivateFargateService } = require("cdk-ringfence");
const { plan } = require("cdk-ringfence/lib/private/plan");
const { propsOf, readSpec, specs } = require("./props-of.cjs");
const { ofTemplate, renamed } = require("./same.cjs");

process.env.CDK_VALIDATION = "false";

/** What the CDK CLI and a new app set. */
const CONTEXT = { "aws:cdk:enable-path-metadata": true, "@aws-cdk/core:enablePartitionLiterals": true };

function ofPlan({ type, properties, dependsOn = [], deletionPolicy, updateReplacePolicy, condition }, env) {
  return ofTemplate({
    Type: type, Properties: properties, DependsOn: dependsOn, DeletionPolicy: deletionPolicy,
    UpdateReplacePolicy: updateReplacePolicy, Condition: condition,
  }, env);
}

for (const { name: called, file } of specs()) {
  test(`${called} as props becomes what the plan says`, () => {
    const { name, description, env = {}, tags, stack: settings, consumers, ...spec } = readSpec(file);
    const app = new cdk.App({ context: CONTEXT });
    const stack = new cdk.Stack(app, "Stack", { env });
    const given = new cdk.Stack(app, "Given", { env });
    const service = new PrivateFargateService(stack, "It", propsOf(given, spec));
    const template = app.synth().getStackByName("Stack").template;
    const planned = plan({ kind: "service", props: spec, context: { path: service.node.path, ...env } });
    assert.deepEqual(planned.report.findings.filter(({ severity }) => severity === "error"), []);
    const made = renamed(template, planned, "Stack/It");
    for (const resource of planned.resources) {
      assert.ok(made.Resources[resource.id], `${resource.path} is not in the template`);
      assert.deepEqual(ofTemplate(made.Resources[resource.id], env), ofPlan(resource, env), resource.path);
    }
    assert.deepEqual(Object.keys(made.Resources).sort(), planned.resources.map(({ id }) => id).sort());
  });
}
