// Which version of the workflows a repository calls, and which package fits it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCalls, findWorkflowCalls, fitsWorkflows, readVersion } from "../../src/upkeep/workflow-versions";

test.each([
  ["0.2.0", "0.2.0", true],
  ["0.2.7", "0.2.0", true],
  ["0.2.0", "0.2.7", true],
  ["0.3.0", "0.2.9", false],
  ["0.2.9", "0.3.0", false],
  ["1.0.0", "0.9.0", false],
  ["0.9.0", "1.0.0", false],
  ["1.4.0", "1.2.0", true],
  ["1.2.9", "1.2.10", true],
  ["1.2.0", "1.4.0", false],
  ["2.0.0", "1.9.0", false],
])("package %s with workflows of %s: %s", (installed, workflows, fits) => {
  expect(fitsWorkflows(installed, workflows)).toBe(fits);
});

test.each([
  ["v0.2.0", "0.2.0"],
  ["0.2.0", "0.2.0"],
  ["v1.0.0-rc.1", "1.0.0-rc.1"],
  ["v0.2", undefined],
  ["main", undefined],
  ["", undefined],
])("the version in %j is %s", (ref, version) => {
  expect(readVersion(ref)).toBe(version);
});

const commit = "0123456789abcdef0123456789abcdef01234567";

test("finds the calls of a GitHub workflow", () => {
  const text = `jobs:
  deploy:
    uses: example/customers-as-code/.github/workflows/customers-deploy.yml@v0.2.0
  plan:
    uses: "example/customers-as-code/.github/workflows/plan.yml@main"
  pinned:
    uses: example/customers-as-code/.github/workflows/plan.yml@${commit} # v0.2.1
  unknown:
    uses: example/customers-as-code/.github/workflows/plan.yml@${commit}
  own:
    uses: ./.github/workflows/plan.yml
    steps:
      - uses: actions/checkout@v6
      - uses: example/not-customers-as-code/x@v9
      - run: |
          echo one
          npx customers doctor --json --workflows 0.2.2
`;
  expect(findCalls("ci.yml", text).map(({ line, ref, version }) => [line, ref, version])).toEqual([
    [3, "v0.2.0", "0.2.0"],
    [5, "main", undefined],
    [7, commit, "0.2.1"],
    [9, commit, undefined],
    [15, "0.2.2", "0.2.2"],
  ]);
});

test("finds the calls in GitLab's file, which has tags of its own", () => {
  const text = `variables: { WORKFLOWS_VERSION: 0.2.4 }
include:
  - project: example/customers-as-code
    ref: v0.2.0
    file: ci.yml
  - project: example/other
    ref: v9.0.0
  - component: gitlab.com/example/customers-as-code/deploy@0.2.1
  - remote: https://gitlab.com/example/customers-as-code/-/raw/v0.2.2/ci.yml
deploy:
  script:
    - !reference [.setup, script]
    - npx customers doctor --workflows "0.2.3" && npx customers up
    - npx customers doctor --workflows "$VERSION"
`;
  expect(findCalls(".gitlab-ci.yml", text).map(({ line, version }) => [line, version])).toEqual([
    [1, "0.2.4"],
    [4, "0.2.0"],
    [8, "0.2.1"],
    [9, "0.2.2"],
    [13, "0.2.3"],
  ]);
});

test("reads a repository's files from a project within it, also those with errors", () => {
  const root = mkdtempSync(join(tmpdir(), "workflow-versions-"));
  try {
    mkdirSync(join(root, ".git"));
    mkdirSync(join(root, ".github/workflows"), { recursive: true });
    mkdirSync(join(root, "infra/shop"), { recursive: true });
    const call = "uses: example/customers-as-code/.github/workflows/x.yml@v0.2.0\n";
    writeFileSync(join(root, ".github/workflows/b.yaml"), call);
    writeFileSync(join(root, ".github/workflows/a.yml"), `${call}x: [\n`);
    writeFileSync(join(root, ".github/workflows/notes.md"), call);
    writeFileSync(
      join(root, ".gitlab-ci.yml"),
      "deploy:\n  script: npx customers doctor --workflows=0.2.0\n",
    );
    const found = findWorkflowCalls(join(root, "infra/shop"));
    expect(found.map(({ file, line }) => [file.split("/").at(-1), line])).toEqual([
      ["a.yml", 1],
      ["b.yaml", 1],
      [".gitlab-ci.yml", 2],
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
