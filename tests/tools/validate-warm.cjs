// node validate-warm.cjs SECONDS TEMPLATE...
//
// How long `@aws/cloudformation-validate` takes for these templates, one by one, when everything is warm: prints the
// shortest time of many as { "seconds", "runs", "findings" }. At least two rounds are made, the first of which does not
// count.
"use strict";

const path = require("node:path");

const library = path.dirname(require.resolve("aws-cdk-lib/package.json"));
const validate = require(require.resolve("@aws/cloudformation-validate", { paths: [library] }));

const [budget, ...templates] = process.argv.slice(2);
const engine = new validate.CompositeEngine();

function round() {
  let findings = 0;
  for (const template of templates) {
    findings += engine.validateTemplate(new validate.TemplateFile(template), { severityLevel: "WARN" }).diagnostics.length;
  }
  return findings;
}

try {
  const start = process.hrtime.bigint();
  let findings = round();
  let fastest = Infinity;
  let runs = 0;
  while (runs < 1 || Number(process.hrtime.bigint() - start) / 1e9 < Number(budget)) {
    const began = process.hrtime.bigint();
    findings = round();
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - began) / 1e9);
    runs += 1;
  }
  process.stdout.write(JSON.stringify({ seconds: fastest, runs, findings }) + "\n");
} finally {
  engine.free();
}
