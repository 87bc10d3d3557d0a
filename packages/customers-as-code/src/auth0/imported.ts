// How the engine imports what exists: by its id, while what import data keeps stays as Auth0 has it.
import * as pulumi from "@pulumi/pulumi";
import type { Imported, TenantImports } from "../customers/import-data";
import { importsFile } from "../customers/imports";
import { pluralize } from "../problems/words";

/**
 * None for what the program creates itself. For what the state has under this id, the engine imports nothing; under another id, it
 * would replace it, which guard-imports.ts refuses.
 */
export function importOptions(imported: Imported | undefined): pulumi.CustomResourceOptions {
  return imported ? { import: imported.id, ignoreChanges: imported.keeps } : {};
}

/** Says so in each preview, since edits of what is kept have no effect until the file goes. */
export function remindOfImports({ api, customers }: TenantImports, folder: string): void {
  const count = Object.keys(customers).length;
  if (count === 0 && !api) return;
  const what = `${pluralize(count, "customer")}${api ? " and the API" : ""}`;
  void pulumi.log.info(
    `${folder}/${importsFile} imports ${what} as they are. Delete it once that is deployed: then Auth0 follows the files.`,
  );
}
