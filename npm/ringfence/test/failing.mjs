// A package around a module that can be made to panic: `build.cjs FOLDER` makes it of what is in the folder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh, loadWith } from '../src/engine.mjs';

export { InternalError, call, check } from '../src/engine.mjs';
export { isFresh };

loadWith(() => new WebAssembly.Module(readFileSync(join(__dirname, 'ringfence_bg.wasm'))));
