// node run.cjs PACKAGE TOOLS CHROMIUM
//
// Bundles a page with the package PACKAGE by Vite and by webpack, as they are without any settings, and opens what they make in
// a browser. TOOLS is the `node_modules` in which they are.
"use strict";

const assert = require("node:assert/strict");
const { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { visit } = require("../parity/chromium.cjs");

const [folder, tools, chromium] = process.argv.slice(2);
const app = realpathSync(mkdtempSync(path.join(os.tmpdir(), "ringfence-bundlers-")));

/** An app in an empty folder, with the package as npm would install it. */
function prepare() {
  for (const name of ["app.js", "index.html"]) copyFileSync(path.join(__dirname, name), path.join(app, name));
  writeFileSync(path.join(app, "package.json"), '{ "private": true }');
  const installed = path.join(app, "node_modules/ringfence");
  mkdirSync(installed, { recursive: true });
  for (const name of ["package.json", "dist", "types"]) cpSync(path.join(folder, name), path.join(installed, name), { recursive: true });
}

async function vite() {
  const { build } = await import(path.join(tools, "vite/dist/node/index.js"));
  await build({ root: app, logLevel: "warn" });
  return path.join(app, "dist");
}

async function webpack() {
  const out = path.join(app, "webpack");
  const compiler = require(path.join(tools, "webpack"))({ context: app, entry: "./app.js", mode: "production", output: { path: out } });
  const stats = await new Promise((resolve, reject) => compiler.run((error, made) => (error ? reject(error) : resolve(made))));
  assert.ok(!stats.hasErrors(), stats.toString());
  writeFileSync(path.join(out, "index.html"), readFileSync(path.join(app, "index.html"), "utf8").replace("./app.js", "./main.js"));
  return out;
}

/** The files below a folder. */
const files = (within) => readdirSync(within, { recursive: true }).filter((name) => existsSync(path.join(within, name)));

async function main() {
  prepare();
  for (const bundle of [vite, webpack]) {
    const out = await bundle();
    const modules = files(out).filter((name) => name.endsWith(".wasm"));
    assert.equal(modules.length, 1, `${bundle.name} takes the module along once: ${files(out)}`);
    const module = path.join(folder, "dist/ringfence_bg.wasm");
    assert.ok(readFileSync(path.join(out, modules[0])).equals(readFileSync(module)), "as it is");
    const result = await visit(chromium, "index.html", (address) => path.join(out, path.normalize(address)));
    assert.deepEqual(result, { rules: ["RF0002"], page: true }, bundle.name);
  }
  console.log("Vite and webpack take the module along");
}

main().finally(() => rmSync(app, { recursive: true, force: true }));
