#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0 (npm)
# Behaviour: Config.getNumber and requireNumber read a number's beginning and drop the rest.
# Expected:  an error, as for "thirty" and as getBoolean gives for "True"; or the number that JavaScript's Number() reads.
# Seen:      "30s" is 30, "1_000" is 1, "0x1F" is 0, "5,000" is 5
# Matters:   Pulumi.STACK.yaml keeps values as strings, so a limit of 1_000 calls in quotes, or a time-out of 30m in a setting in
#            seconds, deploys another number without a word. Read the string and check it yourself.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
npm ls --depth=0 | grep @pulumi/pulumi@

cat > read.cjs << 'JS'
const pulumi = require("@pulumi/pulumi");
const values = ["30s", "1_000", "0x1F", "5,000", "thirty"];
pulumi.runtime.setAllConfig(Object.fromEntries(values.map((value) => [`api:${value}`, value])));
const config = new pulumi.Config("api");
for (const value of values) {
  try {
    console.log(`${value}: ${config.requireNumber(value)}`);
  } catch {
    console.log(`${value}: error`);
  }
}
JS
seen=$(node read.cjs)

echo "What requireNumber returns:"
echo "$seen"
[ "$seen" = "30s: 30
1_000: 1
0x1F: 0
5,000: 5
thirty: error" ] || { echo "The behaviour has changed." >&2; exit 1; }
