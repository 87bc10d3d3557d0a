// The rotation of a client's secret or key pair in the customer files: begun by one change, finished or called off by a later one.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { firstRotation } from "../customers/customer-schema";
import type { CustomerClient, CustomerFiles, CustomerText } from "../customers/load-customers";
import { publicKeyFault } from "../customers/public-key";
import type { ProblemCode } from "../problems/codes";
import { suggestCandidates } from "../problems/suggestion";
import {
  changeText,
  customerIn,
  describeOnlyStack,
  type FilesChange,
  findCustomer,
  inStack,
  stacksIn,
} from "./change";
import { editClient } from "./edit-client";
import type { Edit } from "./edit-map";

export interface NewCredential {
  /** In UTC, such as `2026-12-01`. */
  today: string;
  /** As PEM, of a client that authenticates by one. */
  publicKey?: string;
}

/**
 * Gives the client another secret or key beside the one that it has.
 * @param name of the client; may be left out where there is one only
 */
export function rotateClient(
  all: CustomerFiles,
  id: string,
  name: string | undefined,
  { today, publicKey }: NewCredential,
): FilesChange {
  return changeClient(all, id, name, (client) => {
    const who = `${id}/${client.name}`;
    if (client.retiring !== undefined || client.retiringPublicKey !== undefined) {
      return `client "${client.name}" is already rotating. Finish that first: npx customers rotate ${id} ${client.name} --finish${option(all)}`;
    }
    if (client.publicKey !== undefined) return rotateKey(all, who, client, publicKey, today);
    if (publicKey !== undefined) {
      return `client "${client.name}" has a secret, so --key does not apply. To change to a key pair, edit the file.`;
    }
    const next = following(client.rotation, today);
    if (next === client.rotation) {
      return `client "${client.name}" already has a secret of today. Rotate it tomorrow.`;
    }
    return {
      edits: [
        { set: "rotation", value: next, after: ["authentication", "scopes"] },
        { set: "retiring", value: client.rotation, after: ["rotation"] },
      ],
      says: `begins to rotate the secret of ${who}${describeOnlyStack(all)}: it gets a new client id and secret, and the old ones still work. Once it is deployed, hand out what "npx customers credentials ${id} --client ${client.name}${option(all)}" prints; when the customer uses it, run: npx customers rotate ${id} ${client.name} --finish${option(all)}`,
    };
  });
}

/** Ends the old secret or key. */
export function finishRotation(all: CustomerFiles, id: string, name: string | undefined): FilesChange {
  return changeClient(all, id, name, (client) => {
    const { retiring, retiringPublicKey, isCancelled = false } = client;
    const ofSecret = isCancelled ? "cancelled" : "retiring";
    const key = retiring === undefined ? "retiringPublicKey" : ofSecret;
    const what =
      retiringPublicKey === undefined ? `client id and secret (rotation ${retiring}) get` : "key gets";
    if (retiring === undefined && retiringPublicKey === undefined) {
      return { edits: [], says: `${id}/${client.name} is not rotating${inStack(all)}.` };
    }
    const which = isCancelled ? "cancelled" : "old";
    return {
      edits: [{ drop: key }],
      ends: true,
      says: `finishes the rotation of ${id}/${client.name}${describeOnlyStack(all)}: its ${which} ${what} no more tokens once it is deployed. Tokens that it already has are valid until they expire (tokenLifetime, a day by default).`,
    };
  });
}

/**
 * Calls a rotation off: the old secret or key is the one to use again.
 * @param isDeployed whether the new secret is there already, so that its client must be given up before it can be deleted
 */
export function cancelRotation(
  all: CustomerFiles,
  id: string,
  name: string | undefined,
  { isDeployed }: { isDeployed: boolean },
): FilesChange {
  return changeClient(all, id, name, (client, base) => {
    const { rotation, retiring, retiringPublicKey, isCancelled } = client;
    const command = `npx customers rotate ${id} ${client.name}`;
    const who = `${id}/${client.name}${describeOnlyStack(all)}`;
    if (retiringPublicKey !== undefined) return cancelKey(who, retiringPublicKey, base);
    if (retiring === undefined)
      return { edits: [], says: `${id}/${client.name} is not rotating${inStack(all)}.` };
    if (isCancelled) {
      return `the rotation of client "${client.name}" is already cancelled. Once that is deployed, run: ${command} --finish${option(all)}`;
    }
    const back: Edit =
      base.rotation === retiring
        ? { drop: "rotation" }
        : { set: "rotation", value: retiring, after: ["authentication", "scopes"] };
    if (!isDeployed) {
      return {
        edits: [{ drop: "retiring" }, back],
        ends: true,
        says: `cancels the rotation of the secret of ${who} before it is deployed: the old client id and secret stay the same. If the new ones are already deployed, the program refuses this deployment: then undo the edit, and run: ${command} --cancel --deployed${option(all)}`,
      };
    }
    return {
      edits: [
        { set: "cancelled", value: rotation, after: ["rotation", "authentication", "scopes"] },
        { drop: "retiring" },
        back,
      ],
      says: `cancels the rotation of the secret of ${who}: "npx customers credentials" prints the old client id and secret again, and the new ones (rotation ${rotation}), which the customer may already use, still work. Once it is deployed and the customer uses the old ones, run: ${command} --finish${option(all)}`,
    };
  });
}

/** In one step, deployed or not: the client is the same one, and never without the old key. */
function cancelKey(who: string, old: string, base: Base): Plan {
  const edits: Edit[] =
    base.publicKey === old
      ? [{ drop: "publicKey" }, { drop: "retiringPublicKey" }, { drop: "rotation" }]
      : [{ drop: "publicKey" }, { rename: "retiringPublicKey", to: "publicKey" }, { drop: "rotation" }];
  return {
    edits,
    ends: true,
    says: `cancels the rotation of the key of ${who}: the old key still works, and the new one gets no more tokens once this is deployed. First ask the customer whether they already sign with it.`,
  };
}

function rotateKey(
  all: CustomerFiles,
  who: string,
  client: CustomerClient,
  publicKey: string | undefined,
  today: string,
) {
  if (publicKey === undefined) {
    return `client "${client.name}" has a key pair: ask the customer to create a new one, and pass its public key with --key FILE.`;
  }
  const fault = publicKeyFault(publicKey);
  if (fault !== undefined) return `the new key ${fault}`;
  const [id] = who.split("/");
  const old = client.publicKey ?? "";
  const edits: Edit[] = [
    { rename: "publicKey", to: "retiringPublicKey" },
    // A stack whose part of the file has no key has that of all.
    { set: "retiringPublicKey", value: old, after: ["authentication", "scopes"], keep: true },
    { set: "publicKey", value: publicKey, after: ["authentication", "scopes"] },
    { set: "rotation", value: today, after: ["publicKey"] },
  ];
  return {
    edits,
    says: `begins to rotate the key of ${who}${describeOnlyStack(all)}: the old and the new key both work. Once it is deployed, notify the customer. When they sign with the new one, run: npx customers rotate ${id} ${client.name} --finish${option(all)}`,
  };
}

function option({ stacks }: CustomerFiles): string {
  return stacks?.stack === undefined ? "" : ` --stack ${stacks.stack}`;
}

/** Numbers go on, and dates too; the first rotation gets a date, which shows its age. */
function following(rotation: string, today: string): string {
  return /^\d+$/.test(rotation) && rotation !== firstRotation ? String(Number(rotation) + 1) : today;
}

interface Plan {
  edits: Edit[];
  says: string;
  /** Whether the client has one secret or key after it. */
  ends?: boolean;
}

/** What a client is without lines of its own in the part of the file that changes. */
interface Base {
  rotation: string;
  publicKey?: string | undefined;
}

/** @param plan the edits and what they come to, or why there can be none */
function changeClient(
  all: CustomerFiles,
  id: string,
  name: string | undefined,
  plan: (client: CustomerClient, base: Base) => Plan | string,
): FilesChange {
  const found = findCustomer(all, id);
  const { customer, problems } = found;
  if (!customer || problems.length > 0) return { problems, says: "" };
  const refuse = (code: ProblemCode, message: string): FilesChange => ({
    problems: [{ file: join(all.folder, found.name), code, message }],
    says: "",
  });
  const names = customer.clients.map((client) => client.name);
  if (name === undefined && names.length > 1)
    return refuse("client-unknown", `has ${names.length} clients: name one of ${names.join(", ")}.`);
  const client = customer.clients.find((one) => one.name === (name ?? names[0]));
  if (!client)
    return refuse("client-unknown", `has no client "${name}". ${suggestCandidates(name ?? "", names)}`);
  const { stack } = all.stacks ?? {};
  const shared = stack === undefined ? undefined : clientIn(all, found, client.name, undefined);
  const base = shared ?? { rotation: firstRotation };
  const planned = plan(client, base);
  if (typeof planned === "string") return refuse("rotation-refused", planned);
  if (planned.edits.length === 0) return { problems: [], says: planned.says };
  const entangled = `client "${client.name}" uses an anchor or alias: edit its lines by hand.`;
  const text = editClient(found.text, client.name, planned.edits, stack);
  if (text === undefined) return refuse("edit-by-hand", entangled);
  const edited = { name: found.name, text };
  const change = changeText(all, edited, planned.says);
  if (change.problems.length > 0) return change;
  const stacks = stacksIn(edited);
  const others = (file: CustomerText) => clientsBeside(all, file, client.name, stacks);
  if (!isDeepStrictEqual(others(found), others(edited))) return refuse("edit-by-hand", entangled);
  if (stack === undefined) {
    const apart = apartSaid(all, edited, client.name);
    return apart === "" ? change : { ...change, says: `${change.says.replace(/\.?$/, ".")}${apart}` };
  }
  const after = clientIn(all, edited, client.name, stack);
  const isStillRotating = planned.ends === true && after && isRotating(after);
  return isStillRotating
    ? refuse(
        "rotation-refused",
        `client "${client.name}" rotates in all stacks, not only in ${stack}. Finish the rotation in all of them, once the customer uses the new one everywhere: npx customers rotate ${id} ${client.name} --finish`,
      )
    : change;
}

/** What is not to change: the customer's other clients, in every stack; and where one stack's part changes, the client in all others. */
function clientsBeside(
  all: CustomerFiles,
  file: CustomerText,
  client: string,
  stacks: readonly string[],
): CustomerClient[] {
  const { stack: changed } = all.stacks ?? {};
  return [undefined, ...stacks].flatMap((stack) => {
    const clients = customerIn(all, file, stack)?.clients ?? [];
    const mayChange = changed === undefined || stack === changed;
    return clients.filter((one) => one.name !== client || !mayChange);
  });
}

function isRotating({ retiring, retiringPublicKey }: CustomerClient): boolean {
  return retiring !== undefined || retiringPublicKey !== undefined;
}

/** Of the stacks in which the client has a rotation of its own. */
function apartSaid(all: CustomerFiles, file: CustomerText, name: string): string {
  const shared = clientIn(all, file, name, undefined);
  const apart = stacksIn(file).filter((stack) => {
    const one = clientIn(all, file, name, stack);
    return (
      one !== undefined &&
      (one.rotation !== shared?.rotation ||
        one.publicKey !== shared.publicKey ||
        isRotating(one) !== isRotating(shared))
    );
  });
  return apart.length === 0
    ? ""
    : ` Not in ${apart.join(" and ")}, for which the file has a rotation of its own; to change that, use --stack ${apart[0]}.`;
}

/** @param stack undefined: as the file says of all */
function clientIn(
  all: CustomerFiles,
  file: CustomerText,
  name: string,
  stack: string | undefined,
): CustomerClient | undefined {
  return customerIn(all, file, stack)?.clients.find((client) => client.name === name);
}
