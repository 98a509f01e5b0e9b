// node run-example.cjs FILE.ts
//
// Runs an app in TypeScript.
"use strict";

const path = require("node:path");

require("./typescript.cjs");
require(path.resolve(process.argv[2]));
