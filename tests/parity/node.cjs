// node node.cjs CASES.json PACKAGE
//
// Whether the package answers every case as the native library does, loaded by `require` and by `import`, and inlined.
"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");

const pages = () => JSON.parse(readFileSync(path.resolve(process.argv[3], "dist/pages.json"), "utf8"));

async function main() {
  const [casesFile, folder] = process.argv.slice(2);
  const cases = JSON.parse(readFileSync(casesFile, "utf8"));
  const { differences } = await import("./compare.mjs");
  const file = (name) => path.resolve(folder, "dist", name);
  const hosts = {
    "CommonJS": require(file("node.cjs")),
    "ES module": await import(file("node.mjs")),
    "inlined": await ready(require(file("inline-node.cjs"))),
    "without Node's modules": await ready(await import(file("browser.mjs")), readFileSync(file("ringfence_bg.wasm"))),
    "inlined, without Node's modules": await ready(await import(file("inline.mjs"))),
  };
  const told = Object.entries(hosts).flatMap(([host, ringfence]) =>
    differences(ringfence, cases).map((line) => `${host}: ${line}`));
  told.forEach((line) => console.log(line));
  console.log(`${cases.length} cases in ${Object.keys(hosts).length} ways to load the package`);
  process.exitCode = told.length > 0 || cases.length === 0 ? 1 : 0;
}

async function ready(ringfence, source) {
  await ringfence.init(source);
  await ringfence.initPages(pages());
  return ringfence;
}

main();
