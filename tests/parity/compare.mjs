// Whether a host answers every case of `tests/parity` as the native library does, byte for byte. Runs in Node.js and in
// browsers.

/** Answers the cases with `ringfence`; gives back one line for each that differs. */
export function differences(ringfence, cases) {
  return cases.filter((expected) => !isSame(answer(ringfence, expected), expected)).map(
    (expected) => `${expected.call}: ${expected.name}: ${shorten(answer(ringfence, expected))}`,
  );
}

function answer(ringfence, { call, arguments: given }) {
  try {
    return { answer: ringfence[call](...given), error: null };
  } catch (error) {
    return { answer: null, error: error.message };
  }
}

function isSame(actual, expected) {
  return actual.answer === expected.answer && actual.error === expected.error;
}

function shorten({ answer: text, error }) {
  return (text ?? `throws ${error}`).slice(0, 200);
}
