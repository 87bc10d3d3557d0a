// docs/how-to/runbook.md: its rows have a test that brings the failure about, and what they quote is what is said.
import { readFileSync } from "node:fs";
import { repairCommand } from "../../packages/customers-as-code/src/cli/repair";

const page = readFileSync("docs/how-to/runbook.md", "utf8");
const [, table = ""] = /^\| you see \|.*\n\|---\|---\|---\|\n((?:\|.*\n)+)/m.exec(page) ?? [];
/** What is seen, of each row. */
const rows = table
  .trimEnd()
  .split("\n")
  .map((row) => (row.split(" | ")[0] ?? "").slice(2));

interface Evidence {
  /** File and title of the test that brings the failure about. */
  test: [file: string, title: string];
  /** Where the words are that the row quotes, if it quotes any that we know of. */
  says?: [file: string, ...words: string[]];
}

const faults = "test/e2e/faults.test.ts";
const report = "packages/customers-as-code/src/reconcile/repair-report.ts";
const takeover = "test/e2e/takeover.test.ts";
const landed = "creates that landed without a good answer are found, adopted, and there once";

const evidence: Record<string, Evidence> = {
  "`warning: Attempting to deploy or update resources with N pending operations": {
    test: [
      "test/e2e/runbook.test.ts",
      "an up that was killed in the middle is warned of until its pending operations are cleared",
    ],
  },
  "`429 ... Global limit has been reached` in Auth0's logs": {
    test: [faults, "a storm of 429 and 5xx, and connections that are cut, is ridden out"],
    says: ["packages/auth0-tenant/src/rate-limits.ts", "Global limit has been reached"],
  },
  "`500`, `502`, `503`, `504`, and the up fails": {
    test: [faults, "a server that fails for long ends the deployment, and the next one goes on"],
    says: [faults, 'expect(said).toContain("503")'],
  },
  "`409 ... An organization with this name already exists`": {
    test: [faults, landed],
    says: [
      "packages/auth0-tenant/src/entities/organization.ts",
      "An organization with this name already exists",
    ],
  },
  "a client is in Auth0's dashboard twice": { test: [faults, landed], says: [report, "Created twice"] },
  "the terminal or the CI job was killed": {
    test: [faults, "kill -9 of the engine %s"],
  },
  "`the stack is currently locked by 1 lock(s)`": {
    test: [faults, "of two deployments at once, the second is refused and harms nothing"],
    says: [faults, "the stack is currently locked by 1 lock(s)"],
  },
  "`failed to load checkpoint: EOF`, with a backend of `file://`": {
    test: [
      "test/e2e/runbook.test.ts",
      "an empty .attrs file beside the state, as a killed up leaves it, hides a state that is whole until it is deleted",
    ],
  },
  "`Program exited with non-zero exit code: -1`": {
    test: [faults, "kill -9 of the program"],
    says: ["packages/local-cloud/src/engine/language-host.ts", "Program exited with non-zero exit code: "],
  },
  "`connection refused`, `connection reset by peer`, `unexpected EOF`": {
    test: [faults, "kill -9 of the tenant"],
  },
  "`no space left on device`": {
    test: [faults, "a disk that is full while the state is written"],
    says: [faults, "no space left on device"],
  },
  "`removalLimit: this deployment removes ...`": {
    test: ["test/e2e/pull-request.test.ts", "too many customers at once are refused, with the way out"],
    says: [
      "packages/customers-as-code/test/deployment/removals.test.ts",
      "removalLimit: this deployment removes ",
    ],
  },
  "`protect: ... cannot be deleted because it is protected`": {
    test: [
      "test/e2e/safeguards.test.ts",
      "a suspended customer whose file is deleted stays suspended, and nothing changes, before, during and after",
    ],
    says: [
      "packages/customers-as-code/src/deployment/protection.ts",
      "protect: ",
      "cannot be deleted because it is protected",
    ],
  },
  "a customer is in Auth0 and in no file, and `formerOrganizations`": {
    test: [
      "test/e2e/safeguards.test.ts",
      "a suspended customer is denied while Auth0 fails to delete it, and in the deployments after that",
    ],
    says: [
      "packages/customers-as-code/src/deployment/declare-customers.ts",
      "lastDeployment",
      "formerOrganizations",
    ],
  },
  "`shards: N of the customers of this stack ... belong to other stacks now`": {
    test: [
      "test/e2e/shards.test.ts",
      "with more shards in the settings than there are, nothing is deployed before the customers have moved",
    ],
    says: [
      "packages/customers-as-code/src/deployment/placement.ts",
      "shards: ",
      " of the customers of this stack",
      "belong to other stacks now",
    ],
  },
  "`shards: N of the customers that this stack knew ... are not where they belong now`": {
    test: ["test/shards.test.ts", "is not deployed: with fewer shards, and with none"],
    says: [
      "packages/customers-as-code/src/deployment/placement.ts",
      "shards: ",
      " of the customers that this stack knew",
      "are not where they belong now",
    ],
  },
  "`npx customers shards move` was killed": {
    test: ["test/e2e/shards.test.ts", "a third shard takes some customers, and nobody else moves"],
    says: ["test/e2e/shards.test.ts", "forgets"],
  },
  "`In the state, but not in the tenant` from `npx customers repair`": {
    test: [
      "packages/customers-as-code/test/reconcile/plan-repair.test.ts",
      "what the state has and the tenant lacks is named",
    ],
    says: [report, "In the state, but not in the tenant: "],
  },
  "`Created twice` from `npx customers repair`, with `it could be in use`": {
    test: [takeover, "a second client with a grant is listed, and deleted only by its id"],
    says: [report, "Created twice", "it could be in use"],
  },
  "`Created, but changed since` from `npx customers repair`": {
    test: [
      "packages/customers-as-code/test/reconcile/plan-repair.test.ts",
      "what the program refuses to import is named, and not written",
    ],
    says: [report, "Created, but changed since"],
  },
  "the state was restored from a backup": {
    test: [
      takeover,
      "with a state older than the tenant, repair deletes no client in use, and the next up adopts it",
    ],
  },
  "`imports.json: ... which is deployed`": {
    test: [takeover, "a client of another customer, with its secret, cannot be imported by a new one"],
    says: [
      "packages/customers-as-code/src/deployment/check-imports.ts",
      "which is deployed",
      "is marked as",
      "which Auth0 still has",
    ],
  },
  "`organization name ... is that of customer ... until this deployment has ended`": {
    test: [takeover, "is refused before anything is registered, and two names are swapped by way of a third"],
    says: [
      "packages/customers-as-code/src/deployment/organization-names.ts",
      "organization name ",
      "is that of customer ",
      "until this deployment has ended",
    ],
  },
  "`Created for a customer that has no file` from `npx customers repair`": {
    test: [
      "packages/customers-as-code/test/reconcile/plan-repair.test.ts",
      "an organization of a customer whose file has gone is named",
    ],
    says: [report, "Created for a customer that has no file: "],
  },
};

test("every row is brought about by a test", () => {
  const known = Object.keys(evidence);
  const begun = rows.map((row) => known.find((begin) => row.startsWith(begin)) ?? row);
  expect(begun.sort()).toEqual(known.sort());
});

test.each(Object.entries(evidence))("%s: the test is there, and so are the words", (_, { test, says }) => {
  const [file, title] = test;
  expect(readFileSync(file, "utf8")).toContain(title);
  const [where, ...words] = says ?? [file];
  const said = readFileSync(where, "utf8");
  for (const one of words) expect(said).toContain(one);
  if (where.startsWith("test/")) return;
  for (const one of words) expect(page).toContain(one.trim().replace(/:$/, ""));
});

test("every command and option that it names exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? "");
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const usage = repairCommand.helpInformation();
  for (const [, option = ""] of page.matchAll(/npx customers repair (?:--stack NAME )?(--[\w-]+)/g)) {
    expect(usage).toContain(option);
  }
});
