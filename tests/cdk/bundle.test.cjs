// What the README says of bundling, done: an app in one file beside the module, and an app that keeps the package outside.
"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const esbuild = require("esbuild");

const PACKAGE = path.dirname(require.resolve("cdk-ringfence/package.json"));
const MODULES = path.dirname(PACKAGE);
const FOLDER = fs.mkdtempSync(path.join(os.tmpdir(), "ringfence-bundle-"));
process.on("exit", () => fs.rmSync(FOLDER, { recursive: true, force: true }));

/** The app of the README's first screen, which ends by printing how many resources it has. */
function app() {
  const readme = fs.readFileSync(path.join(PACKAGE, "README.md"), "utf8");
  const [, program] = /```ts\n(\/\/ app\.ts\n[\s\S]*?)```/.exec(readme);
  const file = path.join(FOLDER, "app.ts");
  fs.writeFileSync(file, `${program}\nconsole.log(Object.keys(app.synth().stacks[0].template.Resources).length);\n`);
  return file;
}

function bundled(name, options) {
  const outfile = path.join(FOLDER, name, "app.js");
  esbuild.buildSync({
    entryPoints: [app()], bundle: true, platform: "node", outfile, nodePaths: [MODULES], logLevel: "silent", ...options,
  });
  return outfile;
}

function run(file) {
  const env = { ...process.env, CDK_VALIDATION: "false", CDK_OUTDIR: path.join(path.dirname(file), "cdk.out"), NODE_PATH: MODULES };
  return Number(execFileSync("node", [file], { encoding: "utf8", env, cwd: path.dirname(file), stdio: ["ignore", "pipe", "pipe"] }));
}

test("a bundle works with the module beside it, and says what is missing without", () => {
  const file = bundled("whole");
  assert.throws(() => run(file), /ringfence_bg\.wasm/);
  fs.copyFileSync(path.join(PACKAGE, "wasm/ringfence_bg.wasm"), path.join(path.dirname(file), "ringfence_bg.wasm"));
  assert.ok(run(file) > 35);
});

test("a bundle works with the package outside of it", () => {
  assert.ok(run(bundled("outside", { external: ["aws-cdk-lib", "constructs", "cdk-ringfence"] })) > 35);
});
