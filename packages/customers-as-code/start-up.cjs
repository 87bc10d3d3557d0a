// Has Node run TypeScript: node --require customers-as-code/start-up.cjs FILE. tsx does it, which does not check types (`npm run typecheck` does).
// It would look into every JavaScript file of node_modules as well, for ECMAScript modules: more work than all else before the
// program begins, so that these files stay Node's own. From Node 22 on it keeps what it has compiled.
const { enableCompileCache } = require("node:module");
const { dirname, join } = require("node:path");

enableCompileCache?.(join(dirname(require.resolve("tsx/package.json")), "../.cache/node"));
const { ".js": javascript } = require.extensions;
require("tsx/cjs");
require.extensions[".js"] = javascript;
