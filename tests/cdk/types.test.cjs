// The examples in TypeScript keep to the types of the library and of aws-cdk-lib: running them only strips types away.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const typescript = require("typescript");

const MODULES = path.join(path.dirname(require.resolve("aws-cdk-lib/package.json")), "..");
const EXAMPLES = path.join(__dirname, "../../examples/cdk");

/** What a compiler that is as strict as it can be has to say of each of the files. */
function complaints(files) {
  const program = typescript.createProgram(files, {
    module: typescript.ModuleKind.CommonJS,
    moduleResolution: typescript.ModuleResolutionKind.Node10,
    target: typescript.ScriptTarget.ES2022,
    noEmit: true,
    noUnusedLocals: true,
    // What comes with the packages was checked by those who made it.
    skipLibCheck: true,
    strict: true,
    baseUrl: MODULES,
    paths: { "*": ["*"] },
    typeRoots: [path.join(MODULES, "@types")],
  });
  return files.map((name) => typescript.getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, "\n")));
}

test("the examples in TypeScript have no mistakes in types, and a mistake would be told", () => {
  const files = fs.readdirSync(EXAMPLES, { recursive: true }).filter((name) => name.endsWith(".ts")).map((name) => path.join(EXAMPLES, name));
  assert.ok(files.length >= 4, files.join(", "));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ringfence-types-"));
  const wrong = path.join(folder, "app.ts");
  fs.writeFileSync(wrong, fs.readFileSync(path.join(EXAMPLES, "typescript/app.ts"), "utf8").replace("port: 8080", "port: '8080'"));
  const told = complaints([...files, wrong]);
  fs.rmSync(folder, { recursive: true });
  const [mistake] = told.pop();
  assert.match(mistake, /'string' is not assignable to type 'number'/);
  assert.deepEqual(told.flat(), []);
});
