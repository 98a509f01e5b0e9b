// node assembly.cjs FOLDER…
//
// Judges cloud assemblies: manifest and asset manifests by the JSON schemas of `@aws-cdk/cloud-assembly-schema`, the
// whole by aws-cdk-lib's own reader, and what no schema says (files exist, hashes are right, the tree is one tree, and
// names what the templates contain) by hand. Prints one problem a line, then what was read; exits with 1 on problems.
"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const Ajv = require("ajv").default;
const cxapi = require("aws-cdk-lib/cx-api");

const ajv = new Ajv({ allErrors: true, strict: false });
const schemas = path.join(path.dirname(require.resolve("@aws-cdk/cloud-assembly-schema/package.json")), "schema");
const manifestIsValid = ajv.compile(json(path.join(schemas, "cloud-assembly.schema.json")));
const assetsAreValid = ajv.compile(json(path.join(schemas, "assets.schema.json")));

const counts = { assemblies: 0, stacks: 0, assets: 0, constructs: 0 };

function json(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

function* schemaProblems(file, validator) {
  if (!validator(json(file))) {
    for (const error of validator.errors) {
      yield `${file}: ${error.instancePath || "/"} ${error.message}`;
    }
  }
}

function* assetProblems(folder, file) {
  const manifest = json(file);
  for (const [id, asset] of Object.entries(manifest.files ?? {})) {
    counts.assets += 1;
    const source = asset.source.path && path.join(folder, asset.source.path);
    if (source && !fs.existsSync(source)) {
      yield `${file}: file asset ${id} has no source ${asset.source.path}`;
    } else if (source && asset.source.packaging === "file") {
      const hash = crypto.createHash("sha256").update(fs.readFileSync(source)).digest("hex");
      if (!id.startsWith(hash)) {
        yield `${file}: file asset ${id} is not the hash of its content, ${hash}`;
      }
    }
    if (Object.keys(asset.destinations).length === 0) {
      yield `${file}: file asset ${id} goes nowhere`;
    }
  }
  for (const [id, asset] of Object.entries(manifest.dockerImages ?? {})) {
    counts.assets += 1;
    const directory = asset.source.directory && path.join(folder, asset.source.directory);
    if (directory && !fs.existsSync(path.join(directory, asset.source.dockerFile ?? "Dockerfile"))) {
      yield `${file}: image asset ${id} has no Dockerfile in ${asset.source.directory}`;
    }
  }
}

function* treeProblems(file, node, prefix, types) {
  counts.constructs += 1;
  const expected = prefix === undefined ? "" : prefix === "" ? node.id : `${prefix}/${node.id}`;
  if (node.path !== expected) {
    yield `${file}: node ${node.id} says its path is "${node.path}", but it stands at "${expected}"`;
  }
  if (!node.constructInfo?.fqn || !node.constructInfo?.version) {
    yield `${file}: node "${node.path}" has no construct information`;
  }
  const type = node.attributes?.["aws:cdk:cloudformation:type"];
  if (type) {
    types.push(type);
  }
  for (const [id, child] of Object.entries(node.children ?? {})) {
    if (child.id !== id) {
      yield `${file}: "${node.path}" has a child ${id} that calls itself ${child.id}`;
    }
    yield* treeProblems(file, child, node.path, types);
  }
}

function* stackProblems(folder, stack) {
  counts.stacks += 1;
  const resources = stack.template.Resources ?? {};
  const named = new Set();
  for (const entry of stack.findMetadataByType("aws:cdk:logicalId")) {
    named.add(entry.data);
  }
  const known = new Set([...Object.keys(resources), ...Object.keys(stack.template.Parameters ?? {}),
    ...Object.keys(stack.template.Outputs ?? {}), ...Object.keys(stack.template.Conditions ?? {}),
    ...Object.keys(stack.template.Mappings ?? {}), ...Object.keys(stack.template.Rules ?? {})]);
  for (const id of named) {
    if (!known.has(id)) {
      yield `${folder}: the metadata of stack ${stack.id} names ${id}, which its template does not have`;
    }
  }
  for (const id of Object.keys(resources)) {
    if (!named.has(id)) {
      yield `${folder}: the metadata of stack ${stack.id} does not name resource ${id}`;
    }
  }
}

function* problems(folder) {
  counts.assemblies += 1;
  const manifestFile = path.join(folder, "manifest.json");
  yield* schemaProblems(manifestFile, manifestIsValid);
  let assembly;
  try {
    assembly = new cxapi.CloudAssembly(folder);
  } catch (error) {
    yield `${folder}: aws-cdk-lib cannot read it: ${error.message}`;
    return;
  }
  if (assembly.stacks.length === 0) {
    yield `${folder}: has no stack`;
  }
  let resources = 0;
  for (const stack of assembly.stacks) {
    yield* stackProblems(folder, stack);
    resources += Object.keys(stack.template.Resources ?? {}).length;
  }
  for (const artifact of Object.values(assembly.manifest.artifacts ?? {})) {
    if (artifact.type === "cdk:asset-manifest") {
      const file = path.join(folder, artifact.properties.file);
      yield* schemaProblems(file, assetsAreValid);
      yield* assetProblems(folder, file);
    }
  }
  const treeFile = path.join(folder, "tree.json");
  const tree = json(treeFile);
  if (tree.version !== "tree-0.1") {
    yield `${treeFile}: has version ${tree.version}`;
  }
  const types = [];
  yield* treeProblems(treeFile, tree.tree, undefined, types);
  if (types.length !== resources) {
    yield `${treeFile}: has ${types.length} resources, but the templates have ${resources}`;
  }
}

let failed = false;
for (const folder of process.argv.slice(2)) {
  for (const problem of problems(folder)) {
    failed = true;
    console.log(problem);
  }
}
console.log(JSON.stringify(counts));
process.exitCode = failed || counts.assemblies === 0 ? 1 : 0;
