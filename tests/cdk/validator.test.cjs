// RingfenceValidator inside the installed aws-cdk-lib: what it judges, what it says, and what users acknowledge.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const elb = require("aws-cdk-lib/aws-elasticloadbalancingv2");
const logs = require("aws-cdk-lib/aws-logs");
const { RingfenceValidator } = require("cdk-ringfence");

require("./typescript.cjs");
const { StockPattern } = require("../../examples/cdk/stock-pattern/stock-pattern.ts");
const { IS_NEWER, rows, synth } = require("./synth.cjs");

/** The flag with which the CDK gives a Network Load Balancer a security group when none is named. */
const FLAG = "@aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault";

const stockPattern = (app) => new StockPattern(app, "Stock", { env: { account: "111122223333", region: "eu-west-1" } });

/** The warning about a log group that keeps its events for ever. */
const KEPT_FOR_EVER = "RF1602";

/** A log group that keeps its events for ever, and nothing else to find. */
const log = (scope, id = "Log") => new logs.CfnLogGroup(scope, id);

/** A load balancer in two subnets of the same zone: an error. */
function sameZone(scope) {
  const network = new ec2.CfnVPC(scope, "Network", { cidrBlock: "10.0.0.0/16" });
  const subnets = [0, 1].map((index) => new ec2.CfnSubnet(scope, `Subnet${index}`, {
    vpcId: network.ref,
    cidrBlock: `10.0.${index}.0/24`,
    availabilityZone: "eu-west-1a",
  }));
  return new elb.CfnLoadBalancer(scope, "LoadBalancer", {
    type: "network",
    scheme: "internal",
    subnets: subnets.map((subnet) => subnet.ref),
  });
}

const found = (result, rule) => rows(result).filter((row) => row.rule === rule);
const rules = (result, severity) =>
  [...new Set(rows(result).filter((row) => row.severity === severity).map((row) => row.rule))];

test("the installed version has the interface that is used", () => {
  const app = new cdk.App();
  const validator = RingfenceValidator.attach(app);
  const plugins = IS_NEWER ? app._validationPlugins : app.policyValidationBeta1;
  assert.deepEqual(plugins, [validator]);
  assert.equal(validator.name, "Ringfence");
  assert.equal(validator.version, require("cdk-ringfence/package.json").version);
});

test("an app with nothing to find passes", () => {
  const result = synth((app) => new cdk.CfnParameter(new cdk.Stack(app, "Empty"), "Nothing"));
  assert.equal(result.failed, false);
  assert.deepEqual(result.reports.map(({ success, violations }) => ({ success, violations })), [{ success: true, violations: [] }]);
});

for (const [flag, expected] of [[false, ["RF1001", "RF1010", "RF1011", "RF1017"]], [true, ["RF1001", "RF1003", "RF1005", "RF1010", "RF1011", "RF1017"]]]) {
  test(`the stock pattern gets the errors that explain why no packet passes, with the flag ${flag ? "on" : "off"}`, () => {
    const result = synth(stockPattern, { context: { [FLAG]: flag } });
    assert.equal(result.failed, true);
    assert.deepEqual(rules(result, "error"), expected);
    assert.equal(rules(result, "warning").includes("RF1103"), !flag, "a load balancer without security groups stays so");
  });
}

test("a violation says where, what, how bad, what to do and where to read on", () => {
  const result = synth(stockPattern, { context: { [FLAG]: true } });
  const [row] = found(result, "RF1003");
  assert.equal(row.severity, "error");
  assert.match(row.description, /do not let out traffic .* on port 8080/);
  assert.match(row.fix, /^add an egress rule .*; `npx ringfence explain RF1003` says why, with an example$/);
  assert.deepEqual(row.locations, ["Properties.SecurityGroupEgress"]);
  assert.equal(row.template, "Stock.template.json");
  assert.match(row.metadata.docs, /^https:\/\/.*\/docs\/rules\/RF1003\.md$/);
  assert.match(row.metadata.related, /Stock\/Service\/LB\/Resource \(this load balancer sends it\)/);
  const template = JSON.parse(fs.readFileSync(path.join(result.folder, row.template)));
  assert.equal(template.Resources[row.resource].Type, "AWS::EC2::SecurityGroup");
  const [plugin] = result.json.pluginReports;
  const violation = plugin.violations.find(({ ruleName }) => ruleName === "RF1003");
  assert.equal(violation.violatingConstructs[0].constructPath, "Stock/Service/LB/SecurityGroup/Resource");
  assert.match(result.printed, /add an egress rule/);
});

test("locations count the elements of lists as the CDK does", () => {
  const result = synth((app) => stockPattern(app));
  const [row] = found(result, "RF1606");
  assert.deepEqual(row.locations, ["Properties.ContainerDefinitions.0.LogConfiguration"]);
});

test("the pages that violations name exist", () => {
  for (const row of rows(synth(stockPattern))) {
    const page = path.join(__dirname, "../../docs/rules", path.basename(row.metadata.docs));
    assert.ok(fs.existsSync(page), page);
  }
});

test("nested stacks are judged, under their own template and constructs", () => {
  const result = synth((app) => {
    const outer = new cdk.Stack(app, "Outer");
    log(new cdk.NestedStack(new cdk.NestedStack(outer, "Middle"), "Inner"));
  });
  const [row, ...rest] = found(result, KEPT_FOR_EVER);
  assert.deepEqual(rest, []);
  assert.match(row.template, /^OuterMiddleInner\w+\.nested\.template\.json$/);
  if (IS_NEWER) {
    const [{ violatingConstructs: [construct] }] = result.json.pluginReports[0].violations;
    assert.equal(construct.constructPath, "Outer/Middle/Inner/Log");
  } else {
    assert.match(result.printed, /\[Warning at \/Outer\/Middle\/Inner\/Log\] .* \(RF1602\)/);
  }
});

test("stages are judged, stages inside of stages too", () => {
  const result = synth((app) => {
    const outer = new cdk.Stage(app, "Outer");
    log(new cdk.Stack(new cdk.Stage(outer, "Inner"), "Deep"));
    log(new cdk.Stack(outer, "Middle"));
    log(new cdk.Stack(app, "Top"));
  });
  const templates = found(result, KEPT_FOR_EVER).map((row) => row.template.replaceAll(/[0-9A-F]{8}/g, "*"));
  assert.deepEqual(templates.sort(), [
    "Top.template.json",
    "assembly-Outer/OuterMiddle*.template.json",
    "assembly-Outer/assembly-Outer-Inner/OuterInnerDeep*.template.json",
  ]);
});

test("attached to a stage, it speaks of that stage alone", () => {
  let stage;
  const result = synth((app) => {
    stage = new cdk.Stage(app, "Prod");
    log(new cdk.Stack(stage, "In"));
    log(new cdk.Stack(app, "Out"));
  }, { attach: () => stage });
  assert.deepEqual(found(result, KEPT_FOR_EVER).map((row) => path.dirname(row.template)), ["assembly-Prod"]);
});

test("attached to a construct, it judges the stage around it", () => {
  const result = synth((app) => log(new cdk.Stack(app, "Stack")), { attach: (app) => app.node.findChild("Stack") });
  assert.equal(found(result, KEPT_FOR_EVER).length, 1);
});

test("attached to nothing that is synthesized, it says so", () => {
  const { Construct } = require("constructs");
  assert.throws(() => RingfenceValidator.attach(new Construct(undefined, "Alone")), /takes an app, a stage or a construct/);
});

test("what one stack exports is known to the other", () => {
  const result = synth((app) => {
    const network = new cdk.Stack(app, "Network");
    const shared = new ec2.CfnVPC(network, "Vpc", { cidrBlock: "10.0.0.0/16" });
    const service = new cdk.Stack(app, "Service");
    new ec2.CfnFlowLog(service, "FlowLog", {
      resourceId: shared.ref,
      resourceType: "VPC",
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::flow-logs",
    });
  });
  assert.deepEqual(found(result, "RF1603"), [], "the flow log in the other stack records it");
});

test("an app through the property of App is judged as well", () => {
  const validator = new RingfenceValidator();
  let report;
  const { validate } = validator;
  validator.validate = (context) => (report = validate.call(validator, context));
  process.env.CDK_VALIDATION = "false";
  const app = new cdk.App({ policyValidationBeta1: [validator] });
  log(new cdk.Stack(app, "Stack"));
  const silent = [console.log, console.error];
  console.log = console.error = () => {};
  app.synth();
  [console.log, console.error] = silent;
  assert.equal(report.violations.some(({ ruleName }) => ruleName === KEPT_FOR_EVER), true);
});

test("warnings do not fail synthesis, and are shown", () => {
  const result = synth((app) => log(new cdk.Stack(app, "Stack")));
  assert.equal(result.failed, false);
  assert.equal(result.reports[0].success, true);
  assert.match(result.printed, /the log group keeps its events for ever/);
  assert.match(result.printed, /Stack\/Log/);
});

test("warnings fail synthesis when they should", () => {
  const result = synth((app) => log(new cdk.Stack(app, "Stack")), { props: { failOnWarnings: true } });
  assert.equal(result.failed, true);
  assert.deepEqual(rules(result, "error"), [KEPT_FOR_EVER]);
});

test("errors fail synthesis", () => {
  const result = synth((app) => sameZone(new cdk.Stack(app, "Stack")));
  assert.equal(result.failed, true);
  assert.deepEqual(rules(result, "error"), ["RF1105"]);
});

test("what depends on the environment is not guessed", () => {
  const result = synth((app) => {
    const stack = new cdk.Stack(app, "Agnostic");
    const network = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 0 });
    new elb.NetworkLoadBalancer(stack, "LoadBalancer", { vpc: network, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
  });
  assert.deepEqual(rules(result, "error"), []);
});

/** Each way to acknowledge a rule, where it can be used. */
const WAYS = {
  "acknowledgeWarning by the code": (scope) => cdk.Annotations.of(scope).acknowledgeWarning(KEPT_FOR_EVER, "it is a test"),
  "acknowledgeWarning by the code with the plugin": (scope) =>
    cdk.Annotations.of(scope).acknowledgeWarning(`Ringfence::${KEPT_FOR_EVER}`, "it is a test"),
  ...(IS_NEWER ? {
    "Validations by the code": (scope) => cdk.Validations.of(scope).acknowledge({ id: KEPT_FOR_EVER, reason: "it is a test" }),
    "Validations by the code with the plugin": (scope) =>
      cdk.Validations.of(scope).acknowledge({ id: `Ringfence::${KEPT_FOR_EVER}`, reason: "it is a test" }),
  } : {}),
};

/** The resources that the CDK still reports in the end. */
function reported(result) {
  if (!IS_NEWER) return found(result, KEPT_FOR_EVER).map((row) => row.resource);
  const violations = result.json?.pluginReports.flatMap((report) => report.violations) ?? [];
  return violations.filter(({ ruleName }) => ruleName === KEPT_FOR_EVER)
    .flatMap(({ violatingConstructs }) => violatingConstructs.map((construct) => construct.cloudFormationResource.logicalId));
}

for (const [way, acknowledge] of Object.entries(WAYS)) {
  for (const place of ["Stack/First", "Stack", ""]) {
    test(`${way} covers ${place === "" ? "the app" : place} and what is inside, and nothing else`, () => {
      const result = synth((app) => {
        const stack = new cdk.Stack(app, "Stack");
        log(stack, "First");
        log(stack, "Second");
        log(new cdk.Stack(app, "Other"), "Third");
        const scope = place.split("/").filter(Boolean).reduce((at, id) => at.node.findChild(id), app);
        acknowledge(scope);
      });
      const left = { "Stack/First": ["Second", "Third"], Stack: ["Third"], "": [] };
      assert.deepEqual(reported(result).sort(), left[place]);
    });
  }
}

test("an error that was acknowledged does not fail synthesis", () => {
  for (const acknowledge of Object.values(WAYS)) {
    const result = synth((app) => {
      const stack = new cdk.Stack(app, "Stack");
      log(stack);
      acknowledge(stack);
    }, { props: { failOnWarnings: true } });
    assert.equal(result.failed, false);
  }
});

test("another rule is not covered", () => {
  const result = synth((app) => {
    const stack = new cdk.Stack(app, "Stack");
    log(stack);
    cdk.Annotations.of(stack).acknowledgeWarning("RF1604", "it is a test");
  });
  assert.equal(reported(result).length, 1);
});

test("what is acknowledged by the plugin's name is listed in the CDK's report, with the reason", { skip: !IS_NEWER }, () => {
  const result = synth((app) => {
    const stack = new cdk.Stack(app, "Stack");
    log(stack);
    cdk.Validations.of(stack).acknowledge({ id: `Ringfence::${KEPT_FOR_EVER}`, reason: "it is a test" });
  });
  const [{ suppressedViolations: [suppressed] }] = result.json.pluginReports;
  assert.deepEqual([suppressed.ruleName, suppressed.reason], [KEPT_FOR_EVER, "it is a test"]);
});

test("the metadata of a resource acknowledges with a reason, and an unknown rule there is an error", () => {
  const suppress = (rule, reason) => synth((app) => {
    log(new cdk.Stack(app, "Stack")).addMetadata("ringfence", { suppress: [{ rule, reason }] });
  });
  assert.deepEqual(found(suppress(KEPT_FOR_EVER, "it is a test"), KEPT_FOR_EVER), []);
  assert.equal(found(suppress(KEPT_FOR_EVER, undefined), KEPT_FOR_EVER).length, 1);
  assert.equal(suppress("RF9999", "it is a test").failed, true);
});

test("a template that is gone is an error, not a clean answer", () => {
  const validator = new RingfenceValidator();
  const { folder } = synth((app) => log(new cdk.Stack(app, "Stack")));
  const template = path.join(folder, "Stack.template.json");
  fs.rmSync(template);
  const report = validator.validate({ templatePaths: [template] });
  assert.equal(report.success, false);
  assert.match(report.violations[0].description, /Stack\.template\.json.* is not there/);
});

test("a finding about a whole template is under the stack", () => {
  const { app, folder } = synth((app) => log(new cdk.Stack(new cdk.Stage(app, "Prod"), "Stack")));
  const stack = app.node.findChild("Prod").node.findChild("Stack");
  const template = path.join(folder, "assembly-Prod", stack.templateFile);
  fs.writeFileSync(template, "{");
  const report = new RingfenceValidator().validate({ templatePaths: [template], appConstruct: app });
  assert.equal(report.success, false);
  const [{ violatingResources: [resource] }] = report.violations;
  assert.equal(resource.constructPath, "Prod/Stack");
  assert.equal(resource.templatePath, template);
});

test("a manifest of something else beside the assembly does not matter", () => {
  for (const text of ["{}", '{ "name": "a web app", "artifacts": { "x": {} } }', "no JSON"]) {
    const { folder } = synth((app) => log(new cdk.Stack(app, "Stack")));
    const inside = path.join(folder, "inside");
    fs.mkdirSync(inside);
    for (const { name } of fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())) {
      fs.renameSync(path.join(folder, name), path.join(inside, name));
    }
    fs.writeFileSync(path.join(folder, "manifest.json"), text);
    const report = new RingfenceValidator().validate({ templatePaths: [path.join(inside, "Stack.template.json")] });
    assert.deepEqual(report.violations.map(({ ruleName }) => ruleName), [KEPT_FOR_EVER]);
  }
});

test("files with names of the user's own are found", () => {
  const { folder } = synth((app) => log(new cdk.Stack(app, "Stack")));
  fs.renameSync(path.join(folder, "Stack.template.json"), path.join(folder, "own-name.json"));
  const manifest = path.join(folder, "manifest.json");
  fs.writeFileSync(manifest, fs.readFileSync(manifest, "utf8").replaceAll("Stack.template.json", "own-name.json"));
  const report = new RingfenceValidator().validate({ templatePaths: [path.join(folder, "own-name.json")] });
  assert.deepEqual(report.violations.map(({ ruleName }) => ruleName), [KEPT_FOR_EVER]);
});

test("two runs say the same", () => {
  const once = () => rows(synth(stockPattern));
  assert.deepEqual(once(), once());
});
