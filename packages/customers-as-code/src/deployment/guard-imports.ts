// Holds import data, which a pull request may write, against what Auth0 and all stacks of the company have.
import * as pulumi from "@pulumi/pulumi";
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";
import type { Settings } from "../settings/settings";
import { readExisting } from "../tenant/existing-resources";
import { checkImports, deployedBeside } from "./check-imports";
import type { Company } from "./company";
import { ownClientIdOf } from "./own-client";
import { type Deployed, deployedInOthers } from "./placement";

/**
 * Everything that may not be imported. Costs a few requests for each customer of the file, and nothing without one.
 * @param here the customers of this stack
 */
export async function findForbiddenImports(
  { imports: all, placeOfImport: placeOf }: Pick<Company, "imports" | "placeOfImport">,
  here: readonly CustomerDeclaration[],
  { audience, placement }: Pick<Settings, "audience" | "placement">,
  { everywhere }: Pick<Deployed, "everywhere">,
): Promise<Problem[]> {
  const ids = new Set(here.map(({ id }) => id));
  const customers = Object.fromEntries(Object.entries(all.customers).filter(([id]) => ids.has(id)));
  // A shard has no API.
  const imports = { customers, ...(all.api && placement.number === undefined && { api: all.api }) };
  if (Object.keys(customers).length === 0 && !imports.api) return [];
  const deployed = { ...(await deployedInOthers(placement)), ...everywhere };
  const beside = deployedBeside(imports, here, deployed);
  return checkImports({
    imports,
    placeOf,
    declared: here,
    deployed,
    existing: await readExisting(imports, beside),
    audience,
    ownClientId: ownClientIdOf(new pulumi.Config("auth0").get("clientId")),
  });
}
