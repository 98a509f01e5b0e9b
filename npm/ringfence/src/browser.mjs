// Browsers, workers and bundlers: the module is fetched from beside this file.

import { load } from './compile.mjs';
import { isReady } from './engine.mjs';
import { havePages, usePages } from './pages.mjs';

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
  // Bundlers know this form, and take the module along.
  pending ??= load(new URL('./ringfence_bg.wasm', import.meta.url)).finally(() => {
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
