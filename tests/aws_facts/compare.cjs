// node compare.cjs
//
// Compares the tables of `ringfence::aws` with aws-cdk-lib: the keys of endpoint services, the Regions in which their
// names have a prefix of their own, TLS and ALPN policies, and which Regions must be enabled first. The tables are read
// from the snapshot of the test `aws` in `tests/it`. Prints one difference a line, then what was compared; exits with 1
// when something differs.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { InterfaceVpcEndpointAwsService } = require("aws-cdk-lib/aws-ec2");
const { AlpnPolicy, SslPolicy } = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const { RegionInfo } = require("aws-cdk-lib/region-info");

const SNAPSHOT = path.join(__dirname, "../it/snapshots/it__aws__facts.snap");

// What aws-cdk-lib 2.276.0 does not have, and the documentation of AWS does: an endpoint service, second services with
// FIPS cryptography, and a policy.
const NO_SERVICE = ["scheduler"];
const NO_FIPS = [
  "appconfig",
  "appconfigdata",
  "cloudformation",
  "comprehend",
  "ec2",
  "events",
  "logs",
  "polly",
  "rds",
  "secretsmanager",
  "transcribe",
  "verifiedpermissions",
];
const NO_POLICY = ["ELBSecurityPolicy-2015-05"];

// Regions that aws-cdk-lib does not know, so that it says nothing of how they are enabled.
const NO_REGION = ["sa-west-1"];

const differences = [];
const counts = {};

function equal(subject, what, ours, theirs) {
  counts[subject] = (counts[subject] ?? 0) + 1;
  const [left, right] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (left !== right) {
    differences.push(`${subject}: ${what}: ours ${left}, theirs ${right}`);
  }
}

function tables() {
  const text = fs.readFileSync(SNAPSHOT, "utf8");
  return JSON.parse(text.split("---\n").slice(2).join("---\n"));
}

function compareServices(ours) {
  const services = Object.values(InterfaceVpcEndpointAwsService).filter(
    (service) => service instanceof InterfaceVpcEndpointAwsService,
  );
  const byKey = new Map(services.map((service) => [service.shortName, service]));
  const prefix = InterfaceVpcEndpointAwsService.prototype.getDefaultEndpointPrefix;
  for (const row of ours.endpoint_services.filter((row) => !NO_SERVICE.includes(row.key))) {
    equal("endpoint services", row.key, true, byKey.has(row.key));
    equal("ports", row.key, row.port, byKey.get(row.key)?.port);
    equal("services with FIPS", row.key, row.fips, byKey.has(`${row.key}-fips`) || NO_FIPS.includes(row.key));
    for (const region of ours.regions) {
      const ourPrefix = row.own_prefixes[region.name] ?? "com.amazonaws";
      equal("prefixes", `${row.key} in ${region.name}`, ourPrefix, prefix(row.key, region.name));
    }
  }
}

function comparePolicies(ours) {
  const words = Object.fromEntries(ours.words.map((row) => [row.name, row.words]));
  const policies = words.tls_policies.filter((policy) => !NO_POLICY.includes(policy));
  equal("lists of policies", "TLS", policies, Object.values(SslPolicy).sort());
  equal("lists of policies", "ALPN", words.alpn_policies, Object.values(AlpnPolicy).sort());
}

function compareRegions(ours) {
  for (const row of ours.regions.filter((row) => !NO_REGION.includes(row.name))) {
    equal("Regions", row.name, row.opt_in, RegionInfo.get(row.name).isOptInRegion);
  }
}

const ours = tables();
compareServices(ours);
comparePolicies(ours);
compareRegions(ours);
for (const difference of differences) {
  console.log(difference);
}
console.log(`${Object.entries(counts).map(([subject, count]) => `${count} ${subject}`).join(", ")} compared`);
process.exitCode = differences.length === 0 ? 0 : 1;
