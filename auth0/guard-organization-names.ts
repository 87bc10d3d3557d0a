// Holds the names of organizations against those of the last deployment, before anything is declared.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../config";
import type { CustomerDeclaration } from "../customers/load";
import { checkOrganizationNames } from "../customers/organization-names";
import { refuse } from "../diagnostics/fail";
import { type Place, parseSource } from "../diagnostics/source";
import type { Deployed } from "./placement";

/**
 * @param declared in all stacks that share the customers
 * @throws {pulumi.RunError} with each name that another organization has until the deployment has ended
 */
export function guardOrganizationNames(
  declared: readonly CustomerDeclaration[],
  { customers: folder }: Pick<Settings, "customers">,
  { everywhere: deployed }: Pick<Deployed, "everywhere">,
): void {
  const placeOf = (id: string) => placeOfName(folder, id);
  refuse(checkOrganizationNames({ declared, deployed, placeOf }));
}

function placeOfName(folder: string, id: string): Place {
  for (const ending of ["yaml", "yml"]) {
    const file = join(folder, `${id}.${ending}`);
    try {
      return parseSource(file, readFileSync(file, "utf8")).at(["organization"]);
    } catch {}
  }
  return { file: join(folder, `${id}.yaml`), line: 1, column: 1 };
}
