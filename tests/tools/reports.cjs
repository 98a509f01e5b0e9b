// node reports.cjs REPORT_SCHEMA SNAPSHOT FOLDER
//
// Judges reports of `ringfence check`: SARIF (`*.sarif`) by the official schema, which the package
// `@microsoft/jest-sarif` carries, and JSON (`*.json`) by our own. SNAPSHOT is the reviewed SARIF of a report that has
// everything. Prints one problem a line, then what was read; exits with 1 on problems.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const Ajv = require("ajv").default;
const Ajv2020 = require("ajv/dist/2020").default;

const [reportSchema, snapshot, folder] = process.argv.slice(2);
const options = { allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false };
const module_ = path.dirname(require.resolve("@microsoft/jest-sarif/package.json"));
// It is of draft 4, of which it uses nothing that later drafts read otherwise but its name.
const { $schema: _draft, id: _id, ...sarifSchema } = json(path.join(module_, "lib/schemas/sarif-2.1.0-rtm.5.json"));
const sarifIsValid = new Ajv(options).compile(sarifSchema);
const reportIsValid = new Ajv2020(options).compile(json(reportSchema));

function json(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

function* problems(name, value, validator) {
  if (!validator(value)) {
    for (const error of validator.errors) {
      yield `${name}: ${error.instancePath || "/"} ${error.message}`;
    }
  }
}

const found = [];
const counts = { sarif: 0, json: 0, results: 0, findings: 0, fixes: 0, suppressions: 0 };

function sarif(name, log) {
  found.push(...problems(name, log, sarifIsValid));
  counts.sarif += 1;
  for (const run of log.runs) {
    counts.results += run.results.length;
    for (const result of run.results) {
      counts.fixes += result.fixes?.length ?? 0;
      counts.suppressions += result.suppressions?.length ?? 0;
      if (run.tool.driver.rules[result.ruleIndex]?.id !== result.ruleId) {
        found.push(`${name}: ${result.ruleId} is not the rule at ${result.ruleIndex}`);
      }
    }
  }
}

sarif(snapshot, JSON.parse(fs.readFileSync(snapshot, "utf8").split(/^---$/m).slice(2).join("---").replace("[version]", "0.0.0")));
for (const file of fs.readdirSync(folder).sort()) {
  const report = json(path.join(folder, file));
  if (file.endsWith(".sarif")) {
    sarif(file, report);
  } else {
    found.push(...problems(file, report, reportIsValid));
    counts.json += 1;
    counts.findings += report.findings.length;
  }
}
for (const [what, count] of Object.entries(counts)) {
  if (count === 0) {
    found.push(`no ${what} were seen: nothing was judged`);
  }
}
for (const problem of found) {
  console.log(problem);
}
console.log(Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", "));
process.exitCode = found.length > 0 ? 1 : 0;
