// What a template says, as lines that can be compared: resources are called by their type and use, not by their logical ID;
// what can be written in several ways (rules inside a group or beside it, policies inside a role or beside it) is written in
// one; names, descriptions and tags are left out.
"use strict";

const PSEUDO = { "AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1", "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", "AWS::NoValue": undefined };

/** Properties that say nothing about what traffic passes, who may what, or how it runs. */
const UNIMPORTANT = new Set(["Tags", "Description", "GroupDescription", "Family", "DashboardBody", "AlarmDescription", "TagSpecifications", "PropagateTags", "EnableECSManagedTags", "PolicyName", "QueryDefinitionName"]);

/** The facts of a template: how often each line is true. */
function facts(template) {
  const reader = new Reader(template);
  const lines = new Map();
  for (const line of reader.lines()) {
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return lines;
}

class Reader {
  constructor(template) {
    this.template = template;
    this.resources = template.Resources;
    this.uses = this.groupUses();
  }

  /** What the security groups are for, by logical ID. */
  groupUses() {
    const uses = {};
    const note = (groups, use) => {
      for (const group of [groups ?? []].flat()) {
        const id = group.Ref ?? group["Fn::GetAtt"]?.[0];
        if (id !== undefined) uses[id] = use;
      }
    };
    for (const { Type, Properties = {} } of Object.values(this.resources)) {
      if (Type === "AWS::ElasticLoadBalancingV2::LoadBalancer") note(Properties.SecurityGroups, "load balancer");
      if (Type === "AWS::EC2::VPCEndpoint") note(Properties.SecurityGroupIds, "endpoints");
      if (Type === "AWS::ECS::Service") note(Properties.NetworkConfiguration?.AwsvpcConfiguration?.SecurityGroups, "tasks");
    }
    return uses;
  }

  *lines() {
    for (const [id, resource] of Object.entries(this.resources)) {
      const { Type, Properties = {}, DeletionPolicy } = resource;
      if (Type === "AWS::CDK::Metadata") continue;
      const type = Type.replace(/^AWS::/, "");
      if (!INSIDE.has(Type)) {
        yield `${this.name(id)} exists${DeletionPolicy && DeletionPolicy !== "Delete" ? `, and stays (${DeletionPolicy})` : ""}`;
      }
      if (Type in SPECIAL) {
        yield* SPECIAL[Type](this, id, Properties);
      } else {
        yield* this.flat(type, Properties);
      }
    }
  }

  /** What a resource is called: its type, and of a security group its use. */
  name(id) {
    const type = this.resources[id]?.Type;
    if (type === undefined) return `parameter`;
    return this.uses[id] ? `group of ${this.uses[id]}` : type.replace(/^AWS::/, "");
  }

  /** A value without logical IDs. */
  value(value) {
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (value === null || typeof value !== "object") return value;
    const [[key, inner] = [], ...more] = Object.entries(value);
    if (more.length === 0 && key !== undefined) {
      if (key === "Ref") return inner in PSEUDO ? PSEUDO[inner] : `<${this.name(inner)}>`;
      if (key === "Fn::GetAtt" && [inner].flat().join(".").endsWith(".CidrBlock")) return this.cidr(inner);
      if (key === "Fn::GetAtt") return attribute(this.name([inner].flat()[0].split(".")[0]), Array.isArray(inner) ? inner[1] : inner.split(".")[1]);
      if (key === "Fn::Join") return this.value(inner[1]).map(String).join(inner[0]);
      if (key === "Fn::FindInMap") return this.found(inner);
      if (key === "Fn::Sub") return this.substituted(inner);
      if (key === "Fn::Select" && typeof this.value(inner[1]) === "string") return `${this.value(inner[1])}[${inner[0]}]`;
      if (key === "Fn::Split") return this.value(inner[1]);
    }
    return Object.fromEntries(Object.entries(value).filter(([name]) => !UNIMPORTANT.has(name)).map(([name, item]) => [name, this.value(item)]));
  }

  /** The range of a VPC that is in the template. */
  cidr(reference) {
    return this.value(this.resources[[reference].flat()[0].split(".")[0]].Properties.CidrBlock);
  }

  found([map, ...keys]) {
    return keys.map((key) => this.value(key)).reduce((at, key) => at?.[key], this.template.Mappings?.[map]) ?? `<${map}>`;
  }

  substituted(inner) {
    const [text, given = {}] = [inner].flat();
    return text.replace(/\$\{([^}]+)\}/g, (_, name) =>
      name in given ? this.value(given[name]) : this.value(name.includes(".") ? { "Fn::GetAtt": name } : { Ref: name }));
  }

  /** A line for every value below `value`; elements of lists that are maps stay together. */
  *flat(path, raw) {
    const value = this.value(raw);
    if (Array.isArray(value)) {
      for (const item of value) {
        const [key, name] = item && typeof item === "object" ? pair(item) : [];
        if (key !== undefined) yield* this.flat(`${path}.${name}`, item.Value ?? item.ValueFrom ?? "");
        else if (item && typeof item === "object") yield `${path}[] = ${stable(item)}`;
        else yield `${path}[] = ${item}`;
      }
    } else if (value && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) {
        if (!UNIMPORTANT.has(key) && item !== undefined) yield* this.flat(`${path}.${key}`, item);
      }
    } else if (value !== undefined) {
      yield value === "" ? path : `${path} = ${value}`;
    }
  }

  *statements(who, document) {
    for (const statement of [this.value(document)?.Statement ?? []].flat()) {
      const { Effect = "Allow", Principal, Action, NotAction, Resource, Condition } = statement;
      const anybody = Principal === "*" || Principal?.AWS === "*";
      const from = Principal === undefined ? "" : ` to ${anybody ? "*" : stable(Principal)}`;
      const when = Condition === undefined ? "" : ` when ${stable(Condition)}`;
      for (const action of [Action ?? NotAction].flat()) {
        for (const resource of [Resource ?? ""].flat()) {
          yield `${who}: ${Effect}${from} ${NotAction ? "all but " : ""}${action}${resource === "" ? "" : ` on ${resource}`}${when}`;
        }
      }
    }
  }

  rule(owner, direction, rule) {
    const { IpProtocol, FromPort, ToPort, ...peer } = this.value(rule);
    const ports = FromPort === undefined ? "all ports" : FromPort === ToPort ? `port ${FromPort}` : `ports ${FromPort} to ${ToPort}`;
    const other = peer.CidrIp ?? peer.CidrIpv6 ?? peer.SourceSecurityGroupId ?? peer.DestinationSecurityGroupId ?? peer.DestinationPrefixListId ?? peer.SourcePrefixListId;
    const protocol = IpProtocol === "6" ? "tcp" : IpProtocol;
    return `${owner}: ${direction} ${String(other).replace(/\.GroupId>/, ">")} ${protocol} ${ports}`;
  }
}

/** Resources that are parts of others. */
const INSIDE = new Set(["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::EC2::VPCEndpointServicePermissions"]);

/** The role that a reference leads to, by what it may be assumed for. */
const roleName = (reader, reference) => String(reader.value(reference)).replace(/^<(.*?)(\..*)?>$/, "$1");

const SPECIAL = {
  *"AWS::EC2::SecurityGroup"(reader, id, { SecurityGroupIngress = [], SecurityGroupEgress = [], ...rest }) {
    const owner = reader.name(id);
    for (const rule of SecurityGroupIngress) yield reader.rule(owner, "admits", rule);
    for (const rule of SecurityGroupEgress) {
      // What CDK and CloudFormation's users write for "nothing": a rule that matches nothing.
      if (rule.CidrIp !== "255.255.255.255/32" && rule.CidrIp !== "127.0.0.1/32") yield reader.rule(owner, "lets out to", rule);
    }
    yield* reader.flat(owner, { ...rest, GroupName: undefined });
  },
  *"AWS::EC2::SecurityGroupIngress"(reader, _, { GroupId, ...rule }) {
    yield reader.rule(groupOf(reader, GroupId), "admits", rule);
  },
  *"AWS::EC2::SecurityGroupEgress"(reader, _, { GroupId, ...rule }) {
    yield reader.rule(groupOf(reader, GroupId), "lets out to", rule);
  },
  *"AWS::IAM::Role"(reader, _, { AssumeRolePolicyDocument, Policies = [], ...rest }) {
    yield* reader.statements("IAM::Role trust", AssumeRolePolicyDocument);
    for (const { PolicyDocument } of Policies) yield* reader.statements("IAM::Role", PolicyDocument);
    yield* reader.flat("IAM::Role", rest);
  },
  *"AWS::IAM::Policy"(reader, _, { PolicyDocument }) {
    yield* reader.statements("IAM::Role", PolicyDocument);
  },
  *"AWS::IAM::RolePolicy"(reader, _, { PolicyDocument }) {
    yield* reader.statements("IAM::Role", PolicyDocument);
  },
  *"AWS::IAM::ManagedPolicy"(reader, _, { PolicyDocument, ...rest }) {
    yield* reader.statements("IAM::ManagedPolicy", PolicyDocument);
    yield* reader.flat("IAM::ManagedPolicy", rest);
  },
  *"AWS::EC2::VPCEndpoint"(reader, _, { PolicyDocument, ServiceName, ...rest }) {
    const name = `endpoint ${reader.value(ServiceName)}`;
    yield* reader.statements(name, PolicyDocument);
    yield* reader.flat(name, rest);
  },
  *"AWS::EC2::VPCEndpointServicePermissions"(reader, _, { AllowedPrincipals = [] }) {
    for (const principal of reader.value(AllowedPrincipals)) yield `EC2::VPCEndpointService admits ${principal}`;
  },
  *"AWS::ECS::TaskDefinition"(reader, _, { ContainerDefinitions, ...rest }) {
    for (const { Name, ...container } of ContainerDefinitions) yield* reader.flat(`container ${Name}`, container);
    yield* reader.flat("ECS::TaskDefinition", rest);
  },
  *"AWS::CloudWatch::Alarm"(reader, _, { MetricName, AlarmName, Dimensions, ...rest }) {
    yield* reader.flat(`alarm ${MetricName ?? "of an expression"}`, rest);
  },
};

function groupOf(reader, reference) {
  return String(reader.value(reference)).replace(/^<(.*?)(\.GroupId)?>$/, "$1");
}

/** An attribute of a resource. That of the ID and that of the ARN mean the resource. */
function attribute(name, attribute) {
  return ["Arn", "GroupId", "VpcId", "SubnetId", "ServiceId", "LoadBalancerArn", "ListenerArn", "TargetGroupArn"].includes(attribute) ? `<${name}>` : `<${name}.${attribute}>`;
}

/** The key and the name of an element that is a pair of a name and a value. */
function pair(item) {
  const key = ["Key", "Name"].find((key) => key in item && Object.keys(item).every((other) => [key, "Value", "ValueFrom"].includes(other)));
  return key === undefined ? [] : [key, item[key]];
}

/** A value as text that does not depend on the order of keys. */
function stable(value) {
  if (Array.isArray(value)) return `[${value.map(stable).join(", ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  return `{ ${Object.keys(value).sort().map((key) => `${key}: ${stable(value[key])}`).join(", ")} }`;
}

module.exports = { facts };
