// Node.js behind a bundler that loses files: the module is part of the JavaScript.

import '../dist/packed.js';
import { load as compile } from './compile.mjs';
import { loadWith } from './engine.mjs';
import { usePages } from './pages.mjs';
import { unpacked } from './unpack.mjs';

export * from './api.mjs';

loadWith(() => new WebAssembly.Module(unpacked()));

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
