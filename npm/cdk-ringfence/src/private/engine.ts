/**
 * The one place that loads Ringfence's model, which is Rust compiled to WebAssembly: on the first call, not when the
 * package is loaded, so that apps which only import the types pay nothing.
 */

import type { Report } from './report';

/** What the glue beside the module exports and this package calls. */
interface Glue {
  /** What a construct is made of. */
  planJson(request: string): string;
  /** What is wrong in the files of a cloud assembly, whose texts are given by name. */
  checkFiles(files: Record<string, string>): Report;
  /** Which files of a cloud assembly are needed beside those that are given. */
  missingFiles(files: Record<string, string>): string[];
  /** The version of Ringfence that the module was built from. */
  version(): string;
}

let loaded: Glue | undefined;

/** Calls the model. A failure inside of it becomes an error that says so, and the next call gets a fresh instance. */
export function ask<Call extends keyof Glue>(call: Call, ...given: Parameters<Glue[Call]>): ReturnType<Glue[Call]> {
  const glue = (loaded ??= load());
  try {
    return (glue[call] as (...given: Parameters<Glue[Call]>) => ReturnType<Glue[Call]>)(...given);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RuntimeError') {
      throw error;
    }
    loaded = undefined;
    forget();
    throw new Error(`internal error in Ringfence, please report it with what your app gave to it: ${error.message}`);
  }
}

/** Loads the glue, which reads and starts the module beside it. */
function load(): Glue {
  // A plain `require`, so that bundlers see it and Node.js loads it when it is needed.
  return require('../../wasm/ringfence.js') as Glue;
}

/** Lets the next `load` start a new instance: the memory of one that failed cannot be trusted. */
function forget(): void {
  try {
    delete require.cache[require.resolve('../../wasm/ringfence.js')];
  } catch {
    // A bundle has neither file nor cache. Its one instance stays, and says the same error again if it is broken.
  }
}
