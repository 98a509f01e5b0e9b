// What is the same in two templates: resources with the logical IDs of one, and without what says nothing.
"use strict";

/** A template with the names of the plan in place of logical IDs, which are told by the paths in the metadata. */
function renamed(template, planned, prefix) {
  const ids = new Map();
  const byPath = new Map(planned.resources.map(({ path: at, id }) => [`${prefix}/${at}`, id]));
  for (const [id, { Metadata }] of Object.entries(template.Resources)) {
    ids.set(id, byPath.get(Metadata["aws:cdk:path"]) ?? id);
  }
  for (const section of ["Mappings", "Conditions", "Parameters"]) {
    for (const name of Object.keys(planned[section.toLowerCase()] ?? {})) {
      const id = Object.keys(template[section] ?? {}).find((key) => key.startsWith(prefix.split("/").slice(1).join("")) && key.includes(name));
      if (id) ids.set(id, name);
    }
  }
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === "string") return ids.get(value) ?? value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [ids.get(key) ?? key, walk(item)]));
  };
  return walk(template);
}

/** A value without what says nothing: order of tags, how texts are joined, pseudo parameters that the stack knows. */
function plainly(value, env) {
  if (Array.isArray(value)) {
    const items = value.map((item) => plainly(item, env));
    const isTags = items.length > 0 && items.every((item) => item?.Key !== undefined && item.Value !== undefined);
    return isTags ? items.sort((one, other) => (one.Key < other.Key ? -1 : 1)) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const known = { "AWS::AccountId": env.account, "AWS::Region": env.region, "AWS::Partition": env.region && "aws" }[value.Ref];
  if (known) return known;
  const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainly(item, env)]).sort());
  if (typeof made["Fn::Sub"] === "string") return plainly({ "Fn::Join": ["", substituted(made["Fn::Sub"])] }, env);
  // The CDK gives a parameter by its ARN where the spec has its name: ECS takes both.
  if (/^\//.test(made.ValueFrom)) made.ValueFrom = `arn:aws:ssm:${env.region}:${env.account}:parameter${made.ValueFrom}`;
  if (typeof made["Fn::GetAtt"] === "string") return { "Fn::GetAtt": made["Fn::GetAtt"].split(".") };
  const join = made["Fn::Join"];
  return join?.[0] === "" && Array.isArray(join[1]) ? joined(join[1]) : made;
}

/** The pieces of a text with `${…}` in it. */
function substituted(text) {
  return text.split(/(\$\{[^}]+\})/).filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("${") ? { Ref: piece.slice(2, -1) } : piece));
}

function joined(parts) {
  const flat = parts.flatMap((part) => (part?.["Fn::Join"]?.[0] === "" ? part["Fn::Join"][1] : [part]));
  const merged = flat.reduce((before, part) => {
    const last = before.at(-1);
    return typeof last === "string" && typeof part === "string" ? [...before.slice(0, -1), last + part] : [...before, part];
  }, []);
  return merged.length === 1 ? merged[0] : { "Fn::Join": ["", merged] };
}

function ofTemplate({ Type, Properties = {}, DependsOn = [], DeletionPolicy, UpdateReplacePolicy, Condition }, env) {
  const order = [DependsOn].flat().sort();
  return plainly({ Type, Properties, DependsOn: order, DeletionPolicy, UpdateReplacePolicy, Condition }, env);
}

module.exports = { ofTemplate, plainly, renamed };
