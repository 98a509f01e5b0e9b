// The generated tables: L1s as the installed aws-cdk-lib has them, and props for everything that a spec can say.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const zlib = require("node:zlib");

const cdk = require("aws-cdk-lib");
const { MODULES } = require("cdk-ringfence/lib/private/l1/modules.generated");
const { LEFT_OUT, STRUCTS } = require("cdk-ringfence/lib/private/structs.generated");

const ROOT = path.join(__dirname, "../..");
const PACKAGE = path.dirname(require.resolve("cdk-ringfence/package.json"));
const IS_NEWEST = cdk.Validations !== undefined;

/** What the jsii assembly of aws-cdk-lib says of its types. */
function typesOfCdk() {
  const folder = path.dirname(require.resolve("aws-cdk-lib/package.json"));
  return JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(folder, ".jsii.gz")))).types;
}

/** CDK's name of a property and the kind of its value. */
function property(name, entry) {
  const [kind, theirs = name[0].toLowerCase() + name.slice(1)] = entry.split(" ");
  return { kind, theirs, base: kind.replace(/(\[\]|\{\})+$/, "") };
}

/** Whether CDK's declaration of a property takes values of the kind. */
function takes(declared, { kind, base }, type) {
  const text = JSON.stringify(declared.type);
  const wraps = kind === base || text.includes(kind.endsWith("[]") ? '"array"' : '"map"');
  const takesAny = text.includes('"any"');
  switch (base) {
    case "text": return takesAny || (wraps && text.includes('"string"'));
    case "number": return wraps && text.includes('"number"');
    case "flag": return wraps && text.includes('"boolean"');
    case "date": return wraps && text.includes('"date"');
    case "any": return !text.includes('Property"') || text.includes("NoDeviceProperty");
    case "Tag": return wraps && text.includes("aws-cdk-lib.CfnTag");
    default: return wraps && text.includes(`${type}.${base}Property"`);
  }
}

test("every L1 and every property in the table is one of the installed aws-cdk-lib", () => {
  const types = typesOfCdk();
  const unknown = [];
  const wrong = [];
  let looked = 0;
  for (const [module, load] of Object.entries(MODULES)) {
    for (const [name, { make, properties, nested }] of Object.entries(load())) {
      const [, className] = /new \S*\.(Cfn\w+)\(/.exec(make.toString());
      const fqn = module === "cloudformation" ? `aws-cdk-lib.${className}` : `aws-cdk-lib.aws_${module}.${className}`;
      const structs = [[`${fqn}Props`, properties], ...Object.entries(nested).map(([of, members]) => [`${fqn}.${of}Property`, members])];
      assert.ok(types[fqn], `${name} has no L1 ${fqn}`);
      for (const [struct, members] of structs) {
        const declared = new Map((types[struct]?.properties ?? []).map((found) => [found.name, found]));
        for (const [member, entry] of Object.entries(members)) {
          looked += 1;
          const expected = property(member, entry);
          const found = declared.get(expected.theirs);
          if (!found) unknown.push(`${struct}.${expected.theirs}`);
          else if (!takes(found, expected, fqn)) wrong.push(`${struct}.${expected.theirs}: ${entry}, ${JSON.stringify(found.type)}`);
        }
      }
    }
  }
  assert.ok(looked > 3000, `${looked} properties`);
  assert.deepEqual(wrong, []);
  // An older aws-cdk-lib lacks what is newer in CloudFormation; that is written past the L1.
  if (IS_NEWEST) assert.deepEqual(unknown, []);
  else assert.ok(unknown.length < 120, unknown.join("\n"));
});

test("no L1 is made outside of the table", () => {
  const folder = path.join(ROOT, "npm/cdk-ringfence/src");
  const files = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".ts"));
  const elements = "Condition|Mapping|Output|Parameter";
  for (const name of files.filter((file) => !/private\/l1\/\w+\.generated\.ts$/.test(file))) {
    const found = fs.readFileSync(path.join(folder, name), "utf8").match(new RegExp(`new\\s+[\\w.]*Cfn(?!${elements})\\w*\\s*\\(`));
    assert.equal(found, null, name);
  }
});

test("everything that a spec can say is a prop, or left out with a reason", () => {
  const { $defs } = JSON.parse(fs.readFileSync(path.join(ROOT, "schema/ringfence.schema.json"), "utf8"));
  let props = 0;
  for (const [name, { properties = {} }] of Object.entries($defs)) {
    if (name === "Token" || LEFT_OUT[name]) continue;
    const keys = new Set(Object.entries(STRUCTS[name] ?? {}).flatMap(([prop, entry]) => [prop, entry.split(" ")[1] ?? prop]));
    for (const member of Object.keys(properties)) {
      const reason = LEFT_OUT[`${name}.${member}`];
      assert.ok(keys.has(member) !== (reason !== undefined), `${name}.${member}: ${reason ?? "no prop"}`);
      props += 1;
    }
  }
  assert.ok(props > 150, `${props} members`);
  for (const [member, reason] of Object.entries(LEFT_OUT)) assert.ok(reason.length > 10, member);
});

test("every prop in the table is in the assembly that other languages read, with its documentation", () => {
  const { types } = JSON.parse(fs.readFileSync(path.join(PACKAGE, ".jsii"), "utf8"));
  for (const [name, members] of Object.entries(STRUCTS)) {
    const struct = types[`cdk-ringfence.${name === "Spec" ? "PrivateFargateServiceProps" : `${name}Options`}`];
    const declared = new Map(struct.properties.map((found) => [found.name, found]));
    for (const prop of Object.keys(members)) {
      const { docs, optional } = declared.get(prop) ?? assert.fail(`${name}.${prop}`);
      assert.ok(docs.summary && Boolean(docs.default) === Boolean(optional), `${name}.${prop}`);
    }
  }
});
