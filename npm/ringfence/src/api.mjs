// What every host exports beside `init`.

export {
  InternalError,
  check,
  checkFiles,
  checkFilesJson,
  checkJson,
  initSync,
  missingFiles,
  missingFilesJson,
  planJson,
  synth,
  synthJson,
  version,
} from './engine.mjs';
export { explain, explainJson, schema, schemaJson } from './pages.mjs';
