// Browsers, workers and bundlers that lose files: the module is part of the JavaScript.

import '../dist/packed.js';
import { load } from './compile.mjs';
import { isReady } from './engine.mjs';
import { havePages, usePages } from './pages.mjs';
import { unpacked } from './unpack.mjs';

export * from './api.mjs';

let pending;

/** Gets the module ready; a second call waits for the same. */
export function init(source) {
  if (source !== undefined) {
    return load(source);
  }
  if (isReady()) {
    return Promise.resolve();
  }
  pending ??= load(Promise.resolve().then(() => unpacked())).finally(() => {
    pending = undefined;
  });
  return pending;
}

/** Gets ready what `explain` and `schema` say. */
export async function initPages(source) {
  if (source !== undefined || !havePages()) {
    await usePages(source ?? new URL('./pages.json', import.meta.url));
  }
}
