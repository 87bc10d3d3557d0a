// The rotation of a client's secret or key pair in the customer files: begun by one change, finished by a later one.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseSource } from "../diagnostics/source";
import { suggestion } from "../diagnostics/suggestion";
import { type Change, type CustomerFiles, changeText, findCustomer } from "./change";
import { type ClientEdit, editClient } from "./edit-client";
import { firstRotation } from "./generations";
import { type CustomerClient, type CustomerText, parseCustomers } from "./load";
import { stacksOf } from "./overrides";
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
      return `client "${client.name}" is rotating already. Finish that first: npm run customer -- rotate ${id} ${client.name} --finish`;
    }
    if (client.publicKey !== undefined) return rotateKey(who, client, publicKey, today);
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
      says: `begins to rotate the secret of ${who}: it gets another client id and secret, and the old ones work as before. Once it is deployed, hand out what "npm run credentials -- ${id} --client ${client.name}" prints; when the customer uses it, run: npm run customer -- rotate ${id} ${client.name} --finish`,
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
      return { edits: [], says: `${id}/${client.name} is not rotating.` };
    }
    return {
      edits: [{ drop: key }],
      says: `finishes the rotation of ${id}/${client.name}: its old ${what} gets no more tokens once it is deployed. Those that it has are good until they expire (tokenLifetime, a day by default).`,
    };
  });
}

function rotateKey(who: string, client: CustomerClient, publicKey: string | undefined, today: string) {
  if (publicKey === undefined) {
    return `client "${client.name}" has a key pair: have the customer make a new one, and give its public key with --key FILE.`;
  }
  const fault = publicKeyFault(publicKey);
  if (fault !== undefined) return `the new key ${fault}`;
  const [id] = who.split("/");
  const edits: ClientEdit[] = [
    { rename: "publicKey", to: "retiringPublicKey" },
    { set: "publicKey", value: publicKey, after: ["authentication", "scopes"] },
    { set: "rotation", value: today, after: ["publicKey"] },
  ];
  return {
    edits,
    says: `begins to rotate the key of ${who}: the new key works beside the old one. Once it is deployed, tell the customer; when they sign with the new one, run: npm run customer -- rotate ${id} ${client.name} --finish`,
  };
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
  plan: (client: CustomerClient) => { edits: ClientEdit[]; says: string } | string,
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
  const entangled = `client "${client.name}" is written with an anchor or alias: edit its lines by hand.`;
  const text = editClient(found.text, client.name, planned.edits);
  if (text === undefined) return refuse(entangled);
  const edited = { name: found.name, text };
  const change = changeText(all, edited, planned.says);
  const isItsOwn = isDeepStrictEqual(othersIn(all, found, client.name), othersIn(all, edited, client.name));
  return change.problems.length === 0 && !isItsOwn ? refuse(entangled) : change;
}

/** The customer's other clients: as the file says of all stacks, and of each that it names. */
function othersIn(all: CustomerFiles, { name, text }: CustomerText, client: string): CustomerClient[] {
  const stacks = [undefined, ...stacksOf(parseSource(name, text))];
  return stacks.flatMap((stack) => {
    const { customers } = parseCustomers(all.folder, [{ name, text }], all.scopes, { stack, known: [] });
    return customers.flatMap(({ clients }) => clients.filter((one) => one.name !== client));
  });
}
