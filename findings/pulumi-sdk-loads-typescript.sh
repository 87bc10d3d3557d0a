#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0 with typescript 5.9.3 (npm)
# Behaviour: the SDK loads a TypeScript compiler as soon as it is required, also in a program in JavaScript: the project's own
#            if there is one, and otherwise a copy of 3.8.3 that it comes with.
# Expected:  a compiler is loaded for programs in TypeScript, and `typescript: false` in Pulumi.yaml does without one.
# Seen:      none: vendor/typescript@3.8.3/typescript.js; with typescript: node_modules/typescript/lib/typescript.js
# Matters:   every deployment, policy pack and script that uses the SDK compiles megabytes of JavaScript first, and a newer
#            TypeScript in devDependencies, meant for the editor, makes them larger.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
npm ls --depth=0 | grep @pulumi/pulumi@

cat > load.cjs << 'JS'
require("@pulumi/pulumi");
const compilers = Object.keys(require.cache).filter((path) => path.endsWith("/typescript.js"));
console.log(compilers.map((path) => path.split("/node_modules/@pulumi/pulumi/").at(-1)).join(" "));
JS
show() { node load.cjs | sed "s#$(pwd -P)/##"; }
none=$(show)
npm install --ignore-scripts --loglevel=error typescript@5.9.3 >> npm.log
own=$(show)
echo "Without TypeScript in the project: $none"
echo "With it:                           $own"
[ "$none" = "vendor/typescript@3.8.3/typescript.js" ] && [ "$own" = "node_modules/typescript/lib/typescript.js" ] ||
  { echo "The behaviour has changed." >&2; exit 1; }
