// Node.js behind a bundler that loses files: the module is part of the JavaScript.

import { gunzipSync } from 'node:zlib';
import '../dist/packed.js';
import { load as compile } from './compile.mjs';
import { loadWith } from './engine.mjs';
import { usePages } from './pages.mjs';

export * from './api.mjs';

/** The module, zipped, as Base64: where `packed.js` leaves it, which is a script that every kind of module can load. */
const packed = globalThis[Symbol.for('ringfence.packed')];

loadWith(() => new WebAssembly.Module(gunzipSync(Buffer.from(packed, 'base64'))));

/** The first call does all that is needed, unless the module is somewhere else. */
export async function init(source) {
  if (source !== undefined) {
    await compile(source);
  }
}

/** Gets ready what `explain` and `schema` say: hand over what is in `ringfence/pages.json`. */
export async function initPages(source) {
  if (source !== undefined) {
    await usePages(source);
  }
}
