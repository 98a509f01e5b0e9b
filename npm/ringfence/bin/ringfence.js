#!/usr/bin/env node
// The command: the same program as the native one, compiled for WASI.
"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");
const { source, unpack } = require("./command.js");

/** `node:wasi` is called experimental, which nobody who runs this command needs to be told. */
function requireWasi() {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return require("node:wasi").WASI;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The folder in which the command was called, as the program inside names it: from the root, with slashes. */
function folder(root) {
  return `/${path.relative(root, process.cwd()).split(path.sep).join("/")}`;
}

function run() {
  const WASI = requireWasi();
  const { root } = path.parse(process.cwd());
  const wasi = new WASI({
    version: "preview1",
    args: ["ringfence", ...process.argv.slice(2)],
    env: { ...process.env, RINGFENCE_FOLDER: folder(root) },
    preopens: { "/": root },
    returnOnExit: true,
  });
  const [file, module, pages] = ["command.wasm.br", "ringfence_bg.wasm", "pages.json"].map((name) =>
    readFileSync(path.join(__dirname, "../dist", name)),
  );
  const bytes = unpack(file, source(module, pages));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), wasi.getImportObject());
  return wasi.start(instance);
}

try {
  process.exitCode = run();
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) {
    throw error;
  }
  console.error(`internal error in Ringfence, please report it with the input: ${error.message}`);
  // What the native program ends with then.
  process.exitCode = 101;
}
