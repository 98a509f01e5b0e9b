// What a page does with the package: it is bundled as it is, with what a bundler does when it is told nothing.
import { check, explain, init, initPages } from 'ringfence';

async function run() {
  await init();
  await initPages();
  const spec = { name: 'payments', services: { api: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1', prot: 8080 } } };
  return { rules: check(spec).findings.map(({ rule }) => rule), page: JSON.stringify(explain('RF0002')).includes('RF0002') };
}

run()
  .catch((error) => ({ error: String(error?.stack ?? error) }))
  .then((result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) }));
