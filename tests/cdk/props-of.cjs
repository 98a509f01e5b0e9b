// From a spec to the props of a construct: each member is given in the CDK's own type, as a user of the library would.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { STRUCTS } = require("cdk-ringfence/lib/private/structs.generated");

/** Reads a spec in YAML or JSON, as the CDK reads templates: short forms of functions become long ones. */
function readSpec(file) {
  const library = path.dirname(require.resolve("aws-cdk-lib/package.json"));
  const { deserialize } = require(path.join(library, "cloudformation-include/lib/private/yaml-cfn.js"));
  return deserialize(fs.readFileSync(file, "utf8"));
}

/** Specs that a construct cannot have, and why. */
const NOT_HERE = {
  "aliases.yaml": "it is about YAML: its merge keys are read by Ringfence, not by the reader that the CDK has",
  "docker-build.yaml": "its image is built from a folder: another test has an image asset",
  "known-later.yaml": "its numbers are functions: the test of tokens gives every prop a token in the form that the CDK has for it",
  "cdk-tokens.json": "its tokens are of no app: the tests of tokens have real ones",
};

/** Every spec of the project that a construct can have: its name, and its file. */
function specs() {
  const root = path.join(__dirname, "../..");
  const files = ["examples/specs", "tests/corpus/good"].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder)).map((name) => path.join(root, folder, name)));
  const usable = files.filter((file) => /\.(ya?ml|json)$/.test(file) && !(path.basename(file) in NOT_HERE));
  return usable.map((file) => ({ name: path.basename(file).replace(/\.\w+$/, ""), file }));
}

const isFunction = (value) => {
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === "Ref" || keys[0].startsWith("Fn::"));
};

/**
 * What says in CDK's own types what a spec says, made with a `cdk` and a `ringfence`: the packages, or what records how they are
 * called.
 */
function raising(cdk, ringfence) {
  const {
    aws_applicationautoscaling: appscaling, aws_certificatemanager: acm, aws_ec2: ec2, aws_ecr: ecr, aws_ecs: ecs, aws_iam: iam,
    aws_kms: kms, aws_lambda: lambda, aws_route53: route53, aws_s3: s3, aws_secretsmanager: secretsmanager, aws_sns: sns,
    aws_ssm: ssm, Duration, Size,
  } = cdk;

  /** A text of the spec, or a function as a token; what stands around pseudo parameters stays text, as it does in the CDK. */
  function text(value) {
    if (!isFunction(value)) return value;
    const sub = value["Fn::Sub"];
    return typeof sub === "string"
      ? sub.replace(/\$\{(AWS::[A-Za-z]+)\}/g, (_, name) => text({ Ref: name }))
      : cdk.Token.asString(new cdk.Intrinsic(value));
  }
  const number = (value) => (isFunction(value) ? cdk.Token.asNumber(new cdk.Intrinsic(value)) : value);

  /** What to make of the members of a struct, one scope for each so that IDs are free. */
  class Raiser {
    constructor(scope, spec) {
      this.scope = scope;
      this.spec = spec;
      this.count = 0;
    }

    import(make, value, ...more) {
      this.count += 1;
      return make(this.scope, `Given${this.count}`, text(value), ...more);
    }

    /** The props of a struct. */
    struct(spec, name) {
      const props = {};
      for (const [prop, entry] of Object.entries(STRUCTS[name])) {
        const [kind, key = prop] = entry.split(" ");
        if (kind === "byHand") continue;
        if (key === "*") {
          props[prop] = this[`all_${kind}`](spec, prop);
        } else if (spec[key] !== undefined && this.belongs(prop, spec[key])) {
          props[prop] = this.value(spec[key], kind);
        }
      }
      return props;
    }

    /** `azs` of a spec is a number or a list, which are two props. */
    belongs(prop, value) {
      return prop === "azs" ? !Array.isArray(value) : prop === "availabilityZones" ? Array.isArray(value) : true;
    }

    value(value, kind) {
      if (kind.endsWith("[]")) return [value].flat().map((item) => this.value(item, kind.slice(0, -2)));
      if (kind.endsWith("{}")) {
        return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item, kind.slice(0, -2))]));
      }
      return kind in STRUCTS ? this.struct(value, kind) : this[kind](value);
    }

    same(value) {
      if (isFunction(value)) return text(value);
      if (Array.isArray(value)) return value.map((item) => this.same(item));
      if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.same(item)]));
      }
      return value;
    }

    seconds(value) { return Duration.seconds(number(value)); }
    hours(value) { return Duration.hours(number(value)); }
    days(value) { return Duration.days(number(value)); }
    mebibytes(value) { return Size.mebibytes(number(value)); }
    gibibytes(value) { return Size.gibibytes(number(value)); }
    schedule(value) { return appscaling.Schedule.expression(value); }
    timeZone(value) { return cdk.TimeZone.of(value); }
    bucketArn(value) { return this.import(s3.Bucket.fromBucketArn, value); }
    bucketName(value) { return this.import(s3.Bucket.fromBucketName, value); }
    certificateArn(value) { return this.import(acm.Certificate.fromCertificateArn, value); }
    clusterName(value) {
      const vpc = this.import(ec2.Vpc.fromVpcAttributes, { vpcId: "vpc-0123456789abcdef0", availabilityZones: ["eu-west-1a"] });
      return this.import(ecs.Cluster.fromClusterAttributes, { clusterName: text(value), vpc, securityGroups: [] });
    }
    functionArn(value) { return this.import(lambda.Function.fromFunctionArn, value); }
    hostedZoneId(value) { return this.import(route53.HostedZone.fromHostedZoneId, value); }
    keyArn(value) { return this.import(kms.Key.fromKeyArn, value); }
    roleName(value) { return this.import(iam.Role.fromRoleName, value); }
    securityGroupId(value) { return this.import(ec2.SecurityGroup.fromSecurityGroupId, value); }
    topic(value) { return this.import(sns.Topic.fromTopicArn, value); }
    repository(value) {
      return this.import(ecr.Repository.fromRepositoryAttributes, { repositoryArn: text(value), repositoryName: "given" });
    }

    existingNetwork({ vpcId, cidrs, subnets }) {
      const zones = subnets.map((subnet) => text(subnet.availabilityZone) ?? "unknown");
      const vpc = this.import(ec2.Vpc.fromVpcAttributes, { vpcId: text(vpcId), availabilityZones: zones });
      const given = subnets.map((subnet) => this.import(ec2.Subnet.fromSubnetAttributes, {
        subnetId: text(subnet.id),
        availabilityZone: text(subnet.availabilityZone),
        ipv4CidrBlock: text(subnet.cidr),
        routeTableId: text(subnet.routeTable),
      }));
      return { vpc, cidrs: cidrs.map(text), subnets: { subnets: given } };
    }

    principal(value) {
      if (typeof value === "string" || isFunction(value)) {
        const isAccount = /^[0-9]{12}$/.test(value);
        return isAccount ? ringfence.AllowedPrincipal.account(value) : ringfence.AllowedPrincipal.arn(text(value));
      }
      const vpcs = (value.vpcs ?? []).map((id) =>
        this.import(ec2.Vpc.fromVpcAttributes, { vpcId: text(id), availabilityZones: ["eu-west-1a"] }));
      const options = { vpcs, cidrs: (value.cidrs ?? []).map(text) };
      return value.account !== undefined
        ? ringfence.AllowedPrincipal.account(text(value.account), options)
        : ringfence.AllowedPrincipal.arn(text(value.arn), options);
    }

    permission({ actions, resources, conditions }) {
      return new iam.PolicyStatement({ actions: [actions].flat(), resources: [resources].flat().map(text), conditions });
    }

    all_image({ image }) {
      return image === undefined ? undefined : ecs.ContainerImage.fromRegistry(text(image));
    }

    all_secrets({ secrets }) {
      return secrets && Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, this.secret(value)]));
    }

    all_parameters({ parameters }) {
      return parameters && Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, this.parameter(value)]));
    }

    secret(value) {
      const { secret, key, kmsKey } = typeof value === "string" || isFunction(value) ? { secret: value } : value;
      if (typeof secret === "string" && secret in (this.spec.secrets ?? {})) {
        return ringfence.RingfenceSecret.named(secret, key);
      }
      if (isFunction(secret) || secret.startsWith("arn:")) {
        const [arn, ...selectors] = isFunction(secret) ? [text(secret)] : [secret.split(":").slice(0, 7).join(":"), ...secret.split(":").slice(7)];
        const isWhole = isFunction(secret) || /-[A-Za-z0-9]{6}$/.test(arn);
        const encryptionKey = kmsKey && this.keyArn(kmsKey);
        const given = this.import(secretsmanager.Secret.fromSecretAttributes, isWhole
          ? { secretCompleteArn: arn, encryptionKey }
          : { secretPartialArn: arn, encryptionKey });
        return ecs.Secret.fromSecretsManager(given, key ?? (selectors[0] || undefined));
      }
      return ecs.Secret.fromSecretsManager(this.import(secretsmanager.Secret.fromSecretNameV2, secret), key);
    }

    parameter(value) {
      const { parameter, kmsKey } = typeof value === "string" || isFunction(value) ? { parameter: value } : value;
      const name = typeof parameter === "string" ? parameter.replace(/^arn:.*:parameter/, "") : text(parameter);
      const attributes = { parameterName: name.startsWith("/") ? name : `/${name}`, encryptionKey: kmsKey && this.keyArn(kmsKey) };
      return this.import(ssm.StringParameter.fromSecureStringParameterAttributes, { ...attributes, simpleName: false });
    }
  }

  /** The props of a `PrivateFargateService` that say what a spec says. */
  function propsOf(scope, spec) {
    return new Raiser(scope, spec).struct(spec, "Spec");
  }

  return propsOf;
}

module.exports = { propsOf: raising(require("aws-cdk-lib"), require("cdk-ringfence")), raising, readSpec, specs };
