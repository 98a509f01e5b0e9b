// Node.js: the module is read and compiled at the first call.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load as compile } from './compile.mjs';
import { loadWith } from './engine.mjs';
import { loadPagesWith, usePages } from './pages.mjs';

export * from './api.mjs';

loadWith(() => new WebAssembly.Module(readFileSync(join(__dirname, 'ringfence_bg.wasm'))));
loadPagesWith(() => JSON.parse(readFileSync(join(__dirname, 'pages.json'), 'utf8')));

/** The first call does all that is needed, unless the module is somewhere else. */
export async function init(source) {
  if (source !== undefined) {
    await compile(source);
  }
}

/** The first `explain` or `schema` does all that is needed, unless the pages are somewhere else. */
export async function initPages(source) {
  if (source !== undefined) {
    await usePages(source);
  }
}
