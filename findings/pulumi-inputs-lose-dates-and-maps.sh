#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0 (npm)
# Behaviour: a Date, Map or Set among a resource's inputs, or in pulumi.output, becomes an empty object.
# Expected:  an error, or the ISO string that JSON.stringify makes of a date.
# Seen:      {"expires":{},"limits":{},"scopes":{}}
# Matters:   js-yaml returns dates as Date, and code collects scopes in a Set and limits in a Map. The provider or a stack
#            output gets {} and only its own checks can notice. pulumi.jsonStringify of such an object loses the values as well.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
npm ls --depth=0 | grep @pulumi/pulumi@

cat > inputs.cjs << 'JS'
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({
  newResource({ name, inputs }) {
    if (name === "customer") console.log(`input: ${JSON.stringify(inputs)}`);
    return { id: `${name}-id`, state: inputs };
  },
  call: () => ({}),
});
const values = {
  expires: new Date("2026-12-31"),
  limits: new Map([["orders", 100]]),
  scopes: new Set(["read:orders"]),
};
pulumi.runtime.runInPulumiStack(async () => {
  new pulumi.CustomResource("example:index:Customer", "customer", values);
  pulumi.jsonStringify(values).apply((json) => console.log(`jsonStringify: ${json}`));
});
JS
seen=$(node inputs.cjs | sort)

echo "A date, a map and a set:"
echo "$seen"
[ "$seen" = 'input: {"expires":{},"limits":{},"scopes":{}}
jsonStringify: {"expires":{},"limits":{},"scopes":{}}' ] || { echo "The behaviour has changed." >&2; exit 1; }
