// Lets tests `require` files in TypeScript, such as the examples. Types are checked elsewhere.
"use strict";

const fs = require("node:fs");

const typescript = require("typescript");

require.extensions[".ts"] = (module, file) => {
  const { outputText } = typescript.transpileModule(fs.readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022, inlineSourceMap: true },
  });
  module._compile(outputText, file);
};
