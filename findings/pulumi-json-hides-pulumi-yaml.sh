#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module)
# Behaviour: if Pulumi.json and Pulumi.yaml are in one folder, the CLI reads Pulumi.json and ignores Pulumi.yaml.
# Expected:  an error or a warning about two project files, or Pulumi.yaml, which documentation and `pulumi new` use.
# Seen:      no stacks; a new one belongs to from-json, its settings go to Pulumi.dev.json, and no word about the other files
# Matters:   a leftover or generated Pulumi.json takes the program to another project: all stacks seem to be gone, and a
#            deployment to a new stack creates a second set of clients and APIs beside the real ones.
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
printf 'name: from-yaml\nruntime: nodejs\n' > Pulumi.yaml
pulumi stack init dev > /dev/null
echo '{ "name": "from-json", "runtime": "nodejs" }' > Pulumi.json
stacks=$(pulumi stack ls --json 2>&1)
pulumi stack init dev > init.txt 2>&1
pulumi config set key value
seen="stacks: $stacks
$(cat init.txt)
$(grep -o '"from-[a-z]*:key": "value"' Pulumi.dev.json)"

echo "With both files:"
echo "$seen"
[ "$seen" = "stacks: []
Created stack 'dev'
\"from-json:key\": \"value\"" ] || { echo "The behaviour has changed." >&2; exit 1; }
