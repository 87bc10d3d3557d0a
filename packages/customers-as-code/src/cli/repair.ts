import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { ManagementClient } from "auth0";
import { generationsOf } from "../customers/generations";
import type { AllImports } from "../customers/import-data";
import { importsFile, renderImports } from "../customers/imports";
import type { CustomerDeclaration } from "../customers/load-customers";
import { UsageError } from "../problems/command";
import { planDeletions } from "../reconcile/deletions";
import { planRepair, type Repair } from "../reconcile/plan-repair";
import { renderRepair, repairAsJson } from "../reconcile/repair-report";
import { exportState, parseState, StateIds } from "../stacks/stack-state";
import { findTarget, type TenantTarget } from "../stacks/target";
import { type LastTokens, readLastTokens } from "../tenant/last-tokens";
import type { Tenant } from "../tenant/tenant";
import type { TenantAccess } from "../tenant/tenant-access";
import { readTenant } from "../tenant/tenant-reader";
import {
  collectValues,
  commonOptions,
  describeEnvironment,
  describeExamples,
  tenantVariables,
} from "./options";

const { audience, customers, domain, dryRun, json, openapi, stack } = commonOptions;

const whichState = "--stack is missing: which state do you want to repair?";

export const repairCommand = new Command("repair")
  .description(
    `Use it after a deployment was killed, Auth0 did not answer, or a state was restored from a backup. Compares the Auth0 tenant with the stack's state. Writes the ids of resources that the program created, and that the state does not have, to ${importsFile}; the next pulumi up imports them with their secrets. Lists clients that exist twice, and why each of them could be in use. Ends with 0 if nothing is left to do but pulumi up, with 1 if there is, and with 2 if it cannot find out. docs/how-to/runbook.md describes when to use it.`,
  )
  .addOption(dryRun)
  .option(
    "--delete-duplicates",
    "of the clients that exist twice, delete those without a grant: they can't get a token",
    false,
  )
  .option(
    "--delete-client <id>",
    "delete this one of the clients that exist twice, even if it could be in use; may be repeated",
    collectValues,
  )
  .addOption(json)
  .addOption(stack)
  .addOption(domain)
  .addOption(audience)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeEnvironment(tenantVariables))
  .addHelpText(
    "after",
    "\nTo delete, the client needs the scope delete:clients. With read:logs,\nthe command also reports when such a client last got a token.",
  )
  .addHelpText("after", describeExamples("repair --stack dev --dry-run"))
  .action(async (options) => {
    const { stack, dryRun: isDry, deleteDuplicates: unused, deleteClient: ids = [] } = options;
    if (stack === undefined) throw new UsageError(whichState);
    const target = findTarget(options);
    const { access, audience, existing, declared, placement, imports, api } = target;
    if (!placement) throw new UsageError(whichState);
    const state = new StateIds(parseState(await exportState(stack)));
    const tenant = await readTenant(
      access,
      audience,
      (id, found) => !isWhole(id, found, { declared, state }),
    );
    const request = { declared, state, placement, imports, api, reader: access.clientId };
    const first = planRepair({ ...request, tenant });
    const lastTokens = await lastTokensOf(access, first);
    const withUse = { ...request, lastTokens: lastTokens.at };
    const planned = planRepair({ ...withUse, tenant });
    const deletions = planDeletions(planned, { unused, ids });
    if (deletions.problems.length > 0) throw new UsageError(deletions.problems.join("\n"));
    if (!isDry) await deleteClients(access, deletions.clients);
    const repair = planRepair({ ...withUse, tenant: without(tenant, deletions.clients) });
    const hasImports = Object.keys(repair.customers).length > 0 || repair.api !== undefined;
    if (hasImports && !isDry) writeImports(target, tenant.domain, repair);
    const file = join(existing.folder, importsFile);
    const deleted = deletions.clients;
    const outcome = { stack, file, isDry, deleted, lastTokens };
    console.log(
      options.json ? JSON.stringify(repairAsJson(repair, outcome), null, 2) : renderRepair(repair, outcome),
    );
    const isLeft = repair.duplicates.length > 0 || (isDry && (hasImports || deleted.length > 0));
    if (isLeft || repair.undeclared.length + repair.gone.length + repair.unfit.length > 0)
      process.exitCode = 1;
  });

type Lists = Pick<Tenant, "clients" | "grants">;

/**
 * Whether the state knows all of an organization, and just what the tenant has: then its grants need not be asked for, which takes a
 * request.
 */
function isWhole(
  organization: string,
  { clients, grants }: Lists,
  { declared, state }: { declared: readonly CustomerDeclaration[]; state: StateIds },
): boolean {
  const customer = declared.find(({ id }) => state.of("organization", [id]) === organization);
  if (!customer) return false;
  const isKnown = customer.clients.flatMap(generationsOf).every(({ key }) => {
    const name = [`${customer.id}/${key}`];
    const client = state.of("client", name);
    const grant = state.of("grant", name);
    return (
      state.of("credentials", name) === client &&
      state.of("organizationGrant", name) === `${organization}::${grant}` &&
      clients.some(({ id }) => id === client) &&
      grants.some(({ id }) => id === grant)
    );
  });
  const own = clients.filter(({ defaultOrganization: home }) => home?.organizationId === organization);
  return isKnown && own.every(({ id }) => state.has("client", id));
}

/** Of both of each that is there twice. */
async function lastTokensOf(access: TenantAccess, { duplicates }: Repair): Promise<LastTokens> {
  const ids = duplicates.flatMap(({ client, kept }) => [client.id, kept.id]);
  return readLastTokens(access, [...new Set(ids)]);
}

/** Their grants go with them. */
async function deleteClients(access: TenantAccess, chosen: readonly { id: string }[]): Promise<void> {
  const { clients } = new ManagementClient({ ...access, maxRetries: 10 });
  for (const { id } of chosen) await clients.delete(id);
}

function without(tenant: Tenant, deleted: readonly { id: string }[]): Tenant {
  const ids = new Set<string | undefined>(deleted.map(({ id }) => id));
  return {
    ...tenant,
    clients: tenant.clients.filter(({ id }) => !ids.has(id)),
    grants: tenant.grants.filter(({ clientId }) => !ids.has(clientId)),
  };
}

/** As a whole, or not at all. */
function writeImports({ existing, imports, allImports }: TenantTarget, domain: string, repair: Repair): void {
  const customers = { ...imports.customers, ...repair.customers };
  const ofTenant = { ...imports, ...(repair.api && { api: repair.api }), customers };
  const all: AllImports = { ...allImports, [domain]: ofTenant };
  const file = join(existing.folder, importsFile);
  writeFileSync(`${file}.${process.pid}`, renderImports(all));
  renameSync(`${file}.${process.pid}`, file);
}
