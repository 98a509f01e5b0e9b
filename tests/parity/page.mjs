// What runs in the browser: the cases on the page itself and in a worker, with the module from its file and inlined.

import { differences } from './compare.mjs';

const FORMS = ['browser', 'inline'];

async function onPage(form, cases) {
  const ringfence = await import(`/package/dist/${form}.mjs`);
  await Promise.all([ringfence.init(), ringfence.init(), ringfence.initPages()]);
  return differences(ringfence, cases);
}

function inWorker(form, cases) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('worker.mjs', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(`the worker fails: ${event.message}`));
    worker.postMessage({ form, cases });
  });
}

async function run() {
  const cases = await (await fetch('/cases.json')).json();
  const told = {};
  for (const form of FORMS) {
    told[`page, ${form}`] = await onPage(form, cases);
    told[`worker, ${form}`] = await inWorker(form, cases);
  }
  return { cases: cases.length, told };
}

const result = await run().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
