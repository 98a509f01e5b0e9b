// What the calls take, answer and refuse.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { describe, it } = require("node:test");
const ringfence = require("../dist/node.cjs");

const SPEC = {
  name: "payments",
  env: { account: "111122223333", region: "eu-west-1" },
  services: { api: { image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1", port: 8080 } },
};
const TEMPLATE = `Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: TCP, Port: 8080, VpcId: vpc-0123456789abcdef0 }
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      LoadBalancers: [{ ContainerName: api, ContainerPort: 8080, TargetGroupArn: !Ref Group }]
`;

const rules = (report) => report.findings.map((finding) => finding.rule);

describe("synth", () => {
  it("makes stacks and files of an object", () => {
    const { stacks, files, report } = ringfence.synth(SPEC);
    assert.equal(report.status, "clean", JSON.stringify(report.findings));
    assert.equal(stacks[0].resources["AWS::ECS::Service"], 1);
    assert.equal(JSON.parse(files[`${stacks[0].id}.template.json`]).Resources !== undefined, true);
  });

  it("says the same of an object and of its text", () => {
    const text = JSON.stringify(SPEC, null, 2);
    const twin = JSON.parse(ringfence.synthJson("spec.json", text));
    assert.deepEqual(ringfence.synth(SPEC, { name: "spec.json" }), twin);
    assert.deepEqual(ringfence.synth(text, { name: "spec.json" }), twin);
  });

  it("finds every unknown key, in objects as in text", () => {
    const wrong = { ...SPEC, netwrok: {}, services: { api: { ...SPEC.services.api, prot: 1 } } };
    for (const report of [ringfence.synth(wrong).report, JSON.parse(ringfence.synthJson("a", JSON.stringify(wrong))).report]) {
      assert.deepEqual(rules(report), ["RF0002", "RF0002"]);
      assert.match(report.findings.map(({ help }) => help).join(), /`network`.*`port`|`port`.*`network`/);
    }
  });

  it("says where in an object a mistake is, by the text that JSON.stringify makes", () => {
    const { position } = ringfence.synth({ ...SPEC, netwrok: {} }, { name: "my spec" }).report.findings[0];
    const line = JSON.stringify({ ...SPEC, netwrok: {} }, null, 2).split("\n").findIndex((text) => text.includes("netwrok"));
    assert.deepEqual([position.file, position.line, position.column], ["my spec", line + 1, 3]);
  });

  it("leaves out what is undefined", () => {
    assert.deepEqual(ringfence.synth({ ...SPEC, network: undefined }), ringfence.synth(SPEC));
  });

  it("keeps tokens of the CDK to the last digit", () => {
    const token = -1.8881545897087626e289;
    const listeners = [{ port: 443, to: "api", target: { deregistrationDelay: token } }];
    const { files } = ringfence.synth({ ...SPEC, listeners });
    assert.ok(files["payments.template.json"].includes(`"Value": ${token}`));
  });
});

describe("check", () => {
  it("judges templates and specs by the rulebook", () => {
    assert.ok(rules(ringfence.check(TEMPLATE)).includes("RF1106"));
    assert.equal(ringfence.check(SPEC).status, "clean");
  });

  it("says the same as its twin", () => {
    assert.deepEqual(ringfence.check(TEMPLATE, { name: "a.yaml" }), JSON.parse(ringfence.checkJson("a.yaml", TEMPLATE)));
  });

  it("counts columns in UTF-16 units, as JavaScript does", () => {
    const text = 'name: payments\n"größe 🎉": { colour: red }\nservices: {}\n';
    const { position } = ringfence.check(text).findings.find(({ rule }) => rule === "RF0002");
    const line = text.split("\n")[position.line - 1];
    assert.equal(line.slice(position.column - 1, position.endColumn - 1), '"größe 🎉"');
  });
});

describe("checkFiles", () => {
  const { files } = ringfence.synth(SPEC);

  it("judges a cloud assembly", () => {
    assert.equal(ringfence.checkFiles(files).status, "clean");
    const broken = { ...files, "payments.template.json": '{"Resources": 1' };
    const report = ringfence.checkFiles(broken, { folder: "cdk.out" });
    assert.notEqual(report.status, "clean");
    assert.ok(report.findings.every(({ position }) => position === null || position.file.startsWith("cdk.out/")));
  });

  it("says which files an assembly needs", () => {
    const given = {};
    for (let missing = ringfence.missingFiles(given); missing.length > 0; missing = ringfence.missingFiles(given)) {
      missing.forEach((name) => { given[name] = files[name]; });
    }
    assert.ok(Object.keys(given).includes("manifest.json"));
    assert.deepEqual(ringfence.checkFiles(given), ringfence.checkFiles(files));
    assert.deepEqual(JSON.parse(ringfence.missingFilesJson("{}")), ["manifest.json"]);
  });

  it("judges templates together", () => {
    const report = ringfence.checkFiles({ "a.yaml": TEMPLATE, "b.yaml": "colour: red" });
    assert.deepEqual(new Set(report.findings.map(({ position }) => position.file)), new Set(["a.yaml", "b.yaml"]));
    assert.deepEqual(report, JSON.parse(ringfence.checkFilesJson("", JSON.stringify({ "a.yaml": TEMPLATE, "b.yaml": "colour: red" }))));
  });
});

describe("explain", () => {
  it("has a page for every rule that is found", () => {
    for (const rule of rules(ringfence.check(TEMPLATE))) {
      const page = ringfence.explain(rule);
      assert.deepEqual([page.kind, page.code], ["rule", rule]);
      assert.deepEqual(ringfence.explain(page.name), page);
    }
  });

  it("has a page for members of the spec", () => {
    const page = ringfence.explain("network.flowLogs.retentionDays");
    assert.deepEqual([page.kind, page.default, page.required], ["member", 90, false]);
    assert.ok(ringfence.explain("network").members.some(([name]) => name === "cidr"));
  });

  it("knows nothing of anything else", () => {
    assert.equal(ringfence.explain("nothing"), null);
    assert.equal(ringfence.explainJson("nothing"), "null");
  });
});

describe("schema and version", () => {
  it("are those of the project", () => {
    const published = readFileSync(path.join(__dirname, "../../../schema/ringfence.schema.json"), "utf8");
    assert.equal(ringfence.schemaJson(), published);
    assert.deepEqual(ringfence.schema(), JSON.parse(published));
    assert.equal(ringfence.version(), require("../package.json").version);
  });
});

describe("a call that makes no sense", () => {
  const circle = {};
  circle.circle = circle;
  const cases = [
    ["no spec", () => ringfence.synth(), /give a text or an object/],
    ["a number", () => ringfence.check(7), /give a text or an object/],
    ["an option that is not there", () => ringfence.synth(SPEC, { nmae: "a" }), /there is no option `nmae`: there is `name`/],
    ["an option of another kind", () => ringfence.check(SPEC, { name: 7 }), /the option `name` is a text/],
    ["options that are none", () => ringfence.check(SPEC, "spec.yaml"), /options are an object/],
    ["a function in a spec", () => ringfence.synth({ ...SPEC, network: () => 1 }), /`network` is a function, which JSON cannot carry/],
    ["a bigint in a spec", () => ringfence.synth({ ...SPEC, port: 1n }), /`port` is a bigint/],
    ["what is not a number", () => ringfence.synth({ ...SPEC, port: NaN }), /`port` is not a finite number/],
    ["a map in a spec", () => ringfence.synth({ ...SPEC, tags: new Map() }), /`tags` is a map or a set/],
    ["a circle", () => ringfence.synth(circle), /circular/i],
    ["files that are no texts", () => ringfence.checkFiles({ "a.yaml": 7 }), /the file `a.yaml` is not a text/],
    ["bytes", () => ringfence.check(Buffer.from("name: payments")), /bytes must be decoded first/],
    ["texts that are none", () => ringfence.checkJson(5, 5), /`checkJson` takes 2 texts/],
    ["a text that is missing", () => ringfence.synthJson("spec.yaml"), /`synthJson` takes 2 texts/],
    ["nothing to explain", () => ringfence.explain(), /give the code of a rule, or a member of the spec/],
    ["files that are no map", () => ringfence.missingFilesJson("[]"), /not a JSON object of texts/],
  ];
  for (const [name, call, message] of cases) {
    it(`is refused with what is wrong: ${name}`, () => {
      assert.throws(call, message);
      // The instance is as good as before.
      assert.equal(ringfence.check(SPEC).status, "clean");
    });
  }
});
