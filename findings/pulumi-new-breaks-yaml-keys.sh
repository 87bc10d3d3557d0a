#!/usr/bin/env bash
# Version:   Pulumi CLI 3.276.0 (Go module)
# Behaviour: in files of a template that end with .yaml, `pulumi new` replaces ${PROJECT} with the name and a line feed.
# Expected:  the name alone, as in every other file, also in those that end with .yml.
# Seen:      "${PROJECT}:region: x" becomes two lines, which are no YAML; in .yml and .json it is "shop:region: x"
# Matters:   a template with settings of the project in Pulumi.dev.yaml can't be deployed: `pulumi new` fails when it reads the file that
#            it has just written. Write the keys without a namespace, which is the project's then.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
mkdir copy shop template
(
  cd copy
  go mod init copy
  go get github.com/pulumi/pulumi/pkg/v3/cmd/pulumi/templates@v3.276.0
) > go.log 2>&1 || { cat go.log >&2; exit 1; }
# The command needs a language host; this is the function that it copies the files with.
cat > copy/main.go << 'GO'
package main

import (
	"os"

	"github.com/pulumi/pulumi/pkg/v3/cmd/pulumi/templates"
)

func main() {
	if err := templates.CopyTemplateFiles(os.Args[1], os.Args[2], true, "shop", "Our shop."); err != nil {
		panic(err)
	}
}
GO
for file in a.yaml a.yml a.json; do
  # shellcheck disable=SC2016
  echo '${PROJECT}:region: x' > "template/$file"
done
(cd copy && CGO_ENABLED=0 go run . "$temp/template" "$temp/shop") > run.log 2>&1 || { cat run.log >&2; exit 1; }
seen=$(cd shop && head -n 9 a.json a.yaml a.yml)

echo "What the template's line becomes:"
echo "$seen"
[ "$seen" = "==> a.json <==
shop:region: x

==> a.yaml <==
shop
:region: x

==> a.yml <==
shop:region: x" ] || { echo "The behaviour has changed." >&2; exit 1; }
