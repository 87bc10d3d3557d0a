// What `npx customers repair` reports: a pure function from what it has found and done to text.
import type { LastTokens } from "../tenant/last-tokens";
import type { TenantClient } from "../tenant/tenant";
import type { Duplicate } from "./found-in-tenant";
import type { Repair } from "./plan-repair";

export interface RepairOutcome {
  stack: string;
  /** Path of imports.json. */
  file: string;
  /** Whether nothing was written and deleted. */
  isDry: boolean;
  deleted: readonly TenantClient[];
  lastTokens: LastTokens;
}

export function renderRepair(
  { customers, api, duplicates, unfit, undeclared, gone }: Repair,
  outcome: RepairOutcome,
): string {
  const { file, isDry, deleted } = outcome;
  const adopted = Object.entries(customers).map(([id, { organization, clients }]) => {
    const names = Object.entries(clients).map(([name, client]) => `${name} (${client.id})`);
    return `  ${id}: organization ${organization.id}${names.length > 0 ? `, clients ${names.join(", ")}` : ""}`;
  });
  if (api) adopted.push(`  the API: ${api.id}`);
  const lines = [
    ...section(
      `Created, but not in the state: ${isDry ? "would be written" : "is written"} to ${file}`,
      adopted,
    ),
    ...section(
      `Created twice: ${isDry ? "would be deleted" : "deleted"}`,
      deleted.map(({ id, name }) => `  client "${name}" (${id})`),
    ),
    ...section(
      "Created twice",
      duplicates.flatMap((one) => describeDuplicate(one, outcome)),
    ),
    ...section(
      "Created, but changed since: undo it in Auth0, and repair again",
      unfit.map((sentence) => `  ${sentence}`),
    ),
    ...section(
      "Created for a customer that has no file: put its file back and repair again, or delete it in Auth0",
      undeclared.map(({ id, name }) => `  organization "${name}" (${id})`),
    ),
    ...section(
      "In the state, but not in the tenant: pulumi up --refresh creates it again",
      gone.map((name) => `  ${name}`),
    ),
  ];
  if (lines.length === 0) return "Nothing to repair: the state has everything that the program created.";
  if (adopted.length > 0 && !isDry) {
    lines.push(`Now run pulumi up, which imports it; then delete ${file}, or its new lines.`);
  }
  return lines.join("\n").trimEnd();
}

/** What `--json` prints of a repair; docs/reference/commands.md describes it. */
export function repairAsJson(
  { customers, api, duplicates, unfit, undeclared, gone }: Repair,
  { stack, file, isDry, deleted, lastTokens }: RepairOutcome,
) {
  return {
    ...{ stack, dryRun: isDry, importsFile: file },
    imports: Object.entries(customers).map(([id, { organization, clients }]) => ({
      customer: id,
      organizationId: organization.id,
      clients: Object.entries(clients).map(([name, client]) => ({ name, clientId: client.id })),
    })),
    apiId: api?.id,
    deleted: deleted.map(({ id, name }) => ({ clientId: id, name })),
    duplicates: duplicates.map(({ name, client, kept, isUnused }) => ({
      of: name,
      clientId: client.id,
      lastToken: lastTokens.at.get(client.id),
      keptClientId: kept.id,
      keptLastToken: lastTokens.at.get(kept.id),
      isUnused,
    })),
    changed: unfit,
    undeclared: undeclared.map(({ id, name }) => ({ organizationId: id, name })),
    gone,
  };
}

function section(title: string, lines: readonly string[]): string[] {
  const count = lines.filter((line) => !line.startsWith("    ")).length;
  return count === 0 ? [] : [`${title} (${count}):`, ...lines, ""];
}

/** Why it could be in use, and how to delete it. */
function describeDuplicate(
  { name, client, grants, kept, isUnused }: Duplicate,
  { stack, lastTokens }: RepairOutcome,
): string[] {
  const granted = grants.map(({ audience, scopes }) => `${audience} (${scopes.join(", ") || "no scope"})`);
  const command = (option: string) => `npx customers repair --stack ${stack} ${option}`;
  return [
    `  client "${client.name}" (${client.id}) of ${name}, beside ${kept.id}`,
    `    grants: ${granted.join(", ") || "none, so it cannot get a token"}; ${lastUse(client, lastTokens)}`,
    `    ${kept.id}: ${lastUse(kept, lastTokens)}`,
    ...(isUnused
      ? [`    delete it with: ${command("--delete-duplicates")}`]
      : [
          `    it could be in use. If it is not: ${command(`--delete-client ${client.id}`)}`,
          `    if ${kept.id} is not: ${command(`--delete-client ${kept.id}`)}`,
        ]),
  ];
}

function lastUse({ id }: TenantClient, { at, unknown }: LastTokens): string {
  const last = at.get(id);
  if (last !== undefined) return `last token ${last}`;
  return unknown === undefined
    ? "no token since Auth0's logs begin"
    : "whether it got a token is unknown: the client needs read:logs to find out";
}
