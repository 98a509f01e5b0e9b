// What happens to instances of the module: when they fail, when they are called often, when there are several.
"use strict";

const assert = require("node:assert/strict");
const { cpSync, mkdtempSync, rmSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, describe, it } = require("node:test");
const { pathToFileURL } = require("node:url");
const { Worker } = require("node:worker_threads");

const DIST = path.join(__dirname, "../dist");
/** A package with a call that panics, which `cargo xtask test --only npm` makes. */
const FAILING = process.env.RINGFENCE_FAILING;
const TEMPLATE = "Resources: { Topic: { Type: AWS::SNS::Topic } }";

const folder = mkdtempSync(path.join(os.tmpdir(), "ringfence-instances-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the package that shares nothing with others. */
function copy(name) {
  const target = path.join(folder, name);
  cpSync(DIST, target, { recursive: true });
  return require(path.join(target, "node.cjs"));
}

describe("a panic", { skip: FAILING === undefined && "it needs a module that can be made to panic" }, () => {
  it("is an internal error, and the next call runs on a fresh instance", () => {
    const { call, InternalError, check, isFresh } = require(path.resolve(FAILING, "failing.cjs"));
    const before = check(TEMPLATE);
    for (let time = 0; time < 3; time += 1) {
      assert.throws(() => call("fail", []), (error) => {
        assert.ok(error instanceof InternalError && error instanceof Error);
        assert.equal(error.name, "InternalError");
        assert.match(error.message, /^internal error in Ringfence, please report it with the input: unreachable/);
        assert.equal(error.cause.name, "RuntimeError");
        return true;
      });
      assert.equal(isFresh(), true, "the failed instance is dropped");
      assert.deepEqual(check(TEMPLATE), before);
      assert.equal(isFresh(), false);
    }
  });
});

describe("instances", () => {
  it("do not grow over ten thousand calls", () => {
    const { Instance } = WebAssembly;
    let memory;
    WebAssembly.Instance = class extends Instance {
      constructor(...given) {
        super(...given);
        memory = this.exports.memory;
      }
    };
    try {
      const { checkJson, check } = copy("growth");
      const size = () => memory.buffer.byteLength;
      for (let time = 0; time < 100; time += 1) {
        checkJson("a.yaml", TEMPLATE);
        check({ Resources: {} });
      }
      const early = size();
      for (let time = 0; time < 10_000; time += 1) {
        checkJson("a.yaml", TEMPLATE);
        if (time % 10 === 0) {
          check({ Resources: {} });
        }
      }
      assert.equal(size(), early);
    } finally {
      WebAssembly.Instance = Instance;
    }
  });

  it("of two copies of the package do not know each other", () => {
    const [first, second] = [copy("first"), copy("second")];
    assert.notEqual(first.check, second.check);
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual(first.check(TEMPLATE), second.check(TEMPLATE));
    }
    assert.throws(() => first.check({ a: () => 1 }), /JSON cannot carry/);
    assert.equal(second.check("name: [").status, "unusable");
    assert.notEqual(first.InternalError, second.InternalError);
  });

  it("are shared by `require` and `import`", async () => {
    const required = require(path.join(DIST, "node.cjs"));
    const imported = await import(pathToFileURL(path.join(DIST, "node.mjs")).href);
    assert.equal(imported.check, required.check);
    assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort());
  });

  it("run in worker threads", async () => {
    const program = `const { parentPort } = require("node:worker_threads");
      parentPort.postMessage(require(${JSON.stringify(path.join(DIST, "node.cjs"))}).check(${JSON.stringify(TEMPLATE)}).status)`;
    const worker = new Worker(program, { eval: true });
    const status = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    assert.equal(status, require(path.join(DIST, "node.cjs")).check(TEMPLATE).status);
  });
});

describe("a host that must load the module", () => {
  it("is told so when it has not", async () => {
    const browser = await import(`${pathToFileURL(path.join(DIST, "browser.mjs")).href}?early`);
    assert.throws(() => browser.check(TEMPLATE), /not ready: call `await init\(\)` before the first call/);
  });

  it("is told what the server answers", async () => {
    const browser = await import(`${pathToFileURL(path.join(DIST, "browser.mjs")).href}?refused`);
    const refused = new Response("", { status: 404 });
    await assert.rejects(browser.init(refused), /cannot be loaded: .*answers 404/);
  });

  it("takes the module from bytes, a response of any type, or a module", async () => {
    const { readFileSync } = require("node:fs");
    const bytes = readFileSync(path.join(DIST, "ringfence_bg.wasm"));
    const sources = [
      bytes,
      new WebAssembly.Module(bytes),
      new Response(bytes, { headers: { "content-type": "application/wasm" } }),
      Promise.resolve(new Response(bytes)),
    ];
    for (const [at, source] of sources.entries()) {
      const browser = await import(`${pathToFileURL(path.join(DIST, "browser.mjs")).href}?${at}`);
      await browser.init(source);
      assert.equal(browser.version(), require("../package.json").version);
    }
    const sync = await import(`${pathToFileURL(path.join(DIST, "browser.mjs")).href}?sync`);
    sync.initSync(bytes);
    assert.equal(sync.version(), require("../package.json").version);
  });
});
