// What jsii says of the types of packages.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");

/** The packages with types that programs name. */
const PACKAGES = ["aws-cdk-lib", "cdk-ringfence"];

/** The assembly of an installed package. */
function assemblyOf(name) {
  const folder = path.dirname(require.resolve(`${name}/package.json`));
  const zipped = path.join(folder, ".jsii.gz");
  const text = fs.existsSync(zipped) ? zlib.gunzipSync(fs.readFileSync(zipped)) : fs.readFileSync(path.join(folder, ".jsii"));
  return JSON.parse(text);
}

class Types {
  constructor() {
    this.assemblies = Object.fromEntries(PACKAGES.map((name) => [name, assemblyOf(name)]));
    this.types = Object.assign({}, ...Object.values(this.assemblies).map(({ types }) => types));
  }

  has(fqn) {
    return fqn in this.types;
  }

  of(fqn) {
    const found = this.types[fqn];
    if (!found) throw new Error(`there is no type ${fqn}`);
    return found;
  }

  isStruct(fqn) {
    return this.of(fqn).datatype === true;
  }

  isEnum(fqn) {
    return this.of(fqn).kind === "enum";
  }

  /** A method, of the type itself or of one above it; the constructor when it has no name. */
  method(fqn, name) {
    for (let at = fqn; at; at = this.of(at).base) {
      const { initializer, methods = [] } = this.of(at);
      const found = name === undefined ? initializer : methods.find((method) => method.name === name);
      if (found) return found;
    }
    throw new Error(`${fqn} has no ${name ?? "constructor"}`);
  }

  /** The type of a property of a struct, of its own or of one above it. */
  property(fqn, name) {
    const { properties = [], interfaces = [] } = this.of(fqn);
    const own = properties.find((property) => property.name === name)?.type;
    return own ?? interfaces.map((above) => this.property(above, name)).find((found) => found);
  }

  /** The name of the member of an enum that has a value. */
  member(fqn, value) {
    const [name, ...way] = fqn.split(".");
    const members = way.reduce((at, step) => at[step], require(name));
    const found = this.of(fqn).members.find((member) => members[member.name] === value);
    if (!found) throw new Error(`${fqn} has no ${value}`);
    return found.name;
  }

  /** The package, the module within it if there is one, and the name of a type. */
  place(fqn) {
    const { assembly, name, namespace } = this.of(fqn);
    return { assembly: this.assemblies[assembly], module: namespace, name };
  }
}

module.exports = { Types };
