#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module)
# Behaviour: the file backend keeps a file STACK.json.attrs beside each state. If that is empty, each command fails with
#            "failed to load checkpoint: EOF", although the state is whole. The message names neither file.
# Expected:  a sidecar with a content type and a checksum can be missing or rebuilt; or the error names it.
# Seen:      pulumi stack export: error: failed to load checkpoint: EOF; without the sidecar: the same state as before
# Matters:   a full disk, or a laptop that dies while the sidecar is written, leaves it empty. The message sounds like a lost state
#            with all clients' ids and secrets, and tempts to start over. Deleting the .attrs file is enough; with
#            ?metadata=skip in the backend's URL, the CLI doesn't write it in the first place.
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
echo "pulumi $(pulumi version)"

cd project
printf 'name: company\nruntime: nodejs\n' > Pulumi.yaml
pulumi stack init dev > /dev/null
attributes="$temp/state/.pulumi/stacks/company/dev.json.attrs"
[ -s "$attributes" ]
pulumi stack export --stack dev > before.json

true > "$attributes"
pulumi stack export --stack dev > failed.txt 2>&1 && echo "exit code 0" > failed.txt
seen=$(cat failed.txt)
rm "$attributes"
pulumi stack export --stack dev > after.json
cmp before.json after.json

echo "With an empty .attrs file:"
echo "$seen"
[ "$seen" = "error: failed to load checkpoint: EOF" ] || { echo "The behaviour has changed." >&2; exit 1; }
