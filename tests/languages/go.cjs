// Programs in Go.
"use strict";

const { Printer, pascal } = require("./printer.cjs");

/** The paths by which packages are imported. */
const PATHS = {
  "aws-cdk-lib": "github.com/aws/aws-cdk-go/awscdk/v2",
  "cdk-ringfence": "github.com/ringfence-dev/cdk-ringfence-go/ringfence",
};

class Go extends Printer {
  pads = true;
  imports = new Map([["awscdk", PATHS["aws-cdk-lib"]], ["jsii", "github.com/aws/jsii-runtime-go"]]);

  /** The package of a type and its name. */
  place(fqn) {
    const { assembly, module, name } = this.types.place(fqn);
    const alias = module ? module.replaceAll("_", "") : assembly.targets.go.packageName;
    this.imports.set(alias, module ? `${PATHS[assembly.name]}/${alias}` : PATHS[assembly.name]);
    return [alias, name];
  }

  class(fqn) {
    return this.place(fqn).join(".");
  }

  /** A type as a value of it is passed. */
  type({ primitive, collection, fqn }) {
    if (collection) return `*${this.element(collection.kind, collection.elementtype)}`;
    if (fqn) return this.types.isStruct(fqn) ? `*${this.class(fqn)}` : this.class(fqn);
    return { string: "*string", number: "*float64", boolean: "*bool" }[primitive] ?? "interface{}";
  }

  element(kind, type) {
    return kind === "array" ? `[]${this.type(type)}` : `map[string]${this.type(type)}`;
  }

  call(call) {
    const [alias, name] = this.place(call.type);
    const given = this.given(call).map(({ value, type }) => (value === undefined ? "nil" : this.value(value, type)));
    return `${alias}.${call.method === undefined ? `New${name}` : `${name}_${pascal(call.method)}`}(${given.join(", ")})`;
  }

  struct(fqn, members) {
    return `&${this.class(fqn)}{${members.map(([name, value]) => `${pascal(name)}: ${value}`).join(", ")}}`;
  }

  member(fqn, name) { return `${this.class(fqn)}_${name}`; }
  list(items, type) { return `&${this.element("array", type)}{${items.join(", ")}}`; }
  map(entries, type) { return `&${this.element("map", type)}{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`; }
  number(value) { return `jsii.Number(${value})`; }
  flag(value) { return `jsii.Bool(${value})`; }

  text(pieces) {
    if (pieces.length === 1 && typeof pieces[0] === "number") return this.variable(pieces[0]);
    const parts = pieces.map((piece) => (typeof piece === "number" ? `*${this.variable(piece)}` : JSON.stringify(piece)));
    return `jsii.String(${parts.join(" + ") || '""'})`;
  }

  any(value) {
    if (Array.isArray(value)) return `[]interface{}{${value.map((item) => this.any(item)).join(", ")}}`;
    if (typeof value !== "object") return this.value(value, { primitive: typeof value });
    return `map[string]interface{}{${Object.entries(value).map(([key, item]) => `${this.key(key)}: ${this.any(item)}`).join(", ")}}`;
  }

  statement(index, line, isUsed) {
    return isUsed ? `\t${this.name(index)} := ${line}` : `\t${line}`;
  }

  function(name, lines) {
    return `func ${name}(app awscdk.App) {\n${lines.join("\n")}\n}\n`;
  }

  program(functions) {
    const imports = [...this.imports].sort().map(([alias, at]) => `\t${alias} ${JSON.stringify(at)}`);
    const calls = functions.map(({ name }) => `\t${name}(app)`);
    const main = ["func main() {", "\tdefer jsii.Close()", "\tapp := awscdk.NewApp(nil)", ...calls, "\tapp.Synth(nil)", "}", ""];
    return ["main.go", ["package main", "", "import (", ...imports, ")", "", ...functions.map(({ text }) => text), ...main].join("\n")];
  }
}

module.exports = { Go };
