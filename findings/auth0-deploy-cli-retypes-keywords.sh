#!/usr/bin/env bash
# Version:   auth0-deploy-cli 8.44.0 (npm)
# Behaviour: it puts the values of keywords into the text of tenant.yaml before it parses the YAML, so ##KEYWORD## without
#            quotes gets the type that YAML sees in the value.
# Expected:  the mapping is JSON and its values are strings, so the asset has these strings.
# Seen:      "001234567012" becomes 1234567012, "2026-01-31" becomes a timestamp, and "#42" becomes null
# Matters:   an AWS account id, a date or a contract number in client_metadata changes for the one environment whose value
#            looks like another type. Auth0 gets a different value, and the next export differs from the file.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error auth0-deploy-cli@8.44.0 > npm.log
npm ls --depth=0 | grep auth0-deploy-cli@

cat > tenant.yaml << 'YAML'
clients:
  - name: Acme
    client_metadata:
      account: ##ACCOUNT##
      quoted: '##ACCOUNT##'
      since: ##SINCE##
      contract: ##CONTRACT##
YAML
cat > load.cjs << 'JS'
const YAMLContext = require("auth0-deploy-cli/lib/context/yaml").default;
const AUTH0_KEYWORD_REPLACE_MAPPINGS = { ACCOUNT: "001234567012", SINCE: "2026-01-31", CONTRACT: "#42" };
const context = new YAMLContext({ AUTH0_INPUT_FILE: "tenant.yaml", AUTH0_KEYWORD_REPLACE_MAPPINGS }, {});
context.loadAssetsFromLocal().then(() => console.log(JSON.stringify(context.assets.clients[0].client_metadata)));
JS
seen=$(node load.cjs)

echo "Strings of the mapping, as the asset has them:"
echo "$seen"
expected='{"account":1234567012,"quoted":"001234567012","since":"2026-01-31T00:00:00.000Z","contract":null}'
[ "$seen" = "$expected" ] || { echo "The behaviour has changed." >&2; exit 1; }
