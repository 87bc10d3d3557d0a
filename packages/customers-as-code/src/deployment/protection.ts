// Refuses what would delete or replace something protected. The engine would refuse it too, but only when the program has ended: by
// then it has updated the rest, and it goes on to delete what is not protected of the same customer.
// https://www.pulumi.com/docs/iac/concepts/resources/options/protect/

import { firstRotation } from "../customers/customer-schema";
import { generationsOf } from "../customers/generations";
import type { Problem } from "../problems/problem";
import { getOwn } from "../problems/record";
import type { Removals } from "./removal-limit";
import { listFirstIds } from "./removal-limit";

/** @param ids of protected customers whose files have gone */
export function checkProtected({ deployed, file, folder }: Removals, ids: readonly string[]): Problem[] {
  const [first] = ids;
  if (first === undefined) return [];
  const status = getOwn(deployed, first)?.status;
  const what =
    ids.length === 1
      ? `${first} cannot be deleted because it is protected: it was deployed as "${status}", and no file declares it any more.`
      : `${listFirstIds(ids)} cannot be deleted because they are protected: they were not closing when they were deployed, and no file declares them any more.`;
  const place = folder === undefined || ids.length > 1 ? file : `${folder}/${first}.yaml`;
  return [{ file: place, code: "customer-protected", message: `protect: ${what} ${explainRemovals(ids)}` }];
}

/** A deployment that drops a protected client is refused as a whole, before it deletes what is not protected of the customer. */
export function checkProtectedClients(args: Removals): Problem[] {
  const { declared, last, file, folder } = args;
  return declared.flatMap(({ id, previously = id, clients }) => {
    const lastId = getOwn(args.deployed, id) === undefined ? previously : id;
    if (!isProtected(args, lastId)) return [];
    const kept = new Set(clients.flatMap(generationsOf).flatMap((one) => [one.key, ...one.previousKeys]));
    return Object.entries(getOwn(last?.clients, lastId) ?? {}).flatMap(([key, { mayGo }]): Problem[] => {
      if (mayGo || kept.has(key)) return [];
      const [name = key, rotation = firstRotation] = key.split("/");
      const isRotated = clients.some((one) => one.name === name || one.previously === name);
      const remedy = isRotated
        ? `Another "rotation" would end its credentials at once. Undo that; or add "retiring: ${rotation}" to a client with a secret, and the old one works until the next change.`
        : `Put its lines back. If it has a new name, add "previously: ${name}" to it. To remove it, set "closing: true", deploy, and delete its lines after that.`;
      const message = `protect: the client ${id}/${key} cannot be deleted because it is protected. ${remedy}`;
      const place = folder === undefined ? file : `${folder}/${id}.yaml`;
      return [{ file: place, code: "client-protected", message }];
    });
  });
}

/** Another audience replaces every grant: https://www.pulumi.com/registry/packages/auth0/api-docs/clientgrant/ */
export function checkAudience(args: Removals): Problem[] {
  const { declared, last, address, file } = args;
  const before = last?.address?.audience;
  if (before === undefined || address === undefined || before === address.audience) return [];
  const ids = declared.flatMap(({ id, previously = id }) =>
    [id, previously].some((one) => isProtected(args, one)) ? [id] : [],
  );
  if (ids.length === 0) return [];
  const message = `audience: "${address.audience}" instead of "${before}" replaces the grants of ${listFirstIds(ids)}, which are protected. Undo it: pulumi config set audience ${before}. Or, if you intend it, first deploy with protect: false.`;
  return [{ file, code: "audience-protected", message }];
}

/** Whether the engine would refuse to delete the customer, unless it is asked to ignore protection. */
export function isProtected({ deployed, last }: Removals, id: string): boolean {
  const status = getOwn(deployed, id)?.status;
  return last !== undefined && status !== undefined && status !== "closing" && !last.unprotected.has(id);
}

/** How to get rid of a customer, or to keep it. */
export function explainRemovals(ids: readonly string[]): string {
  const [first] = ids;
  if (first === undefined) return "";
  const files = ids.length === 1 ? "its file" : "their files";
  return `Put ${files} back. If a file has a new name, add "previously: ${first}" to it, with the old id. To remove a customer: npx customers remove ${first}, deploy, and delete the file after that.`;
}
