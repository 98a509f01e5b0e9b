// Props for constructs, made by what the jsii assembly says of them, with a parameter of CloudFormation wherever one may stand.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const cdk = require("aws-cdk-lib");
const { AllowedPrincipal } = require("cdk-ringfence");
const { STRUCTS } = require("cdk-ringfence/lib/private/structs.generated");
const {
  aws_applicationautoscaling: appscaling, aws_certificatemanager: acm, aws_ec2: ec2, aws_ecr: ecr, aws_ecs: ecs,
  aws_elasticloadbalancingv2: elbv2, aws_iam: iam, aws_kms: kms, aws_lambda: lambda, aws_route53: route53, aws_s3: s3,
  aws_secretsmanager: secretsmanager, aws_sns: sns, aws_ssm: ssm, Duration, Size,
} = cdk;

/** In the place of a prop: it is left out. */
const OMIT = Symbol("left out");

/** In the place of a prop: one token for the whole list. */
const LIST = Symbol("one token for the whole list");

const { types } = JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve("cdk-ringfence/package.json")), ".jsii"), "utf8"));

/** The types that a choice is made of; those of ours are found by their kind. */
const CHOICES = ["aws-cdk-lib.aws_elasticloadbalancingv2.AlpnPolicy"];

/** What stands for a number although it is an enum. */
const NUMBERS = ["aws-cdk-lib.aws_logs.RetentionDays"];

const isStruct = ({ fqn }) => types[fqn]?.datatype === true;
const isKnownKind = ({ fqn, primitive }) => primitive === "boolean" || types[fqn]?.kind === "enum" || CHOICES.includes(fqn);

/** The props of a struct, with those that it inherits, each with the struct that declares it. */
function propsOfStruct(fqn) {
  const { name, properties = [], interfaces = [] } = types[fqn];
  return [...interfaces.filter((base) => base in types).flatMap(propsOfStruct), ...properties.map((prop) => ({ ...prop, of: name }))];
}

/** The struct of the props of a construct. */
function structOf(Construct) {
  const [, , { type }] = types[`cdk-ringfence.${Construct.name}`].initializer.parameters;
  return type.fqn;
}

/** Tokens for props: parameters of the template, and what each of them is for. */
class Tokens {
  /**
   * @param mustBeKnown whether a prop takes no token; `[]` after its name stands for one token in place of a whole list
   * @param mode `good` gives tokens to whatever takes them, `known` to whatever does not, and `lists` in place of lists of whose
   * elements something is made
   */
  constructor(stack, mustBeKnown, mode) {
    Object.assign(this, { stack, mustBeKnown, mode, made: [], count: 0 });
  }

  parameter(type, at, isKnown = false) {
    this.count += 1;
    const made = new cdk.CfnParameter(this.stack, `P${this.count}`, { type });
    if (at) this.made.push({ parameter: `P${this.count}`, prop: at.prop, path: at.path.join("."), isKnown });
    return made;
  }

  text(at) { return this.parameter("String", at).valueAsString; }
  number(at) { return this.parameter("Number", at).valueAsNumber; }
  list(at, isKnown) { return this.parameter("CommaDelimitedList", { ...at, prop: `${at.prop}[]` }, isKnown).valueAsList; }
  scope(at) { return new cdk.aws_ssm.CfnParameter(this.stack, `Scope${this.count++}`, { type: "String", value: at.prop }); }

  /** A value of a type, or nothing when it is left out. */
  value(type, at, given) {
    if (given === OMIT) return undefined;
    const { collection, fqn, primitive } = type;
    if (collection?.kind === "array") return this.array(collection.elementtype, at, given);
    if (collection?.kind === "map") return this.map(collection.elementtype, at, given);
    if (isStruct(type)) return this.struct(fqn, at.path, given);
    if (isKnownKind(type) || this.mustBeKnown(at.prop)) return this.known(type, at, given);
    if (given !== undefined) return given;
    if (primitive === "string") return this.text(at);
    if (primitive === "number" || NUMBERS.includes(fqn)) return this.number(at);
    return this.ofCdk(fqn, at);
  }

  /** What must be known: it is given as it is, unless the mode is to find out what is said then. */
  known({ primitive }, at, given) {
    if (this.mode !== "known") return given;
    const parameter = this.parameter(primitive === "number" ? "Number" : "String", at, true);
    return primitive === "boolean" ? parameter.value : primitive === "number" ? parameter.valueAsNumber : parameter.valueAsString;
  }

  struct(fqn, at, given = {}) {
    const props = {};
    for (const { name, of, type } of propsOfStruct(fqn)) {
      const value = this.value(type, { prop: `${of}.${name}`, of, name, path: [...at, name] }, given[name]);
      if (value !== undefined) props[name] = value;
    }
    return props;
  }

  array(type, at, given) {
    const element = (index) => ({ ...at, path: [...at.path, String(index)] });
    if (isStruct(type)) return (given ?? [{}]).map((item, index) => this.struct(type.fqn, element(index).path, item));
    if (isKnownKind(type)) return this.mode === "known" ? [this.known(type, element(0))] : given;
    if (type.primitive !== "string") return given ?? [this.value(type, element(0))];
    return this.texts(at, element, given);
  }

  /** A list of texts: of tokens, or as one. */
  texts(at, element, given) {
    const asList = this.mustBeKnown(`${at.prop}[]`);
    if (this.mustBeKnown(at.prop)) {
      return this.mode === "known" ? [this.known({}, element(0)), ...this.list({ ...at, path: element(1).path }, true)] : given;
    }
    if (this.mode === "lists" && asList) return this.list(at, true);
    if (given === LIST) return this.list(at);
    return given ?? [0, 1].map((index) => this.text(element(index)));
  }

  map(type, at, given) {
    if (isStruct(type)) {
      const entries = Object.entries(given ?? { one: {} });
      return Object.fromEntries(entries.map(([name, item]) => [name, this.struct(type.fqn, [...at.path, name], item)]));
    }
    if (isKnownKind(type) && this.mode !== "known") return given;
    // Variables of different kinds have different names.
    const name = at.name.toUpperCase();
    return given ?? { [name]: this.value(type, { ...at, path: [...at.path, name] }) };
  }

  /** An object of the CDK that stands for something by a token. */
  ofCdk(fqn, at) {
    const scope = () => this.scope(at);
    const text = () => this.text(at);
    const zones = ["eu-west-1a", "eu-west-1b"];
    const vpc = (vpcId) => ec2.Vpc.fromVpcAttributes(scope(), "Vpc", { vpcId, availabilityZones: zones, isolatedSubnetIds: ["subnet-0a11111111111111a", "subnet-0b11111111111111b"], vpcCidrBlock: "10.0.0.0/16" });
    const [unit] = (STRUCTS[at.of.replace(/Options$/, "")]?.[at.name] ?? "").split(" ");
    const made = {
      "aws-cdk-lib.Duration": () => Duration[unit](this.number(at)),
      "aws-cdk-lib.Size": () => Size[unit](this.number(at)),
      "aws-cdk-lib.TimeZone": () => cdk.TimeZone.of(text()),
      "aws-cdk-lib.aws_applicationautoscaling.Schedule": () => appscaling.Schedule.expression(text()),
      "aws-cdk-lib.aws_certificatemanager.ICertificate": () => acm.Certificate.fromCertificateArn(scope(), "Certificate", text()),
      "aws-cdk-lib.aws_ec2.ISecurityGroup": () => ec2.SecurityGroup.fromSecurityGroupId(scope(), "Group", text()),
      "aws-cdk-lib.aws_ec2.IVpc": () => vpc(text()),
      "aws-cdk-lib.aws_ec2.SubnetSelection": () => ({
        subnets: zones.map((availabilityZone, index) => ec2.Subnet.fromSubnetAttributes(scope(), "Subnet", {
          subnetId: index === 0 ? text() : this.text(), availabilityZone, ipv4CidrBlock: this.text(), routeTableId: this.text(),
        })),
      }),
      "aws-cdk-lib.aws_ecr.IRepository": () => ecr.Repository.fromRepositoryAttributes(scope(), "Repository", { repositoryArn: text(), repositoryName: "given" }),
      "aws-cdk-lib.aws_ecs.ContainerImage": () => ecs.ContainerImage.fromRegistry(text()),
      "aws-cdk-lib.aws_ecs.ICluster": () => ecs.Cluster.fromClusterAttributes(scope(), "Cluster", { clusterName: text(), vpc: vpc("vpc-0123456789abcdef0"), securityGroups: [] }),
      "aws-cdk-lib.aws_ecs.Secret": () => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretCompleteArn(scope(), "Secret", text())),
      "aws-cdk-lib.aws_elasticloadbalancingv2.INetworkLoadBalancer": () => elbv2.NetworkLoadBalancer.fromNetworkLoadBalancerAttributes(scope(), "Balancer", { loadBalancerArn: text() }),
      "aws-cdk-lib.aws_iam.IRole": () => iam.Role.fromRoleName(scope(), "Role", text()),
      "aws-cdk-lib.aws_iam.PolicyStatement": () => new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [text()] }),
      "aws-cdk-lib.aws_kms.IKey": () => kms.Key.fromKeyArn(scope(), "Key", text()),
      "aws-cdk-lib.aws_lambda.IFunction": () => lambda.Function.fromFunctionArn(scope(), "Function", text()),
      "aws-cdk-lib.aws_route53.IHostedZone": () => route53.HostedZone.fromHostedZoneId(scope(), "Zone", text()),
      "aws-cdk-lib.aws_s3.IBucket": () => s3.Bucket.fromBucketName(scope(), "Bucket", text()),
      "aws-cdk-lib.aws_sns.ITopic": () => sns.Topic.fromTopicArn(scope(), "Topic", text()),
      "aws-cdk-lib.aws_ssm.IParameter": () => ssm.StringParameter.fromStringParameterAttributes(scope(), "Parameter", { parameterName: text(), simpleName: false }),
      "cdk-ringfence.AllowedPrincipal": () => AllowedPrincipal.arn(text(), this.struct("cdk-ringfence.AllowedPrincipalOptions", at.path)),
    }[fqn];
    if (!made) throw new Error(`nothing says how ${at.prop} is made of a token: ${fqn}`);
    return made();
  }
}

/** The props of a construct. `guide` says what of them is left out or given, and which members maps and lists have. */
function propsOf(Construct, guide, tokens) {
  return tokens.struct(structOf(Construct), [], guide);
}

/** Every prop in which a value stands, of these constructs and of whatever their props are made of. */
function leaves(constructs) {
  const found = new Set();
  const seen = new Set();
  const walk = (fqn) => {
    if (seen.has(fqn)) return;
    seen.add(fqn);
    for (const { name, of, type } of propsOfStruct(fqn)) {
      const inner = type.collection?.elementtype ?? type;
      if (isStruct(inner)) walk(inner.fqn);
      else found.add(`${of}.${name}`);
      if (type.collection?.kind === "array" && inner.primitive === "string") found.add(`${of}.${name}[]`);
      if (inner.fqn === "cdk-ringfence.AllowedPrincipal") walk("cdk-ringfence.AllowedPrincipalOptions");
    }
  };
  constructs.map(structOf).forEach(walk);
  return [...found].sort();
}

module.exports = { LIST, OMIT, Tokens, leaves, propsOf };
