#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0 with typescript 7.0.2 (npm 10 and 11)
# Behaviour: npm cannot install the SDK beside TypeScript 7, the current one: its optional peer dependency is "< 7".
# Expected:  an optional peer that a program doesn't use, as with typescript: false, leaves the version to the project.
# Seen:      ERESOLVE: peerOptional typescript@">= 3.8.3 < 7" from @pulumi/pulumi@3.276.0
# Matters:   `npm install --save-dev typescript` in a Pulumi project fails, and an update of TypeScript to 7 breaks `npm ci`.
#            Keep 6, or install 7 under an alias (npm:typescript@7.0.2), which the SDK doesn't look at.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm init --yes > npm.log
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 >> npm.log
npm ls --depth=0 | grep @pulumi/pulumi@

if npm install --ignore-scripts --loglevel=error --save-dev typescript@7.0.2 > seven.log 2>&1; then
  echo "The behaviour has changed." >&2
  exit 1
fi
grep -o 'ERESOLVE unable.*\|peerOptional typescript@.*' seven.log
grep -q 'peerOptional typescript@">= 3.8.3 < 7" from @pulumi/pulumi@3.276.0' seven.log || { echo "The behaviour has changed." >&2; exit 1; }

npm install --ignore-scripts --loglevel=error --save-dev typescript-7@npm:typescript@7.0.2 >> npm.log
echo "Under an alias: $(node -p 'require("typescript-7/package.json").version') is installed"
