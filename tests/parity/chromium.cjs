// Opens a page in a browser without a window, and waits for what the page sends.
"use strict";

const { spawn } = require("node:child_process");
const { mkdtempSync, readFileSync, rm } = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
/** How long the browser may take, in milliseconds. */
const PATIENCE = 300_000;

function serve(request, response, fileOf, onResult) {
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

function open(chromium, address, profile) {
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", `--user-data-dir=${profile}`];
  return spawn(chromium, [...options, address], { stdio: ["ignore", "inherit", "inherit"] });
}

/**
 * What a page sends to `/result`, as JSON; `{ error }` when it sends nothing. Everything is served on the loopback interface:
 * `fileOf` says which file an address stands for.
 */
function visit(chromium, page, fileOf) {
  return new Promise((resolve) => {
    const profile = mkdtempSync(path.join(os.tmpdir(), "ringfence-browser-"));
    let browser;
    const finish = (result) => {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
      browser.removeAllListeners("exit");
      // Its other processes write for a moment longer.
      const patience = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
      browser.once("exit", () => rm(profile, patience, () => resolve(result)));
      browser.kill();
    };
    const server = http.createServer((request, response) => serve(request, response, fileOf, finish));
    const timer = setTimeout(() => finish({ error: "the page has sent nothing in time" }), PATIENCE);
    server.listen(0, "127.0.0.1", () => {
      browser = open(chromium, `http://127.0.0.1:${server.address().port}/${page}`, profile);
      browser.once("exit", (code) => {
        clearTimeout(timer);
        server.close();
        resolve({ error: `the browser has ended by itself, with ${code}` });
      });
    });
  });
}

module.exports = { visit };
