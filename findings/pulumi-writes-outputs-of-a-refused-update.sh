#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module) and @pulumi/pulumi 3.276.0 (npm)
# Behaviour: an update that fails because a protected resource may not be deleted has already written the program's new stack
#            outputs to the state.
# Expected:  a refused update leaves the state as it was; at least the outputs belong to the last successful one.
# Seen:      the update fails, and the output `customers` is 0 although the customer still exists
# Matters:   scripts and other stacks (StackReference) read outputs, such as the customers of a gateway or portal. They see the
#            refused deployment as the current one. Whoever compares a program with the last outputs finds no difference the
#            second time. A preview before the update fails early and writes nothing.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
mkdir cli bin
(
  cd cli
  go mod init cli
  go get github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@v3.276.0
  version=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.276.0
  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X $version" -o ../bin/pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
) > go.log 2>&1 || { cat go.log >&2; exit 1; }
export PATH="$temp/bin:$PATH" PULUMI_HOME="$temp/home" PULUMI_SKIP_UPDATE_CHECK=true PULUMI_CONFIG_PASSPHRASE=passphrase
mkdir state project
export PULUMI_BACKEND_URL="file://$temp/state"
npm install --ignore-scripts --loglevel=error @pulumi/pulumi@3.276.0 > npm.log
echo "pulumi $(pulumi version)"

cat > run.cjs << 'JS'
const pulumi = require("@pulumi/pulumi");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");

class Customer extends pulumi.ComponentResource {
  constructor(name, options) {
    super("example:index:Customer", name, {}, options);
    this.registerOutputs({});
  }
}

async function main() {
  let customers = ["acme"];
  const program = async () => {
    for (const name of customers) new Customer(name, { protect: true });
    return { customers: customers.length };
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "company", program });
  await stack.up();
  customers = [];
  const outcome = await stack.up().then(
    () => "succeeds",
    (error) => (/cannot be deleted/.test(error.message) ? "refuses to delete" : error.message),
  );
  console.log(`update: ${outcome}`);
  const { deployment } = await stack.exportStack();
  const count = deployment.resources.filter(({ type }) => type === "example:index:Customer").length;
  console.log(`customers in the state: ${count}, output: ${(await stack.outputs()).customers.value}`);
}
main();
JS
seen=$(node run.cjs)

echo "After an update without a protected customer:"
echo "$seen"
[ "$seen" = "update: refuses to delete
customers in the state: 1, output: 0" ] || { echo "The behaviour has changed." >&2; exit 1; }
