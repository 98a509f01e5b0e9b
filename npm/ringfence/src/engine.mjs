// Calls of the module, on an instance that is replaced when it has failed.

import { glue } from '../build/glue.mjs';

/** What went wrong is a mistake in Ringfence and not in what it was given. */
export class InternalError extends Error {
  constructor(cause) {
    super(`internal error in Ringfence, please report it with the input: ${cause.message}`, { cause });
    this.name = 'InternalError';
  }
}

let loaded;
let running;
let load = () => {
  throw new Error('Ringfence is not ready: call `await init()` before the first call');
};

/** Says where the module comes from when it is needed and nobody has given it. */
export function loadWith(loader) {
  load = loader;
}

/** Whether there is a module. */
export function isReady() {
  return loaded !== undefined;
}

/** Whether the next call runs on a new instance. */
export function isFresh() {
  return running === undefined;
}

/** Takes the module from here on. */
export function use(module) {
  loaded = module;
  running = undefined;
}

/** Gets the module ready from its bytes, without waiting. */
export function initSync(source) {
  use(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source));
}

function start() {
  loaded ??= load();
  const instance = glue();
  instance.initSync({ module: loaded });
  return instance;
}

/** Traps and exhausted stacks leave the memory of an instance in a state that cannot be trusted. Names are compared, because
 * test runners give every test classes of its own. */
function isFatal(error) {
  return error?.name === 'RuntimeError' || error?.name === 'RangeError';
}

/** Makes a call by its name. */
export function call(name, given) {
  running ??= start();
  try {
    return running[name](...given);
  } catch (error) {
    if (!isFatal(error)) {
      throw error;
    }
    running = undefined;
    throw new InternalError(error);
  }
}

const callOf = (name) => (...given) => call(name, given);

export const check = callOf('check');
export const checkFiles = callOf('checkFiles');
export const checkFilesJson = callOf('checkFilesJson');
export const checkJson = callOf('checkJson');
export const missingFiles = callOf('missingFiles');
export const missingFilesJson = callOf('missingFilesJson');
export const planJson = callOf('planJson');
export const synth = callOf('synth');
export const synthJson = callOf('synthJson');
export const version = callOf('version');
