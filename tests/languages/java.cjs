// Programs in Java.
"use strict";

const { Printer } = require("./printer.cjs");

class Java extends Printer {
  class(fqn) {
    const { assembly, module, name } = this.types.place(fqn);
    const { java } = module ? assembly.submodules[`${assembly.name}.${module}`].targets : assembly.targets;
    return `${java.package}.${name}`;
  }

  call(call) {
    const given = this.given(call).map(({ value, type }) => (value === undefined ? "null" : this.value(value, type)));
    const name = call.method === undefined ? `new ${this.class(call.type)}` : `${this.class(call.type)}.${call.method}`;
    return `${name}(${given.join(", ")})`;
  }

  struct(fqn, members) {
    return `${this.class(fqn)}.builder()${members.map(([name, value]) => `.${name}(${value})`).join("")}.build()`;
  }

  member(fqn, name) { return `${this.class(fqn)}.${name}`; }
  list(items) { return `java.util.List.of(${items.join(", ")})`; }
  map(entries) { return `java.util.Map.ofEntries(${entries.map(([key, value]) => `java.util.Map.entry(${key}, ${value})`).join(", ")})`; }
  number(value) { return String(value); }
  flag(value) { return String(value); }

  statement(index, line, isUsed) {
    return isUsed ? `        var ${this.name(index)} = ${line};` : `        ${line};`;
  }

  function(name, lines) {
    return `    private static void ${name}(final App app) {\n${lines.join("\n")}\n    }\n`;
  }

  program(functions) {
    const calls = functions.map(({ name }) => `        ${name}(app);`);
    const main = ["    public static void main(final String[] arguments) {", "        App app = new App();", ...calls, "        app.synth();", "    }"];
    const text = [
      "package shop;", "", "import software.amazon.awscdk.App;", "", "public final class PaymentsApp {",
      ...functions.map((made) => made.text), ...main, "}", "",
    ];
    return ["src/main/java/shop/PaymentsApp.java", text.join("\n")];
  }
}

module.exports = { Java };
