// node browser.cjs CASES.json PACKAGE CHROMIUM
//
// Whether the package answers every case in a browser as the native library does.
"use strict";

const path = require("node:path");

const { visit } = require("./chromium.cjs");

const [casesFile, folder, chromium] = process.argv.slice(2);

/** The file that an address stands for. */
function fileOf(address) {
  if (address === "/cases.json") {
    return path.resolve(casesFile);
  }
  return address.startsWith("/package/dist/")
    ? path.resolve(folder, "dist", path.basename(address))
    : path.join(__dirname, path.basename(address));
}

function report(result) {
  if (result.error) {
    console.log(result.error);
    return 1;
  }
  const lines = Object.entries(result.told).flatMap(([place, told]) => told.map((line) => `${place}: ${line}`));
  lines.forEach((line) => console.log(line));
  console.log(`${result.cases} cases in ${Object.keys(result.told).length} places of a browser`);
  return lines.length > 0 || result.cases === 0 ? 1 : 0;
}

visit(chromium, "page.html", fileOf).then((result) => {
  process.exitCode = report(result);
});
