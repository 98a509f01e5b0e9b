// node same-bytes.cjs PACKAGE SPEC=FOLDER…
//
// Whether the WebAssembly module makes of each spec the same files, byte for byte, as the command has put into the
// folder. Prints one difference a line, then what was compared; exits with 1 when something differs.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const [packageFile, ...pairs] = process.argv.slice(2);
const ringfence = require(path.resolve(packageFile));

let compared = 0;
let failed = false;
for (const pair of pairs) {
  const [spec, folder] = pair.split("=");
  const answer = JSON.parse(ringfence.synthJson(spec, fs.readFileSync(spec, "utf8")));
  const files = Object.entries(answer.files ?? {});
  if (files.length === 0) {
    failed = true;
    console.log(`${spec}: the module made nothing of it`);
  }
  for (const [name, text] of files) {
    compared += 1;
    const file = path.join(folder, name);
    if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text) {
      failed = true;
      console.log(`${spec}: ${name} differs from ${file}`);
    }
  }
}
console.log(`${compared} files of ${pairs.length} specs compared`);
process.exitCode = failed || compared === 0 ? 1 : 0;
