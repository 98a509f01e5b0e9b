// The module out of what LZMA made of it. The library's own entry brings its encoder along, which is five times as large.

import { Decoder } from '../node_modules/lzma1/lib/decoder.js';
import { InputBuffer, OutputBuffer } from '../node_modules/lzma1/lib/streams.js';

/** The bytes of the module; `base64` is where `packed.js` leaves it, which is a script that every kind of module can load. */
export function unpacked(base64 = globalThis[Symbol.for('ringfence.packed')]) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const output = new OutputBuffer();
  new Decoder().decompress(new InputBuffer(bytes), output);
  return new Uint8Array(output.toArray());
}
