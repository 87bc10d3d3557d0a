#!/usr/bin/env bash
# Version:   @pulumi/pulumi 3.276.0 (npm)
# Behaviour: in unit tests, newResource of setMocks gets an input that is or contains a secret as an envelope of two keys: a
#            signature and the value. A secret deep in an object wraps the whole property, not only itself.
# Expected:  plain values; a mock stands for a provider, and the engine gives providers plain ones unless they ask for more.
# Seen:      {"environment":{SIGNATURE:SIGNATURE,"value":{"variables":{"STAGE":"dev","TOKEN":"token"}}},"name":"authorizer"}
# Matters:   args.inputs.environment.variables.TOKEN of a Lambda function is undefined as soon as any variable is secret, and
#            assertions on it pass or fail for the wrong reason. Unwrap inputs in the mock first.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
npm ls --depth=0 | grep @pulumi/pulumi@

cat > mock.cjs << 'JS'
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({
  newResource({ name, inputs }) {
    if (name === "function") console.log(JSON.stringify(inputs));
    return { id: `${name}-id`, state: inputs };
  },
  call: () => ({}),
});
pulumi.runtime.runInPulumiStack(async () => {
  const variables = { STAGE: "dev", TOKEN: pulumi.secret("token") };
  new pulumi.CustomResource("example:index:Function", "function", { name: "authorizer", environment: { variables } });
});
JS
seen=$(node mock.cjs)

echo "The inputs that the mock gets:"
echo "$seen"
grep -Eq '^\{"environment":\{"[0-9a-f]{32}":"[0-9a-f]{32}","value":\{"variables":\{"STAGE":"dev","TOKEN":"token"\}\}\},"name":"authorizer"\}$' \
  <<< "$seen" || { echo "The behaviour has changed." >&2; exit 1; }
