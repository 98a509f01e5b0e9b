// node app.cjs FOLDER
//
// The pattern of examples/specs/reference.yaml as somebody who knows the CDK would write it with the L2s of aws-cdk-lib:
// the rival in docs/benchmarks.md. The cloud assembly goes to FOLDER.
"use strict";

const { App, Tags } = require("aws-cdk-lib");

const { ConsumerStack } = require("./consumer.cjs");
const { ProviderStack } = require("./provider.cjs");

const app = new App({ outdir: process.argv[2] });
const provider = new ProviderStack(app, "Payments", {
  env: { account: "111122223333", region: "eu-west-1" },
  consumers: ["222233334444", "333344445555"],
});
const consumer = new ConsumerStack(app, "PaymentsConsumerOrders", {
  env: { account: "222233334444", region: "eu-west-1" },
});
Tags.of(provider).add("service", "payments");
Tags.of(consumer).add("service", "payments");
app.synth();
