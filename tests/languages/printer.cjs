// Prints recorded calls as a program. What each language does in its own way is in a file of its own.
"use strict";

const { Recorded, piecesOf } = require("./recorder.cjs");

class Printer {
  constructor(types) {
    this.types = types;
  }

  /** A value where one of a type is expected. */
  value(value, type) {
    if (value instanceof Recorded) return this.variable(value.index);
    if (type.union) return this.value(value, this.alternative(value, type.union.types));
    if (type.primitive === "any" || type.primitive === "json") return this.any(value);
    if (typeof value === "string" && type.primitive === "string") return this.text(piecesOf(value));
    if (type.primitive === "number") return this.number(value);
    if (type.primitive === "boolean") return this.flag(value);
    if (type.collection) return this.collection(value, type.collection);
    if (type.fqn && this.types.isEnum(type.fqn)) return this.member(type.fqn, this.types.member(type.fqn, value));
    if (type.fqn && this.types.isStruct(type.fqn)) return this.struct(type.fqn, this.members(value, type.fqn));
    throw new Error(`${JSON.stringify(value)} is no ${JSON.stringify(type)}`);
  }

  /** The members of a struct that are given, each with its value. */
  members(value, fqn) {
    return Object.entries(value).filter(([, item]) => item !== undefined).map(([name, item]) => {
      const type = this.types.property(fqn, name);
      if (!type) throw new Error(`${fqn} has no ${name}`);
      return [name, this.value(item, type)];
    });
  }

  /** Which of several types a value has. */
  alternative(value, types) {
    const fits = ({ primitive, collection, fqn }) =>
      primitive === typeof value || primitive === "any"
      || (collection?.kind === "array" && Array.isArray(value))
      || (fqn && typeof value === "object" && !Array.isArray(value) && this.types.isStruct(fqn));
    return types.find(fits) ?? types[0];
  }

  collection(value, { kind, elementtype }) {
    if (kind === "array") return this.list(value.map((item) => this.value(item, elementtype)), elementtype);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return this.map(entries.map(([key, item]) => [this.key(key), this.value(item, elementtype)]), elementtype);
  }

  /** The arguments of a call, each with its type; what is left out at the end is left out. */
  given({ type, method, given }) {
    const { parameters = [] } = this.types.method(type, method);
    const last = given.findLastIndex((argument) => argument !== undefined);
    return parameters.map(({ type: of }, index) => ({ type: of, value: index <= last ? given[index] : undefined }))
      .slice(0, this.pads ? parameters.length : last + 1);
  }

  /** A text of which some pieces are those of calls. */
  text(pieces) {
    return pieces.map((piece) => (typeof piece === "number" ? this.variable(piece) : JSON.stringify(piece))).join(" + ") || '""';
  }

  /** A value of which only JSON knows the type. */
  any(value) {
    if (Array.isArray(value)) return this.list(value.map((item) => this.any(item)));
    if (typeof value !== "object") return this.value(value, { primitive: typeof value });
    return this.map(Object.entries(value).map(([key, item]) => [this.key(key), this.any(item)]));
  }

  key(text) {
    return JSON.stringify(text);
  }

  /** A case: a function in which an app is given and everything is called that was. */
  case(name, calls) {
    const used = new Set();
    this.variable = (index) => {
      used.add(index);
      return this.name(index);
    };
    const lines = calls.filter((call) => call.type !== "aws-cdk-lib.App").map((call) => [call.index, this.call(call)]);
    return this.function(name, lines.map(([index, line]) => this.statement(index, line, used.has(index))));
  }

  /** What a variable is called; the first call makes the app. */
  name(index) {
    return index === 0 ? "app" : `value${index}`;
  }
}

const pascal = (name) => name[0].toUpperCase() + name.slice(1);

module.exports = { Printer, pascal };
