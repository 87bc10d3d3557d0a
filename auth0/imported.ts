// How the engine takes in what exists: by its id, and with what Auth0 has where the program would have it otherwise.
import * as pulumi from "@pulumi/pulumi";
import { type Imported, importsFile, type TenantImports } from "../customers/imports";

/** None for what the program makes itself. The engine imports only what its state has not yet. */
export function importOptions(imported: Imported | undefined): pulumi.CustomResourceOptions {
  return imported ? { import: imported.id, ignoreChanges: imported.keeps } : {};
}

/** Says so in each preview, since edits of what is kept have no effect until the file goes. */
export function remindOfImports({ api, customers }: TenantImports, folder: string): void {
  const count = Object.keys(customers).length;
  if (count === 0 && !api) return;
  const what = `${count} ${count === 1 ? "customer" : "customers"}${api ? " and the API" : ""}`;
  void pulumi.log.info(
    `${folder}/${importsFile} takes in ${what} as they are. Delete it once that is deployed: then Auth0 follows the files.`,
  );
}
