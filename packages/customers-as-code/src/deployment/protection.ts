// Refuses what would delete or replace something protected. The engine would refuse it too, but only when the program has ended: by
// then it has updated the rest, and it goes on to delete what is not protected of the same customer.
// https://www.pulumi.com/docs/iac/concepts/resources/options/protect/

import { firstRotation } from "../customers/customer-schema";
import { generationsOf } from "../customers/generations";
import { setCommand } from "../problems/config-command";
import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import { pluralize } from "../problems/words";
import type { Removals } from "./removal-limit";
import { listFirstIds } from "./removal-limit";

/** @param ids of protected customers whose files have gone */
export function checkProtected(args: Removals, ids: readonly string[]): Problem[] {
  const { deployed, file, folder } = args;
  const [first] = ids;
  if (first === undefined) return [];
  const clients = ids.flatMap((id) => Object.keys(getOwn(deployed, id)?.clients ?? {}));
  const number = pluralize(clients.length, "client");
  const what =
    ids.length === 1
      ? `${first} cannot be deleted because it is protected: it was deployed as "${getOwn(deployed, first)?.status}" with ${number}, and no file declares it any more.`
      : `${listFirstIds(ids)} cannot be deleted because they are protected: they were not closing when they were deployed, with ${number} in all, and no file declares them any more.`;
  const place = folder === undefined || ids.length > 1 ? file : `${folder}/${first}.yaml`;
  const message = `protect: ${what} ${explainRemovals(args, ids)}`;
  return [{ file: place, code: "customer-protected", message }];
}

/** A folder without customers is that of a company before its first customer, or the wrong one. */
export function refuseNoCustomers(args: Removals, ids: readonly string[]): Problem {
  const { deployed, file, folder = file } = args;
  const clients = ids.flatMap((id) => Object.keys(getOwn(deployed, id)?.clients ?? {}));
  const who = `${listFirstIds(ids)} (${pluralize(clients.length, "client")})`;
  const message = `has no customer file, and this deployment would delete ${who}, protected because ${ids.length === 1 ? "it was" : "they were"} not closing when deployed. ${explainRemovals(args, ids)} If the files are in another folder: ${setCommand(["customers"], "FOLDER")}`;
  return { file: folder, code: "customers-none", message };
}

/** A deployment that drops a protected client is refused as a whole, before it deletes what is not protected of the customer. */
export function checkProtectedClients(args: Removals): Problem[] {
  const { declared, last, file, folder } = args;
  return declared.flatMap(({ id, previously = id, clients }) => {
    const lastId = getOwn(args.deployed, id) === undefined ? previously : id;
    if (!isProtected(args, lastId)) return [];
    const kept = new Set(clients.flatMap(generationsOf).flatMap((one) => [one.key, ...one.previousKeys]));
    const known = Object.keys(getOwn(args.deployed, lastId)?.clients ?? {});
    const added = clients.filter((one) => !known.includes(one.name) && one.previously === undefined);
    return Object.entries(getOwn(last?.clients, lastId) ?? {}).flatMap(([key, { mayGo }]): Problem[] => {
      if (mayGo || kept.has(key)) return [];
      const [name = key, rotation = firstRotation] = key.split("/");
      const isRotated = clients.some((one) => one.name === name || one.previously === name);
      const renamed =
        added.length === 0
          ? ""
          : ` If it has a new name (new here: ${listFirstIds(added.map((one) => one.name))}), add "previously: ${name}" to the client of that name.`;
      const remedy = isRotated
        ? `Another "rotation" would end its credentials at once. Undo that; or add "retiring: ${rotation}" to a client with a secret, and the old one works until the next change.`
        : `Put its lines back.${renamed} To remove it, set "closing: true", merge and deploy that; then delete its lines.`;
      const message = `protect: the client ${id}/${key} cannot be deleted because it is protected. ${remedy}`;
      const place = folder === undefined ? file : `${folder}/${id}.yaml`;
      return [{ file: place, code: "client-protected", message }];
    });
  });
}

/** Whether the engine would refuse to delete the customer, unless it is asked to ignore protection. */
export function isProtected({ deployed, last }: Removals, id: string): boolean {
  const status = getOwn(deployed, id)?.status;
  return last !== undefined && status !== undefined && status !== "closing" && !last.unprotected.has(id);
}

/** How to remove a customer, or to keep it: by its file, or by the new file that may be the same customer's. */
export function explainRemovals({ declared, deployed, folder }: Removals, ids: readonly string[]): string {
  const [first] = ids;
  if (first === undefined) return "";
  const added = declared.filter(
    ({ id, previously }) => getOwn(deployed, id) === undefined && previously === undefined,
  );
  const where = folder === undefined ? "" : `${folder}/`;
  const files = added.map(({ id }) => `${where}${id}.yaml`);
  const renamed =
    files.length === 0
      ? ""
      : ` If ${ids.length === 1 ? first : "one of them"} has a new id (new here: ${listFirstIds(files)}), add "previously: ${first}" to ${files.length === 1 ? files[0] : "its file"}.`;
  return `Put ${ids.length === 1 ? "its file" : "their files"} back.${renamed} To remove a customer, run "npx customers remove ${first}", merge and deploy that; then run it again, which deletes the file.`;
}
