// Programs in Python.
"use strict";

const { Printer } = require("./printer.cjs");

const RESERVED = ["and", "as", "assert", "class", "def", "del", "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass"];

const snake = (name) => {
  const made = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return RESERVED.includes(made) ? `${made}_` : made;
};

class Python extends Printer {
  modules = new Set(["aws_cdk"]);

  class(fqn) {
    const { assembly, module, name } = this.types.place(fqn);
    const { python } = module ? assembly.submodules[`${assembly.name}.${module}`].targets : assembly.targets;
    this.modules.add(python.module);
    return `${python.module}.${name}`;
  }

  call(call) {
    const name = call.method === undefined ? this.class(call.type) : `${this.class(call.type)}.${snake(call.method)}`;
    const given = this.given(call).flatMap(({ value, type }, index, all) => {
      const isLifted = index === all.length - 1 && type.fqn && this.types.isStruct(type.fqn) && value !== undefined;
      return isLifted ? this.keywords(this.members(value, type.fqn)) : [value === undefined ? "None" : this.value(value, type)];
    });
    return `${name}(${given.join(", ")})`;
  }

  keywords(members) {
    return members.map(([name, value]) => `${snake(name)}=${value}`);
  }

  struct(fqn, members) { return `${this.class(fqn)}(${this.keywords(members).join(", ")})`; }
  member(fqn, name) { return `${this.class(fqn)}.${name}`; }
  list(items) { return `[${items.join(", ")}]`; }
  map(entries) { return `{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`; }
  number(value) { return String(value); }
  flag(value) { return value ? "True" : "False"; }

  statement(index, line, isUsed) {
    return isUsed ? `    ${this.name(index)} = ${line}` : `    ${line}`;
  }

  function(name, lines) {
    return `def ${name}(app):\n${lines.join("\n")}\n`;
  }

  program(functions) {
    const imports = [...this.modules].sort().map((name) => `import ${name}`);
    const calls = functions.map(({ name }) => `${name}(app)`);
    return ["app.py", [...imports, "", ...functions.map(({ text }) => text), "app = aws_cdk.App()", ...calls, "app.synth()", ""].join("\n")];
  }
}

module.exports = { Python };
