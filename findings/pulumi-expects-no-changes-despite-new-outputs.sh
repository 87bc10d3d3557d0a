#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module) and @pulumi/pulumi 3.276.0 (npm)
# Behaviour: `--expect-no-changes` counts resources only. A preview or update that changes, adds or removes stack outputs passes.
# Expected:  changed outputs are changes: the display lists them, and the update writes them.
# Seen:      a preview whose outputs are all different: succeeds with {"same":2}
# Matters:   CI runs it to prove that a refactoring changes nothing, or that the deployed stack is that of the branch. Outputs are
#            what other stacks, portals and scripts depend on, so the check is green for a change that breaks them.
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
  let outputs = { endpoint: "https://api.example.com", customers: 1 };
  const program = async () => {
    new Customer("acme");
    return outputs;
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "company", program });
  await stack.up();
  outputs = { endpoint: "https://other.example.com", added: true };
  const { changeSummary } = await stack.preview({ expectNoChanges: true });
  console.log(`preview: ${JSON.stringify(changeSummary)}`);
  await stack.up({ expectNoChanges: true });
  console.log(`outputs after the update: ${Object.keys(await stack.outputs()).sort()}`);
}
main();
JS
seen=$(node run.cjs)

echo "With --expect-no-changes, after all outputs have changed:"
echo "$seen"
[ "$seen" = 'preview: {"same":2}
outputs after the update: added,endpoint' ] || { echo "The behaviour has changed." >&2; exit 1; }
