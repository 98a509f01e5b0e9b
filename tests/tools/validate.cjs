// node validate.cjs REQUESTS.json
//
// Judges CloudFormation templates by `@aws/cloudformation-validate`, which aws-cdk-lib brings along. The requests are
// [{ "template": PATH, "region": REGION, "account": ACCOUNT }]; the answer on standard output is
// [{ "template", "rule", "severity", "where", "message" }], and "incomplete" is a finding as well.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const library = path.dirname(require.resolve("aws-cdk-lib/package.json"));
const validate = require(require.resolve("@aws/cloudformation-validate", { paths: [library] }));

function where(diagnostic) {
  return [diagnostic.entity?.logicalId, diagnostic.propertyPath].filter(Boolean).join(" ");
}

function judge(engine, request) {
  const report = engine.validateTemplate(new validate.TemplateFile(request.template), {
    severityLevel: "INFO",
    pseudoParameterOverrides: { region: request.region, accountId: request.account },
  });
  const findings = report.diagnostics.map((diagnostic) => ({
    template: request.template,
    rule: diagnostic.ruleId,
    severity: diagnostic.severity,
    where: where(diagnostic),
    message: diagnostic.message,
  }));
  if (report.status !== "OK") {
    findings.push({ template: request.template, rule: report.status, severity: "ERROR", where: "", message: "the analysis did not finish" });
  }
  return findings;
}

const requests = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const engine = new validate.CompositeEngine();
try {
  process.stdout.write(JSON.stringify(requests.flatMap((request) => judge(engine, request)), null, 1) + "\n");
} finally {
  engine.free();
}
