// What `explain` and `schema` say. It stands in a file of its own, which is read when somebody asks.

let pages;
let load = () => {
  throw new Error('the pages of Ringfence are not loaded: call `await initPages()` before the first `explain` or `schema`');
};

/** Says where the pages come from when they are needed and nobody has given them. */
export function loadPagesWith(loader) {
  load = loader;
}

/** Whether the pages are there. */
export function havePages() {
  return pages !== undefined;
}

/** Takes the pages from here on: an address, a response, or what is in the file. */
export async function usePages(source) {
  const given = await source;
  const isAddress = typeof given === 'string' || given instanceof URL;
  const found = isAddress ? await fetch(given) : given;
  pages = typeof found.json === 'function' ? await found.json() : found;
}

const all = () => (pages ??= load());

/** The page of a rule or of a member of the spec; null if there is none. */
export function explain(subject) {
  if (typeof subject !== 'string') {
    throw new TypeError('give the code of a rule, or a member of the spec');
  }
  const rule = all().codes.find(({ code, name }) => [code, name].some((word) => word.toLowerCase() === subject.toLowerCase()));
  if (rule !== undefined) {
    return { kind: 'rule', ...rule };
  }
  const member = memberAt(subject.split('.').filter((step) => step !== '' && step !== 'spec'));
  return member === undefined ? null : { kind: 'member', ...member };
}

function memberAt(steps) {
  if (steps.length === 0) {
    return all().members.find(({ path }) => path === 'spec');
  }
  return all().members.find(({ path }) => isPath(path.split('.'), steps)) ?? named(steps);
}

/** Whether a member is the one meant: where users choose names, any will do. */
function isPath(path, steps) {
  return path.length === steps.length && path.every((step, at) => step === 'NAME' || step === steps[at]);
}

/** The map whose member of the user's choice is meant. */
function named(steps) {
  const above = steps.length > 1 ? memberAt(steps.slice(0, -1)) : undefined;
  const isMap = above !== undefined && (above.members.length === 0
    ? above.shape.includes('map')
    : all().members.some(({ path }) => path.startsWith(`${above.path}.NAME.`)));
  return isMap ? above : undefined;
}

export const explainJson = (subject) => JSON.stringify(explain(subject));
export const schemaJson = () => all().specSchema;
export const schema = () => JSON.parse(schemaJson());
