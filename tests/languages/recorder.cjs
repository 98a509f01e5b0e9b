// Stands in for packages that jsii knows, and records how they are called: classes are made and their static methods are called
// as ever, and what comes back stands for a value that nobody has worked out yet.
"use strict";

/** What stands for a text that is not known yet, within texts around it. */
const MARK = "\u0001";

/** A value that a call gives. */
class Recorded {
  constructor(index, type, method, given) {
    Object.assign(this, { index, type, method, given });
  }
}

/** What is called, in the order in which it is. */
class Recorder {
  constructor(types) {
    this.types = types;
    this.calls = [];
  }

  /** A package, by its name. */
  package(name) {
    const member = (path) => new Proxy({}, {
      get: (_, key) => {
        const fqn = `${path}.${key}`;
        return this.types.has(fqn) ? this.class(fqn) : member(fqn);
      },
    });
    return member(name);
  }

  class(fqn) {
    return new Proxy(function () {}, {
      construct: (_, given) => this.record(fqn, undefined, given),
      get: (_, method) => (...given) => {
        const made = this.record(fqn, method, given);
        const isText = this.types.method(fqn, method).returns.type.primitive === "string";
        return isText ? `${MARK}${made.index}${MARK}` : made;
      },
    });
  }

  record(fqn, method, given) {
    const made = new Recorded(this.calls.length, fqn, method, given);
    this.calls.push(made);
    return made;
  }
}

/** The pieces of a text: texts, and the numbers of the calls whose texts stand between them. */
function piecesOf(text) {
  const pieces = text.split(MARK).map((piece, index) => (index % 2 === 1 ? Number(piece) : piece));
  return pieces.filter((piece) => piece !== "");
}

module.exports = { MARK, Recorded, Recorder, piecesOf };
