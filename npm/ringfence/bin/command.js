// The file `dist/command.wasm.br`: the program without the texts that `dist/pages.json` has too, which are most of what
// `explain` says and a tenth of the package.
"use strict";

const { brotliCompressSync, brotliDecompressSync, constants } = require("node:zlib");

/** Shorter texts are not worth their place in the list. */
const LEAST = 32;
/** The size of a number in the list. */
const NUMBER = 4;

/** The texts of pages as bytes, in their order. */
function texts(pages) {
  const found = [];
  const walk = (value) => {
    if (typeof value === "string") {
      const bytes = Buffer.from(value);
      if (bytes.length >= LEAST) {
        found.push(bytes);
      }
    } else if (value !== null && typeof value === "object") {
      Object.values(value).forEach(walk);
    }
  };
  walk(pages);
  return found;
}

/** The file: how many texts there are, where each stands (0 for none), and the program with zeros there, compressed. */
function pack(program, pages) {
  const all = texts(pages);
  const list = Buffer.alloc((all.length + 1) * NUMBER);
  const rest = Buffer.from(program);
  list.writeUInt32LE(all.length);
  all.forEach((text, index) => {
    const place = Math.max(program.indexOf(text), 0);
    list.writeUInt32LE(place, (index + 1) * NUMBER);
    if (place > 0) {
      rest.fill(0, place, place + text.length);
    }
  });
  const bytes = Buffer.concat([list, rest]);
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** The program that was packed with these pages. */
function unpack(file, pages) {
  const bytes = brotliDecompressSync(file);
  const all = texts(pages);
  if (bytes.readUInt32LE() !== all.length) {
    throw new Error("`command.wasm.br` and `pages.json` are not of the same version: install the package again");
  }
  const program = bytes.subarray((all.length + 1) * NUMBER);
  all.forEach((text, index) => {
    const place = bytes.readUInt32LE((index + 1) * NUMBER);
    if (place > 0) {
      text.copy(program, place);
    }
  });
  return program;
}

module.exports = { pack, unpack };
