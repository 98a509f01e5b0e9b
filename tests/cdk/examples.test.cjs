// The apps in examples/cdk print what their README says.
"use strict";

const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const FLAG = "@aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault";
const EXAMPLE = path.join(__dirname, "../../examples/cdk/stock-pattern");

/** What the app prints with the flag, and how it ends. */
function run(flag) {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), "ringfence-example-"));
  const app = spawnSync(process.execPath, [path.join(__dirname, "run-example.cjs"), path.join(EXAMPLE, "app.ts")], {
    encoding: "utf8",
    env: {
      ...process.env,
      CDK_CONTEXT_JSON: JSON.stringify({ [FLAG]: flag }),
      CDK_OUTDIR: out,
      // AWS's own plugin takes seconds to start and has a report of its own.
      CDK_VALIDATION: "false",
      FORCE_COLOR: "0",
    },
  });
  fs.rmSync(out, { recursive: true });
  return { status: app.status, printed: app.stderr.split("\n").map((line) => line.trimEnd()) };
}

/** The lines of the block in the README that follows the comment about the flag. */
function block(flag) {
  const readme = fs.readFileSync(path.join(EXAMPLE, "README.md"), "utf8");
  const [, rest] = readme.split(`<!-- flag: ${flag} -->\n\`\`\`\n`);
  return rest.split("\n```")[0].split("\n");
}

test("the README of the package shows what is printed", () => {
  const readme = fs.readFileSync(path.join(__dirname, "../../npm/cdk-ringfence/README.md"), "utf8");
  const shown = readme.split("<!-- the stock pattern prints -->\n```\n")[1].split("\n```")[0].split("\n");
  const { printed } = run(true);
  assert.ok(shown.length >= 6);
  assert.deepEqual(shown.filter((line) => !printed.includes(line)), []);
});

for (const flag of [true, false]) {
  test(`the stock pattern prints its errors, with the flag ${flag}`, () => {
    const { status, printed } = run(flag);
    assert.equal(status, 1);
    const isError = (line) => line.startsWith("ERROR ");
    assert.deepEqual(printed.filter(isError), block(flag).filter(isError));
    let at = 0;
    for (const line of block(flag)) {
      at = printed.indexOf(line, at) + 1;
      assert.notEqual(at, 0, `not printed, or not there: ${line}`);
    }
    const about = printed.filter((_, index) => isError(printed[index - 1] ?? ""));
    assert.deepEqual(about.filter((line) => !line.startsWith("   Stock/")), [], "errors about something else");
  });
}
