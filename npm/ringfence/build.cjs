// node build.cjs
// node build.cjs --command PROGRAM
// node build.cjs --failing FOLDER
//
// Bundles the JavaScript of the package around the module, which `cargo xtask npm` has put into `dist`, for each host. Or
// packs the program that is the command. Or else bundles what the tests of failures need around the glue that is in a folder.
"use strict";

const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const esbuild = require("esbuild");
const { brotliCompressSync, constants } = require("node:zlib");
const { NUMBER, source, unpack } = require("./bin/command.js");

const here = (...names) => path.join(__dirname, ...names);
/** A part of what packs and unpacks the module; its own entry holds all parts, of which unpacking needs a fifth. */
const lzma = (name) => path.join(path.dirname(require.resolve("lzma1")), name);
const banner = { js: "// Part of ringfence, under the Apache License 2.0." };

/** The calls that modules of both kinds have, by the one list of them. */
function exported() {
  const lists = readFileSync(here("src/api.mjs"), "utf8").matchAll(/\{([^}]*)\}/g);
  const list = Array.from(lists, ([, names]) => names).join(",");
  return ["init", "initPages", ...list.split(",").map((name) => name.trim()).filter(Boolean)].sort();
}

function bundle(from, into, format) {
  esbuild.buildSync({
    entryPoints: [here("src", from)],
    outfile: here("dist", into),
    bundle: true,
    external: ["../dist/packed.js"],
    alias: { "lzma1/decoder": lzma("decoder.js"), "lzma1/streams": lzma("streams.js") },
    format,
    platform: format === "cjs" ? "node" : "neutral",
    target: format === "cjs" ? "node20" : "es2022",
    charset: "utf8",
    // Names stay, for who reads a stack trace.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner,
    logLevel: "warning",
  });
}

/** A module that hands on what its CommonJS twin has, so that `import` and `require` share one instance. */
function twin(of) {
  const text = `${banner.js}\nexport { ${exported().join(", ")} } from './${of}.cjs';\n`;
  writeFileSync(here("dist", `${of}.mjs`), text);
}

/** The module as LZMA packs it: a sixth less than what gzip makes of it, which is what the package has room for. */
async function packedModule() {
  const { compress } = await import(pathToFileURL(lzma("index.js")));
  return Buffer.from(compress(readFileSync(here("dist/ringfence_bg.wasm")), 9)).toString("base64");
}

async function bundlePackage() {
  const packed = await packedModule();
  writeFileSync(here("dist/packed.js"), `globalThis[Symbol.for('ringfence.packed')] = '${packed}';\n`);
  bundle("node.mjs", "node.cjs", "cjs");
  bundle("inline-node.mjs", "inline-node.cjs", "cjs");
  bundle("browser.mjs", "browser.mjs", "esm");
  bundle("inline.mjs", "inline.mjs", "esm");
  twin("node");
  twin("inline-node");
}

/** Writes the command as what it is not told by the files beside it, and makes sure that nothing is lost. */
async function packCommand(from) {
  const { createDelta } = await import(pathToFileURL(require.resolve("fossil-delta")));
  const program = readFileSync(from);
  const known = source(...["ringfence_bg.wasm", "pages.json"].map((name) => readFileSync(here("dist", name))));
  const length = Buffer.alloc(NUMBER);
  length.writeUInt32LE(known.length);
  const bytes = Buffer.concat([length, Buffer.from(createDelta(known, program))]);
  const packed = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  if (!unpack(packed, known).equals(program)) {
    throw new Error("what was packed is not what comes out");
  }
  writeFileSync(here("dist/command.wasm.br"), packed);
}

async function bundleFailing(folder) {
  const ownGlue = {
    name: "glue",
    setup: (build) => build.onResolve({ filter: /glue\.mjs$/ }, () => ({ path: path.resolve(folder, "glue.mjs") })),
  };
  const options = { bundle: true, format: "cjs", platform: "node", target: "node20", logLevel: "warning" };
  const outfile = path.join(folder, "failing.cjs");
  await esbuild.build({ ...options, entryPoints: [here("test/failing.mjs")], outfile, plugins: [ownGlue] });
}

const [subject, given] = process.argv.slice(2);
if (subject === "--failing") {
  bundleFailing(given);
} else if (subject === "--command") {
  packCommand(given);
} else {
  bundlePackage();
}
