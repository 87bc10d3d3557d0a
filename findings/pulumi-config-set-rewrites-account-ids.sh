#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module)
# Behaviour: the CLI reads Pulumi.STACK.yaml by YAML 1.1, and `pulumi config set` of any key writes what it has read of all the
#            others: an account id with a leading zero loses it, or is read as an octal number, and a date gets a time.
# Expected:  other keys stay as they are in the file, and digits without quotes are decimal or a string, as in YAML 1.2.
# Seen:      012345678901 becomes 12345678901, 001234567012 becomes 175304202, 2026-01-31 becomes 2026-01-31 00:00:00 +0000 UTC
# Matters:   `aws:allowedAccountIds` refuses the right account. Tools that read the file with the npm package
#            yaml see 1234567012 before, and the octal value after an unrelated `config set`. Quote account ids and dates.
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
cat > Pulumi.dev.yaml << 'YAML'
config:
  aws:allowedAccountIds:
    - 012345678901
    - 001234567012
    - "001234567012"
  company:since: 2026-01-31
YAML
pulumi config set company:color blue
seen=$(grep -v encryptionsalt Pulumi.dev.yaml)

echo "Pulumi.dev.yaml after pulumi config set company:color blue:"
echo "$seen"
[ "$seen" = 'config:
  aws:allowedAccountIds:
    - 12345678901
    - 175304202
    - "001234567012"
  company:since: 2026-01-31 00:00:00 +0000 UTC
  company:color: blue' ] || { echo "The behaviour has changed." >&2; exit 1; }
