// The file `dist/command.wasm.br`: how the program differs from the module and the texts beside it, which have most of its
// texts and some of its code. First comes the length of those, then a delta in the format of Fossil
// (https://fossil-scm.org/home/doc/trunk/www/delta_format.wiki), all compressed.
"use strict";

const { brotliDecompressSync } = require("node:zlib");

/** The size of the number at the beginning. */
const NUMBER = 4;
/** The digits of Fossil's numbers, in their order. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit.charCodeAt(0), value]));

/** What the program is told from: the module, and the texts of the pages in their order. */
function source(module, pages) {
  const parts = [module];
  const walk = (value) => {
    if (typeof value === "string") {
      parts.push(Buffer.from(value));
    } else if (value !== null && typeof value === "object") {
      Object.values(value).forEach(walk);
    }
  };
  walk(JSON.parse(pages));
  return Buffer.concat(parts);
}

/** The program, out of its file and what it is told from. */
function unpack(file, from) {
  const delta = brotliDecompressSync(file);
  if (delta.readUInt32LE() !== from.length) {
    throw new Error("`command.wasm.br` and the files beside it are not of the same version: install the package again");
  }
  let place = NUMBER;
  const number = () => {
    let value = 0;
    for (let digit; (digit = VALUES.get(delta[place])) !== undefined; place += 1) {
      value = value * DIGITS.length + digit;
    }
    return value;
  };
  const program = Buffer.allocUnsafe(number());
  place += 1;
  for (let end = 0; end < program.length; ) {
    const count = number();
    const isCopy = delta[place] === "@".charCodeAt(0);
    place += 1;
    if (isCopy) {
      const start = number();
      from.copy(program, end, start, start + count);
      place += 1;
    } else {
      delta.copy(program, end, place, place + count);
      place += count;
    }
    end += count;
  }
  return program;
}

module.exports = { NUMBER, source, unpack };
