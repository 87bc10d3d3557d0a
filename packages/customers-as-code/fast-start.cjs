// Three things that make every process of the package start faster. docs/explanation/architecture.md ("The start of a process").
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
place(
  path,
  new Proxy(
    {},
    {
      get: (_, name) => load()[name],
      has: (_, name) => name in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, name) => Object.getOwnPropertyDescriptor(load(), name),
    },
  ),
);

// Pulumi's runners install source-map-support, which then formats the stack that Pulumi's SDK takes of each resource and looks for source maps
// of each of its frames: an eighth of a preview's processor time. Node runs the company's TypeScript without source maps, and the
// package has none.
place(require.resolve("source-map-support/register", { paths: [sdk] }), {});

/** Lets a module that isn't loaded yet have these exports. */
function place(path, exports) {
  if (require.cache[path]) return;
  const placed = new module_.Module(path);
  Object.assign(placed, { filename: path, loaded: true, exports });
  require.cache[path] = placed;
}
