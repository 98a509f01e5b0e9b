// The package as npm packs it and users install it.
"use strict";

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, it } = require("node:test");

const PACKAGE = path.join(__dirname, "..");
/** The `node_modules` with the programs that judge the package. */
const TOOLS = process.env.RINGFENCE_TOOLS ?? path.join(PACKAGE, "node_modules");
/** The most bytes that the tarball may have; what is taken off is taken off here too. */
const BUDGET = 2_000_000;
const SPEC = `name: payments
env: { account: "111122223333", region: eu-west-1 }
services: { api: { image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1, port: 8080 } }
`;

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "ringfence-package-")));
const app = path.join(folder, "app");
let tarball;

const run = (program, given, options = {}) =>
  execFileSync(program, given, { cwd: app, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
const tool = (name, given, options) => {
  try {
    return run(process.execPath, [path.join(TOOLS, ".bin", name), ...given], options);
  } catch (error) {
    throw new Error(`${name} ${given.join(" ")}:\n${error.stdout}${error.stderr}`);
  }
};
const node = (file, text) => {
  writeFileSync(path.join(app, file), text);
  return run(process.execPath, [file]).trim();
};

before(() => {
  mkdirSync(app);
  run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: PACKAGE });
  tarball = path.join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")));
  writeFileSync(path.join(app, "package.json"), '{ "private": true }');
  run("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the tarball", () => {
  it("keeps to its budget", () => {
    const { size } = statSync(tarball);
    assert.ok(size <= BUDGET, `${size} bytes, more than ${BUDGET}`);
  });

  it("brings no other package", () => {
    assert.deepEqual(readdirSync(path.join(app, "node_modules")).filter((name) => !name.startsWith(".")), ["ringfence"]);
  });

  it("has what package.json names, and no sources", () => {
    const listed = run("tar", ["--list", "--gzip", "--file", tarball]).split("\n").filter(Boolean).sort();
    assert.deepEqual(listed, [
      "LICENSE", "NOTICE", "README.md", "bin/command.js", "bin/ringfence.js", "dist/browser.mjs", "dist/command.wasm.br", "dist/inline-node.cjs",
      "dist/inline-node.mjs", "dist/inline.mjs", "dist/node.cjs", "dist/node.mjs", "dist/packed.js", "dist/pages.json", "dist/ringfence_bg.wasm", "package.json",
      "types/index.d.cts", "types/index.d.mts",
    ].map((name) => `package/${name}`));
  });

  it("satisfies publint", () => {
    assert.match(tool("publint", [tarball, "--strict"]), /All good/);
  });

  it("satisfies are-the-types-wrong", () => {
    // Two entries have no types: the module is no JavaScript, and neither is package.json. Old resolution without `exports`
    // finds the main entry alone.
    const told = tool("attw", [tarball, "--exclude-entrypoints", "ringfence_bg.wasm", "--profile", "node16", "--format", "ascii", "--no-color", "--no-emoji"]);
    assert.equal(told.match(/node16 \(from ESM\): OK \(ESM\)/g).length, 2);
  });
});

describe("a program", () => {
  const call = (name) => `console.log(${name}.check(${JSON.stringify(SPEC)}, { name: "spec.yaml" }).status);`;
  const status = "clean";

  for (const entry of ["ringfence", "ringfence/inline"]) {
    it(`requires ${entry}`, () => {
      assert.equal(node("a.cjs", `const ringfence = require("${entry}"); ${call("ringfence")}`), status);
    });
    it(`imports ${entry}`, () => {
      assert.equal(node("a.mjs", `import * as ringfence from "${entry}"; ${call("ringfence")}`), status);
    });
  }

  it("finds the module by its subpath", () => {
    const text = `const { readFileSync } = require("node:fs");
      console.log(WebAssembly.validate(readFileSync(require.resolve("ringfence/ringfence_bg.wasm"))));`;
    assert.equal(node("module.cjs", text), "true");
  });

  it("can be bundled for Node.js, with the module inside", () => {
    writeFileSync(path.join(app, "bundled.ts"), `import { check } from "ringfence/inline"; const ringfence = { check }; ${call("ringfence")}`);
    tool("esbuild", ["bundled.ts", "--bundle", "--platform=node", "--outfile=out/bundled.cjs", "--log-level=warning"]);
    assert.equal(run(process.execPath, ["out/bundled.cjs"]).trim(), status);
  });

  it("can be bundled for browsers, with the module beside", async () => {
    const text = `import * as ringfence from "ringfence"; import address from "ringfence/ringfence_bg.wasm";
      export const start = () => ringfence.init(address); export const { check } = ringfence;`;
    writeFileSync(path.join(app, "web.js"), text);
    tool("esbuild", ["web.js", "--bundle", "--format=esm", "--platform=browser", "--loader:.wasm=dataurl", "--outfile=out/web.mjs", "--log-level=warning"]);
    const bundled = await import(path.join(app, "out/web.mjs"));
    await bundled.start();
    assert.equal(bundled.check(SPEC).status, status);
  });

  it("can be bundled for browsers, with the module inside", async () => {
    writeFileSync(path.join(app, "inline.js"), 'export { check, init } from "ringfence/inline";');
    tool("esbuild", ["inline.js", "--bundle", "--format=esm", "--platform=browser", "--outfile=out/inline.mjs", "--log-level=warning"]);
    const bundled = await import(path.join(app, "out/inline.mjs"));
    await bundled.init();
    assert.equal(bundled.check(SPEC).status, status);
  });
});

describe("TypeScript", () => {
  const modes = [
    ["consumer.mts", ["--module", "node16"]],
    ["consumer.cts", ["--module", "node16"]],
    ["consumer.mts", ["--module", "nodenext"]],
    ["consumer.ts", ["--module", "esnext", "--moduleResolution", "bundler"]],
    ["consumer.ts", ["--module", "esnext", "--moduleResolution", "bundler", "--customConditions", "browser"]],
  ];
  for (const [file, options] of modes) {
    it(`understands ${file} with ${options.join(" ")}`, () => {
      copyFileSync(path.join(__dirname, "consumer/consumer.txt"), path.join(app, file));
      const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--lib", "es2022,dom", "--types", "node", "--typeRoots", path.join(TOOLS, "@types")];
      tool("tsc", [...strict, ...options, file]);
    });
  }

  it("finds the main entry in the old way too", () => {
    writeFileSync(path.join(app, "old.ts"), "import { version } from 'ringfence';\nexport const text: string = version();\n");
    tool("tsc", ["--noEmit", "--strict", "--module", "commonjs", "--moduleResolution", "node10", "--target", "es2020", "--lib", "es2020,dom", "--types", "node", "--typeRoots", path.join(TOOLS, "@types"), "old.ts"]);
  });
});

describe("the command", () => {
  it("runs from where npm puts it", () => {
    writeFileSync(path.join(app, "spec.yaml"), SPEC);
    assert.match(run("npx", ["--offline", "ringfence", "--version"]), /^ringfence \d+\.\d+\.\d+\n$/);
    assert.equal(JSON.parse(run("npx", ["--offline", "ringfence", "check", "spec.yaml", "--format", "json"])).status, "clean");
  });
});

describe("the README", () => {
  const text = readFileSync(path.join(PACKAGE, "README.md"), "utf8");
  const blocks = (language) => [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(([, code]) => code);

  it("shows JavaScript that runs", () => {
    writeFileSync(path.join(app, "spec.yaml"), SPEC);
    const shown = [...blocks("js"), ...blocks("ts")];
    assert.ok(shown.length >= 3);
    for (const [at, code] of shown.entries()) {
      const browser = code.includes("// in a browser");
      if (browser) {
        writeFileSync(path.join(app, `readme-${at}.mjs`), code);
        tool("esbuild", [`readme-${at}.mjs`, "--bundle", "--format=esm", "--platform=browser", "--loader:.wasm=dataurl", `--outfile=out/readme-${at}.mjs`, "--log-level=error"]);
        run(process.execPath, [`out/readme-${at}.mjs`]);
      } else {
        node(`readme-${at}.mjs`, code);
      }
    }
  });

  it("shows commands that run", () => {
    const shown = blocks("sh").flatMap((block) => block.split("\n")).filter((line) => line.startsWith("npx ringfence"));
    assert.ok(shown.length >= 2);
    const target = path.join(folder, "commands");
    mkdirSync(target);
    for (const line of shown) {
      const command = line.replace(/\s+#.*$/, "").replace("npx ringfence", `${process.execPath} ${path.join(app, "node_modules/ringfence/bin/ringfence.js")}`);
      run("sh", ["-c", command], { cwd: target });
    }
  });
});
