#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0, with the source-map-support that it installs (npm)
# Behaviour: each resource's constructor takes the stack of its caller with all its frames, however deep, and turns it into a
#            string. The runner of `pulumi up` registers source-map-support first, which formats each frame and looks for the
#            source map of its file, also where no file has one.
# Expected:  stacks are formatted only for errors; source-map-support has no cost in a program without source maps.
# Seen:      a resource that is declared below 40 calls: one stack of over 40 frames, each asked for its file, by prepareStackTrace
# Matters:   declarations from nested functions and callbacks pay for every frame. In a program with some dozens of resources this
#            was an eighth of a preview's processor time.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
npm ls --depth=0 | grep @pulumi/pulumi@
runner=node_modules/@pulumi/pulumi/cmd/run/index.js
grep -q 'require("source-map-support/register")' "$runner" || { echo "The runner registers no source-map-support." >&2; exit 1; }

cat > stacks.cjs << 'JS'
const pulumi = require("@pulumi/pulumi");
require("source-map-support/register");
const format = Error.prepareStackTrace;
let deep = 0;
Error.prepareStackTrace = (error, frames) => {
  if (frames.length > 40) deep += 1;
  return format(error, frames);
};
pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  call: () => ({}),
});
const below = (calls, declare) => (calls === 0 ? declare() : below(calls - 1, declare));
for (const name of ["one", "two", "three"]) below(40, () => new pulumi.ComponentResource("example:index:Thing", name));
console.log(`${format ? "formatted by source-map-support" : "as V8 has them"}: ${deep} deep stacks for 3 resources`);
JS
seen=$(node stacks.cjs)
echo "$seen"
[ "$seen" = "formatted by source-map-support: 3 deep stacks for 3 resources" ] || { echo "The behaviour has changed." >&2; exit 1; }
