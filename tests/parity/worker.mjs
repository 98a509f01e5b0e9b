// What runs in a worker of the browser.

import { differences } from './compare.mjs';

onmessage = async ({ data: { form, cases } }) => {
  const ringfence = await import(`/package/dist/${form}.mjs`);
  await Promise.all([ringfence.init(), ringfence.initPages()]);
  postMessage(differences(ringfence, cases));
};
