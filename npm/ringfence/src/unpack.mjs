// The module out of what LZMA made of it.

import { Decoder } from 'lzma1/decoder';
import { InputBuffer, OutputBuffer } from 'lzma1/streams';

/** The bytes of the module; `base64` is where `packed.js` leaves it, which is a script that every kind of module can load. */
export function unpacked(base64 = globalThis[Symbol.for('ringfence.packed')]) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const output = new OutputBuffer();
  new Decoder().decompress(new InputBuffer(bytes), output);
  return new Uint8Array(output.toArray());
}
