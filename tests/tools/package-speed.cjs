// node package-speed.cjs WHAT …
//
// Prints, as JSON, the seconds that something takes in this process:
//   cdk                     `require('aws-cdk-lib')`, and that with a stack and the modules that a service like ours uses
//   package PACKAGE SPEC    `require` of the package with the first synth and check of the spec, and the same later
//   templates PACKAGE FILE… judging each template once, when all is warm, at best
"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");

/** For how long the same is done again and again, in milliseconds. */
const PATIENCE = 3000;
const [what, ...given] = process.argv.slice(2);

function seconds(action) {
  const started = performance.now();
  action();
  return (performance.now() - started) / 1000;
}

/** What `action` takes each time, for as long as patience lasts. */
function again(action) {
  const taken = [];
  for (const until = performance.now() + PATIENCE; performance.now() < until; ) {
    taken.push(seconds(action));
  }
  return taken.sort((left, right) => left - right);
}

function measurePackage(folder, specFile) {
  const spec = readFileSync(specFile, "utf8");
  const file = path.resolve(folder, "dist/node.cjs");
  const use = () => {
    const ringfence = require(file);
    ringfence.synthJson(specFile, spec);
    ringfence.checkJson(specFile, spec);
  };
  const first = seconds(use);
  const later = again(use);
  return { seconds: first, later: later[Math.floor(later.length / 2)] };
}

function measureTemplates(folder, files) {
  const { checkJson } = require(path.resolve(folder, "dist/node.cjs"));
  const texts = files.map((file) => [file, readFileSync(file, "utf8")]);
  return { seconds: again(() => texts.forEach(([name, text]) => checkJson(name, text)))[0] };
}

/** aws-cdk-lib loads most of itself when it is used. */
function measureCdk() {
  const first = seconds(() => require("aws-cdk-lib"));
  const used = seconds(() => {
    const { App, Stack, aws_ec2, aws_ecs, aws_elasticloadbalancingv2 } = require("aws-cdk-lib");
    new Stack(new App(), "Stack");
    return [aws_ec2.Vpc, aws_ecs.FargateService, aws_elasticloadbalancingv2.NetworkLoadBalancer];
  });
  return { seconds: first, later: first + used };
}

const measures = {
  cdk: measureCdk,
  package: measurePackage,
  templates: (folder, ...files) => measureTemplates(folder, files),
};
console.log(JSON.stringify(measures[what](...given)));
