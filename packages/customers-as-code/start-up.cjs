// Makes Node run TypeScript: node --require customers-as-code/start-up.cjs FILE. Everything of the product starts by it: the program
// (Pulumi.yaml, nodeargs), the policy pack and the commands. docs/architecture.md ("The start of a process") explains it.
const { enableCompileCache } = require("node:module");
const { dirname, join } = require("node:path");

// Node 22 and newer keep what they have compiled. Node 20 doesn't have the function.
enableCompileCache?.(join(dirname(require.resolve("tsx/package.json")), "../.cache/node"));
// tsx runs TypeScript without checking types; `npm run typecheck` checks them. JavaScript files stay Node's own: tsx would search each one
// of node_modules for ECMAScript modules, which takes longer than everything else before the program begins.
const { ".js": loadJavaScript } = require.extensions;
require("tsx/cjs");
require.extensions[".js"] = loadJavaScript;
