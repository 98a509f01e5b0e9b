// node browser.cjs CASES.json PACKAGE CHROMIUM
//
// Whether the package answers every case in a browser as the native library does. Serves the page on the loopback interface,
// opens it in a browser without a window, and waits for what the page sends.
"use strict";

const { spawn } = require("node:child_process");
const { mkdtempSync, readFileSync, rm } = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

const [casesFile, folder, chromium] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
/** How long the browser may take, in milliseconds. */
const PATIENCE = 300_000;

/** The file that an address stands for. */
function fileOf(address) {
  if (address === "/cases.json") {
    return path.resolve(casesFile);
  }
  return address.startsWith("/package/dist/")
    ? path.resolve(folder, "dist", path.basename(address))
    : path.join(__dirname, path.basename(address));
}

function serve(request, response, onResult) {
  const address = new URL(request.url, "http://localhost").pathname;
  if (request.method === "POST" && address === "/result") {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      response.end();
      onResult(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    });
    return;
  }
  try {
    const file = fileOf(address);
    const body = readFileSync(file);
    response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function open(port, profile) {
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", `--user-data-dir=${profile}`];
  return spawn(chromium, [...options, `http://127.0.0.1:${port}/page.html`], { stdio: ["ignore", "inherit", "inherit"] });
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

const profile = mkdtempSync(path.join(os.tmpdir(), "ringfence-browser-"));
let browser;
const finish = (result) => {
  clearTimeout(timer);
  process.exitCode = report(result);
  server.close();
  server.closeAllConnections();
  browser.removeAllListeners("exit");
  // Its other processes write for a moment longer.
  const patience = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
  browser.once("exit", () => rm(profile, patience, () => {}));
  browser.kill();
};
const server = http.createServer((request, response) => serve(request, response, finish));
const timer = setTimeout(() => finish({ error: "the page has sent nothing in time" }), PATIENCE);
server.listen(0, "127.0.0.1", () => {
  browser = open(server.address().port, profile);
  browser.once("exit", (code) => finish({ error: `the browser has ended by itself, with ${code}` }));
});
