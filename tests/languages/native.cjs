// node native.cjs RINGFENCE FOLDER…
//
// Compares the templates of the cases in assemblies, one for each language, with what the command RINGFENCE makes of the same
// specs: every resource must be the same but for its logical ID, and for the path of its construct in names.
"use strict";

const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const { readSpec, specs } = require("../cdk/props-of.cjs");
const { ofTemplate, renamed } = require("../cdk/same.cjs");

/** The provider's template of a spec without what constructs do not have: settings of the stack, and consumers. */
function native(ringfence, folder, { stack: _stack, consumers: _consumers, ...spec }) {
  const file = path.join(folder, "spec.json");
  fs.writeFileSync(file, JSON.stringify(spec));
  const { status, stdout, stderr } = spawnSync(ringfence, ["synth", file, "--format", "json"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** A native template as the plan of the construct that stands for the whole stack. */
function planned({ Resources, Mappings, Conditions, Parameters }, stack) {
  const resources = Object.entries(Resources).map(([id, { Metadata }]) => ({ id, path: Metadata["aws:cdk:path"].slice(stack.length + 1) }));
  return { resources, mappings: Mappings, conditions: Conditions, parameters: Parameters };
}

/** A value without the path of the construct that names in it have. */
function unnamed(value, paths) {
  if (typeof value === "string") return paths.reduce((text, [from, to]) => text.replace(from, to), value);
  if (Array.isArray(value)) return value.map((item) => unnamed(item, paths));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unnamed(item, paths)]));
}

const [ringfence, ...folders] = process.argv.slice(2);
let compared = 0;
for (const { name, file } of specs()) {
  const spec = readSpec(file);
  const env = spec.env ?? {};
  const expected = native(ringfence, folders[0], spec);
  for (const folder of folders) {
    const template = JSON.parse(fs.readFileSync(path.join(folder, `${name}.template.json`), "utf8"));
    const made = renamed(template, planned(expected, spec.name), `${name}/It`);
    assert.deepEqual(Object.keys(made.Resources).sort(), Object.keys(expected.Resources).sort(), `${folder}: ${name}`);
    for (const [id, resource] of Object.entries(expected.Resources)) {
      const ours = unnamed(ofTemplate(made.Resources[id], env), [[/^-It-/, "-"], [/^\/It\//, "/"], [`${name}/It/`, `${spec.name}/`]]);
      assert.deepEqual(ours, ofTemplate(resource, env), `${folder}: ${name}: ${id}`);
      compared += 1;
    }
  }
}
console.log(`${compared} resources of ${specs().length} specs are those of the command in ${folders.length} languages`);
