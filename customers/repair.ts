// `npm run repair`: after a deployment that was broken off, finds what it had made and the state does not know.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManagementClient } from "auth0";
import type { TenantAccess } from "../auth0/tenant-access";
import { readTenant } from "../auth0/tenant-reader";
import { readOptions, runCommand, UsageError } from "../diagnostics/command";
import { generationsOf } from "./generations";
import { importsFile, renderImports } from "./imports";
import type { CustomerDeclaration } from "./load";
import { planRepair, type Repair } from "./plan-repair";
import { exportState, parseState, StateIds } from "./stack-state";
import { findTarget, targetOptions, targetUsage } from "./target";

const usage = `Usage: npm run repair -- --stack NAME [OPTIONS]

After a deployment was killed, or Auth0 did not answer: compares the Auth0 tenant with the stack's state. What was made and the
state does not know goes into ${importsFile}, by which the next pulumi up takes it in with its ids and secrets; of what was made
twice the second one can be deleted. Ends with 0 where nothing is left to do but pulumi up, with 1 where there is, and with 2
where it cannot tell. docs/runbook.md says when to use it.

  --dry-run             say what would be done, and do nothing
  --delete-duplicates   delete clients that are there twice and that the state does not know: nobody has their secrets
${targetUsage}`;

const options = {
  ...targetOptions,
  "dry-run": { type: "boolean", default: false },
  "delete-duplicates": { type: "boolean", default: false },
} as const;

const whichState = "--stack is missing: which state shall be repaired?";

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.stack === undefined) throw new UsageError(whichState);
  const isDry = values["dry-run"];
  const { access, audience, existing, declared, imports, allImports, api, placement } = findTarget(values);
  if (!placement) throw new UsageError(whichState);
  const state = new StateIds(parseState(await exportState(values.stack)));
  const complete = completeOrganizations(declared, state);
  const tenant = await readTenant(access, audience, (id) => !complete.has(id));
  const repair = planRepair({ tenant, declared, state, placement, imports, api });
  const hasImports = Object.keys(repair.customers).length > 0 || repair.api !== undefined;
  if (hasImports && !isDry) {
    const customers = { ...imports.customers, ...repair.customers };
    const ofTenant = { ...imports, ...(repair.api && { api: repair.api }), customers };
    const file = join(existing.folder, importsFile);
    writeFileSync(`${file}.${process.pid}`, renderImports({ ...allImports, [tenant.domain]: ofTenant }));
    renameSync(`${file}.${process.pid}`, file);
  }
  const isDeleting = values["delete-duplicates"] && !isDry;
  if (isDeleting) await deleteClients(access, repair);
  console.log(report(repair, join(existing.folder, importsFile), isDry, isDeleting));
  const isLeft = (repair.duplicates.length > 0 && !isDeleting) || (isDry && hasImports);
  if (isLeft || repair.undeclared.length + repair.gone.length > 0) process.exitCode = 1;
}

/** Ids of the organizations of which the state knows all: their grants need not be asked for, one by one. */
function completeOrganizations(declared: readonly CustomerDeclaration[], state: StateIds): Set<string> {
  const isComplete = ({ id, clients }: CustomerDeclaration) =>
    clients
      .flatMap(generationsOf)
      .every(({ key }) =>
        (["client", "credentials", "grant", "organizationGrant"] as const).every(
          (type) => state.of(type, [`${id}/${key}`]) !== undefined,
        ),
      );
  return new Set(declared.filter(isComplete).flatMap(({ id }) => state.of("organization", [id]) ?? []));
}

/** Their grants go with them. */
async function deleteClients(access: TenantAccess, { duplicates }: Repair): Promise<void> {
  const { clients } = new ManagementClient({ ...access, maxRetries: 10 });
  for (const { id } of duplicates) await clients.delete(id);
}

function report(
  { customers, api, duplicates, undeclared, gone }: Repair,
  file: string,
  isDry: boolean,
  isDeleting: boolean,
): string {
  const adopted = Object.entries(customers).map(([id, { organization, clients }]) => {
    const names = Object.entries(clients).map(([name, client]) => `${name} (${client.id})`);
    return `  ${id}: organization ${organization.id}${names.length > 0 ? `, clients ${names.join(", ")}` : ""}`;
  });
  if (api) adopted.push(`  the API: ${api.id}`);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines, ""];
  const lines = [
    ...section(
      `Made, but not in the state: ${isDry ? "would be written" : "is written"} to ${file}`,
      adopted,
    ),
    ...section(
      isDeleting ? "Made twice: deleted" : "Made twice: delete with --delete-duplicates",
      duplicates.map(({ id, name }) => `  client "${name}" (${id})`),
    ),
    ...section(
      "Made for a customer that has no file: put its file back and repair again, or delete it in Auth0",
      undeclared.map(({ id, name }) => `  organization "${name}" (${id})`),
    ),
    ...section(
      "In the state, but not in the tenant: pulumi up --refresh makes it anew",
      gone.map((name) => `  ${name}`),
    ),
  ];
  if (lines.length === 0) return "Nothing to repair: the state knows all that the program has made.";
  if (adopted.length > 0 && !isDry) {
    lines.push(`Now run pulumi up, which takes it in; then delete ${file}, or its new lines.`);
  }
  return lines.join("\n").trimEnd();
}

void runCommand(usage, 2, main);
