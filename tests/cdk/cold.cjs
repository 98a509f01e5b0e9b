// node cold.cjs FOLDER ringfence|aws
//
// How long a validation plugin takes for the cloud assembly in FOLDER the first time in a process, from making it to its
// answer: prints { "seconds", "violations" }. Both libraries are loaded before, and a stack was made, as in any app; the
// WebAssembly of either plugin is not, since neither loads it before it is needed.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const cdk = require("aws-cdk-lib");
const { RingfenceValidator } = require("cdk-ringfence");

const [folder, whose] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));
const stackTemplates = Object.entries(manifest.artifacts)
  .filter(([, artifact]) => artifact.type === "aws:cloudformation:stack")
  .map(([id, artifact]) => {
    const [, accountId, region] = /^aws:\/\/(\d+)\/(.+)$/.exec(artifact.environment) ?? [];
    return { stackConstructPath: id, templatePath: path.resolve(folder, artifact.properties.templateFile), accountId, region };
  });
const app = new cdk.App({ outdir: fs.mkdtempSync(path.join(require("node:os").tmpdir(), "ringfence-cold-")) });
new cdk.Stack(app, "Stack");
const context = {
  templatePaths: stackTemplates.map(({ templatePath }) => templatePath),
  stackTemplates,
  appConstruct: app,
};

const Plugin = whose === "aws" ? cdk.CloudFormationValidatePlugin : RingfenceValidator;
const start = process.hrtime.bigint();
const { violations } = new Plugin().validate(context);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
process.stdout.write(`${JSON.stringify({ seconds, violations: violations.length })}\n`);
fs.rmSync(app.outdir, { recursive: true });
