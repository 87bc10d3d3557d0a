// The rotation of a client's secret or key pair in the customer files: begun by one change, finished by a later one.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { suggestion } from "../diagnostics/suggestion";
import {
  alone,
  type Change,
  type CustomerFiles,
  changeText,
  customerIn,
  findCustomer,
  inStack,
  stacksIn,
} from "./change";
import { editClient } from "./edit-client";
import type { Edit } from "./edit-map";
import { firstRotation } from "./generations";
import type { CustomerClient, CustomerText } from "./load";
import { publicKeyFault } from "./public-key";

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
): Change {
  return changeClient(all, id, name, (client) => {
    const who = `${id}/${client.name}`;
    if (client.retiring !== undefined || client.retiringPublicKey !== undefined) {
      return `client "${client.name}" is rotating already. Finish that first: npm run customer -- rotate ${id} ${client.name} --finish${option(all)}`;
    }
    if (client.publicKey !== undefined) return rotateKey(all, who, client, publicKey, today);
    if (publicKey !== undefined) {
      return `client "${client.name}" has a secret, which takes no --key. To have it authenticate by a key pair, edit the file.`;
    }
    const next = following(client.rotation, today);
    if (next === client.rotation) {
      return `client "${client.name}" has a secret of today already. Rotate it tomorrow.`;
    }
    return {
      edits: [
        { set: "rotation", value: next, after: ["authentication", "scopes"] },
        { set: "retiring", value: client.rotation, after: ["rotation"] },
      ],
      says: `begins to rotate the secret of ${who}${alone(all)}: it gets another client id and secret, and the old ones work as before. Once it is deployed, hand out what "npm run credentials -- ${id} --client ${client.name}${option(all)}" prints; when the customer uses it, run: npm run customer -- rotate ${id} ${client.name} --finish${option(all)}`,
    };
  });
}

/** Ends the old secret or key. */
export function finishRotation(all: CustomerFiles, id: string, name: string | undefined): Change {
  return changeClient(all, id, name, (client) => {
    const { retiring, retiringPublicKey } = client;
    const key = retiring === undefined ? "retiringPublicKey" : "retiring";
    const what = retiringPublicKey === undefined ? `client id and secret (rotation ${retiring})` : "key";
    if (retiring === undefined && retiringPublicKey === undefined) {
      return { edits: [], says: `${id}/${client.name} is not rotating${inStack(all)}.` };
    }
    return {
      edits: [{ drop: key }],
      says: `finishes the rotation of ${id}/${client.name}${alone(all)}: its old ${what} gets no more tokens once it is deployed. Those that it has are good until they expire (tokenLifetime, a day by default).`,
    };
  });
}

function rotateKey(
  all: CustomerFiles,
  who: string,
  client: CustomerClient,
  publicKey: string | undefined,
  today: string,
) {
  if (publicKey === undefined) {
    return `client "${client.name}" has a key pair: have the customer make a new one, and give its public key with --key FILE.`;
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
    says: `begins to rotate the key of ${who}${alone(all)}: the new key works beside the old one. Once it is deployed, tell the customer; when they sign with the new one, run: npm run customer -- rotate ${id} ${client.name} --finish${option(all)}`,
  };
}

function option({ stacks }: CustomerFiles): string {
  return stacks?.stack === undefined ? "" : ` --stack ${stacks.stack}`;
}

/** Numbers go on, and dates too; the first rotation gets a date, which tells its age. */
function following(rotation: string, today: string): string {
  return /^\d+$/.test(rotation) && rotation !== firstRotation ? String(Number(rotation) + 1) : today;
}

/** @param plan the edits and what they come to, or why there can be none */
function changeClient(
  all: CustomerFiles,
  id: string,
  name: string | undefined,
  plan: (client: CustomerClient) => { edits: Edit[]; says: string } | string,
): Change {
  const found = findCustomer(all, id);
  const { customer, problems } = found;
  if (!customer || problems.length > 0) return { problems, says: "" };
  const refuse = (message: string): Change => ({
    problems: [{ file: join(all.folder, found.name), message }],
    says: "",
  });
  const names = customer.clients.map((client) => client.name);
  if (name === undefined && names.length > 1)
    return refuse(`has ${names.length} clients: name one of ${names.join(", ")}.`);
  const client = customer.clients.find((one) => one.name === (name ?? names[0]));
  if (!client) return refuse(`has no client "${name}". ${suggestion(name ?? "", names)}`);
  const planned = plan(client);
  if (typeof planned === "string") return refuse(planned);
  if (planned.edits.length === 0) return { problems: [], says: planned.says };
  const { stack } = all.stacks ?? {};
  const entangled = `client "${client.name}" is written with an anchor or alias: edit its lines by hand.`;
  const text = editClient(found.text, client.name, planned.edits, stack);
  if (text === undefined) return refuse(entangled);
  const edited = { name: found.name, text };
  const change = changeText(all, edited, planned.says);
  if (change.problems.length > 0) return change;
  const stacks = stacksIn(edited);
  const others = (file: CustomerText) => clientsBeside(all, file, client.name, stacks);
  if (!isDeepStrictEqual(others(found), others(edited))) return refuse(entangled);
  if (stack === undefined) {
    const apart = apartSaid(all, edited, client.name);
    return apart === "" ? change : { ...change, says: `${change.says.replace(/\.?$/, ".")}${apart}` };
  }
  const after = clientIn(all, edited, client.name, stack);
  const isStillRotating = planned.edits.some((edit) => "drop" in edit) && after && isRotating(after);
  return isStillRotating
    ? refuse(
        `client "${client.name}" rotates in all stacks, and not in ${stack} alone. Finish that in all, once the customer uses the new one everywhere: npm run customer -- rotate ${id} ${client.name} --finish`,
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
    : ` Not in ${apart.join(" and ")}, where the file says a rotation of its own; --stack ${apart[0]} changes that.`;
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
