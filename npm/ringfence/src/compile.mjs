// Getting a module from wherever a caller has it, without blocking.

import { use } from './engine.mjs';

/** Compiles what `source` leads to, and takes it from here on. */
export async function load(source) {
  use(await compile(await source));
}

async function compile(source) {
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  const isAddress = typeof source === 'string' || source instanceof URL || isA('Request', source);
  const found = isAddress ? await fetch(source) : source;
  return isA('Response', found) ? fromResponse(found) : WebAssembly.compile(found);
}

/** Whether `value` is of a class that not every host has. */
function isA(name, value) {
  return typeof globalThis[name] === 'function' && value instanceof globalThis[name];
}

async function fromResponse(response) {
  if (!response.ok) {
    throw new Error(`the module of Ringfence cannot be loaded: ${response.url} answers ${response.status}`);
  }
  // Servers that do not know WebAssembly send another type, which only the slower way accepts.
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/wasm') && typeof WebAssembly.compileStreaming === 'function') {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
