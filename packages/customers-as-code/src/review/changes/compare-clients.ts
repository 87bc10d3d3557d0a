// What a change of each key of a client means: the one table of them.
import { generationsOf } from "../../customers/generations";
import type { CustomerClient, CustomerDeclaration } from "../../customers/load-customers";
import { thumbprintsOf } from "../../customers/public-key";
import { compareLists, describeChange, differencesOf } from "../compare-values";
import { inlineCode } from "../markdown";
import { type CustomerDifference, grave, nameCustomer, notable, plain, subject } from "./declared-change";
import { meaningOfLimits } from "./limits";

interface Both {
  /** Absent of a client that is new. */
  before?: CustomerClient;
  after: CustomerClient;
}

/** @param customer as it is after the change */
export function compareClients(
  customer: CustomerDeclaration,
  before: readonly CustomerClient[],
  after: readonly CustomerClient[],
): CustomerDifference[] {
  const old = new Map(before.map((client) => [client.name, client]));
  const kept = new Set<CustomerClient>();
  const isNew = before.length === 0;
  const said = after.flatMap((client) => {
    const known = old.get(client.name) ?? old.get(client.previously ?? client.name);
    if (known) kept.add(known);
    const found = known
      ? [...renaming(known, client), ...compareKeys({ before: known, after: client })]
      : [...(isNew ? [] : [addition(client)]), ...compareKeys({ after: client })];
    return found.map((one) => within(client, one, customer));
  });
  const removed = before.filter((client) => !kept.has(client));
  const order = compareOrder(before, after);
  return [...said, ...removed.map((client) => within(client, removal(client, customer), customer)), ...order];
}

function within(
  client: CustomerClient,
  said: CustomerDifference,
  customer: CustomerDeclaration,
): CustomerDifference {
  const path = said.path === "" ? `clients.${client.name}` : `clients.${client.name}.${said.path}`;
  const thing = `client ${inlineCode(client.name)} of ${nameCustomer(customer)}`;
  return { ...said, path, thing, name: inlineCode(`${customer.id}/${client.name}`) };
}

export function describeScopes(scopes: readonly string[]): string {
  return scopes.length === 0 ? "no scope" : scopes.map(inlineCode).join(", ");
}

function addition({ scopes }: CustomerClient): CustomerDifference {
  return { path: "", does: `adds ${subject} with ${describeScopes(scopes)}`, ...grave("gains") };
}

function removal({ scopes, closing }: CustomerClient, { status }: CustomerDeclaration): CustomerDifference {
  const does = `removes ${subject} (${describeScopes(scopes)})`;
  const mayGo = closing || status === "closing";
  const meaning = mayGo
    ? notable("it was closing, and is deleted for good")
    : grave("cutOff", "it stops working at once");
  return { path: "", does, ...meaning, endsCalls: !mayGo };
}

function renaming(before: CustomerClient, after: CustomerClient): CustomerDifference[] {
  if (before.name === after.name) return [];
  return [
    {
      path: "name",
      does: `renames client ${inlineCode(before.name)} to ${subject}`,
      ...notable("nothing is replaced"),
    },
  ];
}

function compareKeys(both: Both): CustomerDifference[] {
  return Object.values(clientKeys).flatMap((compareKey) => compareKey(both));
}

function compareOrder(
  before: readonly CustomerClient[],
  after: readonly CustomerClient[],
): CustomerDifference[] {
  const names = (clients: readonly CustomerClient[]) => clients.map(({ name }) => name);
  const lists = compareLists(names(before), names(after));
  if (lists.added.length + lists.removed.length > 0) return [];
  if (names(before).join("\n") === names(after).join("\n")) return [];
  return [{ path: "clients", does: `changes the order of the clients of ${subject}`, ...plain() }];
}

export const clientKeys = {
  scopes: ({ before, after }) => {
    // Of a new client, its addition says them.
    if (!before) return [];
    const lists = compareLists(before.scopes, after.scopes);
    const listed = (scopes: readonly unknown[]) =>
      scopes.map((scope) => inlineCode(String(scope))).join(", ");
    const said: CustomerDifference[] = [];
    if (lists.added.length > 0) {
      said.push({
        path: "scopes.gained",
        does: `gives ${listed(lists.added)} to ${subject}`,
        ...grave("gains"),
      });
    }
    if (lists.removed.length > 0) {
      const rest = after.scopes.length === 0 ? "it can do nothing" : `it keeps ${listed(after.scopes)}`;
      said.push({
        path: "scopes.lost",
        does: `takes ${listed(lists.removed)} from ${subject}`,
        ...grave("cutOff", rest),
      });
    }
    if (said.length === 0 && before.scopes.join("\n") !== after.scopes.join("\n")) {
      said.push({ path: "scopes", does: `changes the order of the scopes of ${subject}`, ...plain() });
    }
    return said;
  },
  closing: ({ before, after }) => {
    if ((before?.closing ?? false) === after.closing) return [];
    return [
      after.closing
        ? {
            path: "closing",
            does: `closes ${subject}`,
            ...grave("guard", "it works, and the next change may delete it"),
          }
        : { path: "closing", does: `no longer closes ${subject}`, ...notable("it may not be deleted") },
    ];
  },
  publicKey: compareProofs,
  // Reported with the key, or the secret, that is in use.
  retiringPublicKey: () => [],
  rotation: compareRotations,
  retiring: () => [],
  isCancelled: ({ before, after }) =>
    after.isCancelled && !before?.isCancelled && after.retiring !== undefined
      ? [
          {
            path: "cancelled",
            does: `cancels the rotation ${inlineCode(after.retiring)} of ${subject}`,
            ...notable("its secret works until the line “cancelled” goes"),
          },
        ]
      : [],
  tokenQuota: ({ before, after }) =>
    before
      ? differencesOf(before.tokenQuota ?? {}, after.tokenQuota ?? {}).map(
          ({ path, before: old, after: next }) => {
            const key = path.join(".");
            return {
              path: `tokenQuota.${key}`,
              does: describeChange(`${inlineCode(`tokenQuota.${key}`)} of ${subject}`, old, next),
              ...meaningOfLimits(old, next, key, "it"),
            };
          },
        )
      : [],
  previously: ({ before, after }) =>
    !before || before.previously === after.previously || before.name !== after.name
      ? []
      : [
          {
            path: "previously",
            does: describeChange(`the line “previously” of ${subject}`, before.previously, after.previously),
            ...plain("it renames nothing"),
          },
        ],
} satisfies Record<Exclude<keyof CustomerClient, "name">, (both: Both) => CustomerDifference[]>;

/** How it proves who it is: by a secret of Auth0's, or by a key pair, of which whoever has the private key is the client. */
function compareProofs({ before, after }: Both): CustomerDifference[] {
  const path = "publicKey";
  const keysBefore = before ? thumbprintsOf(before) : [];
  const keysAfter = thumbprintsOf(after);
  if (!before && keysAfter.length === 0) return [];
  if (before && keysBefore.length === 0 && keysAfter.length === 0) return [];
  if (!before || keysBefore.length === 0) {
    const end = before ? "; its secret ends at once" : "";
    return [
      {
        path,
        does: `has ${subject} prove who it is with ${keys(keysAfter)}`,
        ...grave("elsewhere", `whoever has the private key gets its tokens${end}`),
      },
    ];
  }
  if (keysAfter.length === 0) {
    return [
      {
        path,
        does: `has ${subject} prove who it is with a secret, no longer with ${keys(keysBefore)}`,
        ...grave("cutOff", "whoever still uses the key gets no more tokens"),
      },
    ];
  }
  const added = keysAfter.filter((one) => !keysBefore.includes(one));
  const ended = keysBefore.filter((one) => !keysAfter.includes(one));
  const kept = keysAfter.filter((one) => keysBefore.includes(one));
  if (added.length > 0 && ended.length > 0) {
    return [
      {
        path,
        does: `replaces ${keys(ended)} of ${subject} with ${keys(added)}`,
        ...grave(
          "elsewhere",
          "the old one ends at once, and whoever has the private key of the new one gets its tokens",
        ),
      },
    ];
  }
  if (added.length > 0) {
    return [
      {
        path,
        does: `adds ${keys(added)} to ${subject}, beside ${keys(kept)}`,
        ...grave("elsewhere", "whoever has the private key gets its tokens"),
      },
    ];
  }
  if (ended.length > 0) {
    return [
      {
        path,
        does: `ends ${keys(ended)} of ${subject}, and leaves ${keys(kept)}`,
        ...grave("cutOff", "whoever still uses the ended key gets no more tokens"),
      },
    ];
  }
  const isWritten =
    before.publicKey === after.publicKey && before.retiringPublicKey === after.retiringPublicKey;
  if (isWritten) return [];
  const isSame = keysBefore.join(" ") === keysAfter.join(" ");
  return [
    {
      path,
      does: isSame
        ? `writes ${keys(kept)} of ${subject} differently`
        : `changes which key of ${subject} is the retiring one: in use is ${keys(keysAfter.slice(0, 1))}`,
      ...plain("the same keys are good"),
    },
  ];
}

function keys(thumbprints: readonly string[]): string {
  return thumbprints.map((one) => `the key ${inlineCode(one)}`).join(" and ");
}

/** Of what has a secret: another rotation is another client of Auth0's, with a secret of its own. */
function compareRotations({ before, after }: Both): CustomerDifference[] {
  if (!before) {
    const given = [
      ...(after.retiring === undefined ? [] : [`retiring ${inlineCode(after.retiring)}`]),
      ...(after.rotation === "1" ? [] : [`rotation ${inlineCode(after.rotation)}`]),
    ];
    return given.length > 0
      ? [{ path: "rotation", does: `gives ${subject} ${given.join(" and ")}`, ...plain() }]
      : [];
  }
  const isSame = before.rotation === after.rotation && before.retiring === after.retiring;
  if (isSame) return [];
  if (before.publicKey !== undefined || after.publicKey !== undefined) {
    const given = describeChange(`the rotation of ${subject}`, before.rotation, after.rotation);
    const retiring = describeChange(`“retiring” of ${subject}`, before.retiring, after.retiring);
    const does = before.rotation === after.rotation ? retiring : given;
    return [{ path: "rotation", does, ...plain("it only says since when the key is in use") }];
  }
  const secretsOf = (client: CustomerClient) => generationsOf(client).map(({ rotation }) => rotation);
  const [old, next] = [secretsOf(before), secretsOf(after)];
  const added = next.filter((one) => !old.includes(one));
  const ended = old.filter((one) => !next.includes(one));
  const kept = next.filter((one) => old.includes(one));
  const secrets = (rotations: readonly string[]) => rotations.map((one) => inlineCode(one)).join(" and ");
  const said: CustomerDifference[] = [];
  if (added.length > 0) {
    const beside =
      kept.length > 0 ? `beside the secret of rotation ${secrets(kept)}` : "instead of the one that it has";
    said.push({
      path: "rotation",
      does: `gives ${subject} a new secret, of rotation ${secrets(added)}, ${beside}`,
      ...notable(),
    });
  }
  if (ended.length > 0) {
    said.push({
      path: "retiring",
      does: `ends the secret of rotation ${secrets(ended)} of ${subject} at once`,
      ...grave("cutOff", "whoever still uses it gets no more tokens"),
    });
  }
  if (said.length === 0) {
    said.push({
      path: "rotation",
      does: `hands out the secret of rotation ${secrets(next.slice(0, 1))} of ${subject}`,
      ...notable("the same secrets work"),
    });
  }
  return said;
}
