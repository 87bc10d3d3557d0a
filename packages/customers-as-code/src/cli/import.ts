import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { importsFile } from "../customers/imports";
import { ProblemsError, UsageError } from "../problems/command";
import { pluralize } from "../problems/words";
import type { Left } from "../reconcile/candidates";
import { type ImportPlan, leftMembers, planImport, type TakenCustomer } from "../reconcile/plan-import";
import { findTarget } from "../stacks/target";
import type { Tenant } from "../tenant/tenant";
import { type TenantAccess, TenantError } from "../tenant/tenant-access";
import { readMembers } from "../tenant/tenant-details";
import { readTenant } from "../tenant/tenant-reader";
import { commonOptions, describeEnvironment, describeExamples, tenantVariables } from "./options";

const { audience, customers, domain, dryRun, json, openapi, stack } = commonOptions;

export const importCommand = new Command("import")
  .description(
    `Writes a customer file for each organization of an Auth0 tenant that has clients of the API and no file yet, and ${importsFile}, with which the next deployment imports existing resources without changing them. Lists what it does not import, with the reasons.`,
  )
  .addOption(dryRun)
  .option("--api", "import the API too, for a stack that did not create it", false)
  .addOption(json)
  .addOption(stack)
  .addOption(domain)
  .addOption(audience)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeEnvironment(tenantVariables))
  .addHelpText("after", describeExamples("import --stack dev --dry-run"))
  .action(async (options) => {
    const { access, audience, existing, declared, allImports, schema, api } = findTarget(options);
    const { tokenLifetime } = api;
    if (options.api && tokenLifetime === undefined) {
      throw new UsageError("--api needs --stack, whose settings the API is compared with.");
    }
    const tenant = await readTenant(access, audience);
    const plan = planImport({
      tenant,
      audience,
      reader: access.clientId,
      existing,
      declared,
      imports: allImports,
      schema,
      ...(options.api && tokenLifetime !== undefined && { api: { ...api, tokenLifetime } }),
    });
    if (plan.problems.length > 0) {
      throw new ProblemsError(plan.problems, existing.files.length + plan.taken.length);
    }
    const { left, note } = await membersOf(access, tenant, plan);
    if (!options.dryRun) writeTogether(existing.folder, plan);
    const notes = [
      ...(note === undefined ? [] : [note]),
      ...(options.api && !tenant.api ? [`The tenant has no API ${audience} to import.`] : []),
    ];
    const whole = { ...plan, left: [...plan.left, ...left] };
    if (options.json) {
      console.log(
        JSON.stringify(planAsJson(existing.folder, whole, { isDry: options.dryRun, notes }), null, 2),
      );
      return;
    }
    console.log(report(existing.folder, whole, options.dryRun));
    if (note !== undefined) console.log("");
    for (const line of notes) console.log(line);
  });

function planAsJson(
  folder: string,
  { imports, taken, left }: ImportPlan,
  { isDry, notes }: { isDry: boolean; notes: readonly string[] },
) {
  return {
    dryRun: isDry,
    importsFile: imports === undefined ? null : join(folder, importsFile),
    customers: taken.map(({ file, customer, isPortalMade, imported }) => ({
      id: customer.id,
      name: customer.displayName,
      file: join(folder, file.name),
      organizationId: imported.organization.id,
      isPortalMade,
      clients: customer.clients.map(({ name, scopes }) => ({
        name,
        clientId: imported.clients[name]?.id,
        scopes,
      })),
    })),
    left,
    notes,
  };
}

/** Whom the files that are written do not name. Who may not read members learns just that: nothing depends on them. */
async function membersOf(
  access: TenantAccess,
  { organizations }: Tenant,
  { taken }: ImportPlan,
): Promise<{ left: Left[]; note?: string }> {
  const ids = new Set(taken.map(({ imported }) => imported.organization.id));
  try {
    const members = await readMembers(
      access,
      organizations.filter(({ id }) => ids.has(id)),
    );
    return { left: leftMembers(taken, members) };
  } catch (error) {
    if (!(error instanceof TenantError) || error.statusCode !== 403) throw error;
    return { left: [], note: `Members are not listed: they stay as they are. ${error.message}` };
  }
}

/** All of it or nothing. No file that exists is written over, but for the one of imports, which is written again. */
function writeTogether(folder: string, { taken, imports }: ImportPlan): void {
  if (imports === undefined) return;
  const files = taken.map(({ file }) => file);
  const path = (name: string) => join(folder, name);
  const unfinished = (name: string) => `${path(name)}.${process.pid}`;
  const all = [{ name: importsFile, text: imports }, ...files];
  const before = readIfThere(path(importsFile));
  const done: string[] = [];
  try {
    for (const { name, text } of all) writeFileSync(unfinished(name), text, { flag: "wx" });
    // First, since a customer without a file is refused, and one without ids would be made a second time.
    renameSync(unfinished(importsFile), path(importsFile));
    for (const { name } of files) {
      // Unlike a renaming, this fails where somebody has written the file meanwhile.
      linkSync(unfinished(name), path(name));
      done.push(path(name));
    }
  } catch (error) {
    for (const file of done) rmSync(file);
    if (before === undefined) rmSync(path(importsFile), { force: true });
    else writeFileSync(path(importsFile), before);
    throw error;
  } finally {
    for (const { name } of all) rmSync(unfinished(name), { force: true });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function report(folder: string, { imports, taken, left }: ImportPlan, isDry: boolean): string {
  const written = isDry ? "would be written" : "is written";
  const lines = taken.flatMap((one) => [
    `${join(folder, `${one.customer.id}.yaml`)} ${written}: ${one.customer.displayName}${one.isPortalMade ? ", made by the Developer Portal" : ""}`,
    ...clientLines(one),
  ]);
  if (imports === undefined)
    lines.push("Nothing to do: the files already have everything that can be imported.");
  else lines.push(`${join(folder, importsFile)} ${written}`, "", summary(folder, taken));
  if (left.length > 0) lines.push("", `Not imported (${left.length}):`, ...left.map(leftLine));
  return lines.join("\n");
}

function clientLines({ customer, imported }: TakenCustomer): string[] {
  return customer.clients.map(
    ({ name, scopes }) => `  client ${name} (${imported.clients[name]?.id}): ${scopes.join(", ")}`,
  );
}

function summary(folder: string, customers: readonly TakenCustomer[]): string {
  const clients = customers.reduce((sum, { customer }) => sum + customer.clients.length, 0);
  const what = [pluralize(customers.length, "customer"), pluralize(clients, "client")].join(" with ");
  return `The pull request imports ${what}. Their secrets and tokens still work, and nothing changes for them. Once it is deployed, delete ${join(folder, importsFile)}: names, descriptions and marks in Auth0 then follow the files.`;
}

function leftLine({ kind, name, id, reasons }: Left): string {
  return `  ${kind} "${name}" (${id}) ${reasons.map(({ message }) => message).join("; ")}`;
}
