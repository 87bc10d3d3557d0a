// Two things that make every process of the package start faster. docs/explanation/architecture.md ("The start of a process").
const module_ = require("node:module");
const { dirname, join } = require("node:path");

const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));

// Node keeps what it has compiled, in node_modules/.cache; Node 20 cannot.
module_.enableCompileCache?.(join(sdk, "../../.cache/node"));

// Pulumi's SDK loads a TypeScript compiler with itself, which takes as long as the rest of the SDK, and uses it only to serialize functions
// (pulumi/pulumi, sdk/nodejs/runtime/closure). So it is loaded on first use.
const path = join(sdk, "typescript-shim.js");
let compiler;
const load = () => {
  if (!compiler) {
    delete require.cache[path];
    compiler = require(path);
  }
  return compiler;
};
if (!require.cache[path]) {
  const shim = new module_.Module(path);
  shim.filename = path;
  shim.loaded = true;
  shim.exports = new Proxy(
    {},
    {
      get: (_, name) => load()[name],
      has: (_, name) => name in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, name) => Object.getOwnPropertyDescriptor(load(), name),
    },
  );
  require.cache[path] = shim;
}
