// Browsers, workers and bundlers that lose files: the module is part of the JavaScript.

import '../dist/packed.js';
import { load } from './compile.mjs';
import { isReady } from './engine.mjs';
import { havePages, usePages } from './pages.mjs';

export * from './api.mjs';

/** The module, zipped, as Base64: where `packed.js` leaves it, which is a script that every kind of module can load. */
const packed = globalThis[Symbol.for('ringfence.packed')];

let pending;

/** Gets the module ready; a second call waits for the same. */
export function init(source) {
  if (source !== undefined) {
    return load(source);
  }
  if (isReady()) {
    return Promise.resolve();
  }
  pending ??= load(unpacked()).finally(() => {
    pending = undefined;
  });
  return pending;
}

async function unpacked() {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

/** Gets ready what `explain` and `schema` say. */
export async function initPages(source) {
  if (source !== undefined || !havePages()) {
    await usePages(source ?? new URL('./pages.json', import.meta.url));
  }
}
