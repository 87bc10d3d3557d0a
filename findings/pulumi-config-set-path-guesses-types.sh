#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module)
# Behaviour: with --path, `pulumi config set` writes "123" as a number and "true" as a boolean, but "007" and "1e3" as strings.
#            Without --path, all of them are strings.
# Expected:  one type for all values of one list, or the same type with and without --path.
# Seen:      list: [123,"007","1e3",true]; without --path: "123" is a string
# Matters:   a list of customer numbers or account ids has mixed types, depending on the digits. A program that compares them with
#            === misses some, and one that is typed as string[] is wrong at run time. Pass --type string.
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
index=0
for value in 123 007 1e3 true; do
  pulumi config set --path "list[$index]" "$value"
  index=$((index + 1))
done
pulumi config set plain 123
pulumi config set --path --type string 'typed[0]' 123
seen="list: $(pulumi config get list)
typed: $(pulumi config get typed)
$(grep plain Pulumi.dev.yaml)"

echo "What pulumi config set --path has written:"
echo "$seen"
[ "$seen" = 'list: [123,"007","1e3",true]
typed: ["123"]
  company:plain: "123"' ] || { echo "The behaviour has changed." >&2; exit 1; }
