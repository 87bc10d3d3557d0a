#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module) and @pulumi/pulumi 3.276.0 (npm)
# Behaviour: `pulumi up --exclude URN` with a URN that no resource has deploys everything. `--target` with the same URN fails.
# Expected:  the same error as for --target: the resource could not be found in the stack.
# Seen:      --target: "could not be found in the stack"; --exclude: succeeds, and deletes the customer that it should spare
# Matters:   --exclude is what one reaches for to spare a customer during an incident. A typing error in the URN, or a `$` that the
#            shell has expanded, deletes the customer's clients and their secrets. Use `protect` as well.
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
    for (const name of customers) new Customer(name);
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "company", program });
  await stack.up();
  customers = [];
  const misspelled = "urn:pulumi:dev::company::example:index:Customer::akme";
  for (const options of [{ target: [misspelled] }, { exclude: [misspelled] }]) {
    const outcome = await stack.up(options).then(
      ({ summary }) => JSON.stringify(summary.resourceChanges),
      (error) => /could not be found in the stack/.exec(error.message)?.[0] ?? error.message,
    );
    console.log(`${Object.keys(options)}: ${outcome}`);
  }
}
main();
JS
seen=$(node run.cjs)

echo "A URN that no resource has:"
echo "$seen"
[ "$seen" = 'target: could not be found in the stack
exclude: {"delete":1,"same":1}' ] || { echo "The behaviour has changed." >&2; exit 1; }
