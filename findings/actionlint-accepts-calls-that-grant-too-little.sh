#!/usr/bin/env bash
# Version:   github.com/rhysd/actionlint v1.7.12 (Go)
# Behaviour: it accepts a job that calls a workflow of the same repository and grants less than a job of that workflow asks for.
# Expected:  an error, as for an unknown input or secret of the same call: actionlint reads the called file.
# Seen:      no error
# Matters:   GitHub doesn't start such a run at all ("The nested job ... is requesting 'issues: write', but is only allowed
#            'issues: none'"), also if the condition of that job would skip it. It shows only after the merge.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
export GOBIN=$temp GOFLAGS=-mod=mod
go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 2> go.log
./actionlint --version | head -1

mkdir -p .github/workflows
cat > .github/workflows/called.yml << 'YAML'
on:
  workflow_call:
    inputs:
      title: { type: string, required: true }
jobs:
  report:
    runs-on: ubuntu-24.04
    permissions: { issues: write }
    steps: [{ run: echo }]
YAML
cat > .github/workflows/caller.yml << 'YAML'
on: push
permissions: {}
jobs:
  report:
    uses: ./.github/workflows/called.yml
    with: { title: drift }
YAML
git init --quiet
lint() { ./actionlint -no-color -oneline -shellcheck= -pyflakes= .github/workflows/caller.yml || true; }

seen=$(lint)
echo "Errors of a call that grants nothing: ${seen:-none}"
sed -i 's/title: drift/titel: drift/' .github/workflows/caller.yml
read_it=$(lint)
echo "Errors of a call with a wrong input: $read_it"
[ -z "$seen" ] && [[ "$read_it" == *titel* ]] || { echo "The behaviour has changed." >&2; exit 1; }
