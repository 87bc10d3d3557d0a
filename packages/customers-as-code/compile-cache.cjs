// Has Node keep what it has compiled, in node_modules/.cache; Node 20 cannot. Everything of the package starts with it.
const { enableCompileCache } = require("node:module");
const { dirname, join } = require("node:path");

enableCompileCache?.(join(dirname(require.resolve("@pulumi/pulumi/package.json")), "../../.cache/node"));
