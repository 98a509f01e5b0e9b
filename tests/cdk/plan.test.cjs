// What a construct synthesizes is what the plan says, for every spec that the project has.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const { PrivateFargateService } = require("cdk-ringfence");
const { plan } = require("cdk-ringfence/lib/private/plan");
const { propsOf, readSpec } = require("./props-of.cjs");

process.env.CDK_VALIDATION = "false";

/** Specs that a construct cannot have, and why. */
const NOT_HERE = {
  "aliases.yaml": "it is about YAML: its merge keys are read by Ringfence, not by the reader that the CDK has",
  "docker-build.yaml": "its image is built from a folder: another test has an image asset",
  "cdk-tokens.json": "its tokens are of no app: the tests of tokens have real ones",
};

/** What the CDK CLI and a new app set. */
const CONTEXT = { "aws:cdk:enable-path-metadata": true, "@aws-cdk/core:enablePartitionLiterals": true };

const ROOT = path.join(__dirname, "../..");
const specs = ["examples/specs", "tests/corpus/good"]
  .flatMap((folder) => fs.readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name)))
  .filter((file) => /\.(ya?ml|json)$/.test(file) && !(path.basename(file) in NOT_HERE));

/** A template with the names of the plan in place of logical IDs, which are told by the paths in the metadata. */
function renamed(template, planned, prefix) {
  const ids = new Map();
  const byPath = new Map(planned.resources.map(({ path: at, id }) => [`${prefix}/${at}`, id]));
  for (const [id, { Metadata }] of Object.entries(template.Resources)) {
    ids.set(id, byPath.get(Metadata["aws:cdk:path"]) ?? id);
  }
  for (const section of ["Mappings", "Conditions", "Parameters"]) {
    for (const name of Object.keys(planned[section.toLowerCase()] ?? {})) {
      const id = Object.keys(template[section] ?? {}).find((key) => key.startsWith(prefix.replace("/", "").replace(/^Stack/, "")) && key.includes(name));
      if (id) ids.set(id, name);
    }
  }
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === "string") return ids.get(value) ?? value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [ids.get(key) ?? key, walk(item)]));
  };
  return walk(template);
}

/** A value without what says nothing: order of tags, how texts are joined, pseudo parameters that the stack knows. */
function plainly(value, env) {
  if (Array.isArray(value)) {
    const items = value.map((item) => plainly(item, env));
    const isTags = items.length > 0 && items.every((item) => item?.Key !== undefined && item.Value !== undefined);
    return isTags ? items.sort((one, other) => (one.Key < other.Key ? -1 : 1)) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const known = { "AWS::AccountId": env.account, "AWS::Region": env.region, "AWS::Partition": env.region && "aws" }[value.Ref];
  if (known) return known;
  const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainly(item, env)]).sort());
  if (typeof made["Fn::Sub"] === "string") return plainly({ "Fn::Join": ["", substituted(made["Fn::Sub"])] }, env);
  // The CDK gives a parameter by its ARN where the spec has its name: ECS takes both.
  if (/^\//.test(made.ValueFrom)) made.ValueFrom = `arn:aws:ssm:${env.region}:${env.account}:parameter${made.ValueFrom}`;
  if (typeof made["Fn::GetAtt"] === "string") return { "Fn::GetAtt": made["Fn::GetAtt"].split(".") };
  const join = made["Fn::Join"];
  return join?.[0] === "" && Array.isArray(join[1]) ? joined(join[1]) : made;
}

/** The pieces of a text with `${…}` in it. */
function substituted(text) {
  return text.split(/(\$\{[^}]+\})/).filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("${") ? { Ref: piece.slice(2, -1) } : piece));
}

function joined(parts) {
  const flat = parts.flatMap((part) => (part?.["Fn::Join"]?.[0] === "" ? part["Fn::Join"][1] : [part]));
  const merged = flat.reduce((before, part) => {
    const last = before.at(-1);
    return typeof last === "string" && typeof part === "string" ? [...before.slice(0, -1), last + part] : [...before, part];
  }, []);
  return merged.length === 1 ? merged[0] : { "Fn::Join": ["", merged] };
}

function ofTemplate({ Type, Properties = {}, DependsOn = [], DeletionPolicy, UpdateReplacePolicy, Condition }, env) {
  const order = [DependsOn].flat().sort();
  return plainly({ Type, Properties, DependsOn: order, DeletionPolicy, UpdateReplacePolicy, Condition }, env);
}

function ofPlan({ type, properties, dependsOn = [], deletionPolicy, updateReplacePolicy, condition }, env) {
  return ofTemplate({
    Type: type, Properties: properties, DependsOn: dependsOn, DeletionPolicy: deletionPolicy,
    UpdateReplacePolicy: updateReplacePolicy, Condition: condition,
  }, env);
}

for (const file of specs) {
  test(`${file} as props becomes what the plan says`, () => {
    const { name, description, env = {}, tags, stack: settings, consumers, ...spec } = readSpec(path.join(ROOT, file));
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
