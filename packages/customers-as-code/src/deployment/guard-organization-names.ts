// Holds the names of organizations against those of the last deployment, before anything is declared.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import { type Place, parseSource } from "../problems/source";
import type { Settings } from "../settings/settings";
import { checkOrganizationNames } from "./organization-names";
import type { Deployed } from "./placement";

/**
 * Names that another organization has until the deployment has ended.
 * @param declared in all stacks that share the customers
 */
export function findTakenOrganizationNames(
  declared: readonly CustomerDeclaration[],
  { customers: folder }: Pick<Settings, "customers">,
  { everywhere: deployed }: Pick<Deployed, "everywhere">,
): Problem[] {
  const placeOf = (id: string) => placeOfName(folder, id);
  return checkOrganizationNames({ declared, deployed, placeOf });
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
