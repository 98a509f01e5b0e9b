// node cases.cjs write python|java|go FOLDER
// node cases.cjs synth
//
// Every spec of the project as an app in each language: a stack for each, with a construct that says what the spec says, in the
// types of the CDK. `write` writes a program in a language, `synth` runs the same calls here.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { specs, readSpec, raising } = require("../cdk/props-of.cjs");
const { Go } = require("./go.cjs");
const { Java } = require("./java.cjs");
const { Python } = require("./python.cjs");
const { Recorder } = require("./recorder.cjs");
const { Types } = require("./types.cjs");

const PRINTERS = { go: Go, java: Java, python: Python };

/** Makes the stack of a spec. */
function build(cdk, ringfence, app, name, file) {
  const { name: _name, description: _description, env, tags: _tags, stack: _stack, consumers: _consumers, ...spec } = readSpec(file);
  const stack = new cdk.Stack(app, name, { env });
  new ringfence.PrivateFargateService(stack, "It", raising(cdk, ringfence)(stack, spec));
}

function write(language, folder) {
  const types = new Types();
  const printer = new PRINTERS[language](types);
  const functions = specs().map(({ name, file }) => {
    const recorder = new Recorder(types);
    const [cdk, ringfence] = ["aws-cdk-lib", "cdk-ringfence"].map((from) => recorder.package(from));
    build(cdk, ringfence, new cdk.App(), name, file);
    const called = `case_${name.replace(/\W/g, "_")}`;
    return { name: called, text: printer.case(called, recorder.calls) };
  });
  const [at, text] = printer.program(functions);
  fs.mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
  fs.writeFileSync(path.join(folder, at), text);
}

function synth() {
  const [cdk, ringfence] = [require("aws-cdk-lib"), require("cdk-ringfence")];
  const app = new cdk.App();
  for (const { name, file } of specs()) build(cdk, ringfence, app, name, file);
  app.synth();
}

const [command, language, folder] = process.argv.slice(2);
if (command === "write") write(language, folder);
else synth();
