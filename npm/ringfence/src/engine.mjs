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

/** A call on values. Bytes are objects too, and none that says anything. */
const callOf = (name) => (...given) => {
  if (ArrayBuffer.isView(given[0]) || given[0] instanceof ArrayBuffer) {
    throw new TypeError('give a text or an object: bytes must be decoded first');
  }
  return call(name, given);
};

/** A call on texts, of which there are `count`: the module would take what else it is given for an address in its memory. */
const callOnTexts = (name, count) => (...given) => {
  const isRight = given.length >= count && given.slice(0, count).every((text) => typeof text === 'string');
  if (!isRight) {
    throw new TypeError(`\`${name}\` takes ${count === 1 ? 'a text' : `${count} texts`}`);
  }
  return call(name, given.slice(0, count));
};

export const check = callOf('check');
export const checkFiles = callOf('checkFiles');
export const checkFilesJson = callOnTexts('checkFilesJson', 2);
export const checkJson = callOnTexts('checkJson', 2);
export const missingFiles = callOf('missingFiles');
export const missingFilesJson = callOnTexts('missingFilesJson', 1);
export const planJson = callOnTexts('planJson', 1);
export const synth = callOf('synth');
export const synthJson = callOnTexts('synthJson', 2);
export const version = callOf('version');
