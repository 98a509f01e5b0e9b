// Synthesizes apps inside a test and gives back what the validator said and what the CDK made of it.
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const cdk = require("aws-cdk-lib");
const { RingfenceValidator } = require("cdk-ringfence");

/** Whether the installed aws-cdk-lib has the newer interface for plugins. */
const IS_NEWER = cdk.Validations !== undefined;

/** Where the apps of this process write. */
const FOLDER = fs.mkdtempSync(path.join(os.tmpdir(), "ringfence-cdk-"));
process.on("exit", () => fs.rmSync(FOLDER, { recursive: true, force: true }));

const FLAGS = { "@aws-cdk/core:validationReportJson": true, "@aws-cdk/core:validationReportPrettyPrint": true };

let count = 0;

/**
 * Synthesizes the app that `build` fills. `attach` names what is judged, the app if it is left out.
 *
 * Gives back `reports`, what the validator answered; `failed`, whether synthesis ended as a failure; `printed`, all that
 * was printed; `json`, the report that the CDK wrote, if it wrote one; `folder`, the assembly; and `app`.
 */
function synth(build, { context = {}, attach = (app) => app, props } = {}) {
  count += 1;
  const folder = path.join(FOLDER, String(count));
  // AWS's own plugin takes seconds to start and has a report of its own.
  process.env.CDK_VALIDATION = "false";
  const app = new cdk.App({ outdir: folder, context: { ...FLAGS, ...context } });
  build(app);
  const validator = RingfenceValidator.attach(attach(app), props);
  const reports = [];
  const { validate } = validator;
  validator.validate = (asked) => {
    const report = validate.call(validator, asked);
    // The CDK changes what it is given.
    reports.push(structuredClone(report));
    return report;
  };
  const { failed, printed } = run(() => app.synth());
  const file = ["validation-report.json", "policy-validation-report.json"].map((name) => path.join(folder, name)).find(fs.existsSync);
  const json = file && JSON.parse(fs.readFileSync(file, "utf8"));
  return { reports, failed, printed, json, folder, app };
}

/** Runs `action` and gives back what it printed and whether the process would end as a failure. */
function run(action) {
  const { log, error } = console;
  const lines = [];
  console.log = console.error = (...words) => lines.push(words.join(" "));
  process.exitCode = undefined;
  try {
    action();
    return { failed: process.exitCode === 1, printed: lines.join("\n") };
  } catch (thrown) {
    lines.push(String(thrown.message));
    if (!/Validation failed/.test(thrown.message)) throw thrown;
    return { failed: true, printed: lines.join("\n") };
  } finally {
    Object.assign(console, { log, error });
    process.exitCode = undefined;
  }
}

/** The one report, flattened: a row for every rule and resource. */
function rows(result) {
  const [report] = result.reports;
  return report.violations.flatMap(({ ruleName, severity, description, fix, ruleMetadata, violatingResources }) =>
    violatingResources.map((resource) => ({
      rule: ruleName,
      severity,
      description,
      fix,
      metadata: ruleMetadata,
      resource: resource.resourceLogicalId,
      locations: resource.locations,
      template: path.relative(fs.realpathSync(result.folder), fs.realpathSync(resource.templatePath)),
    })));
}

module.exports = { IS_NEWER, synth, rows };
