// What a plan does to a customer, in words: pure functions from changes to sentences in Markdown. Of a pull request, these are the
// sentences that no file explains; of a deployment, all of them.
import { keysInMetadata } from "../../customers/customer-schema";
import { pluralize } from "../../problems/words";
import { describeScopes } from "../changes/compare-clients";
import { grave, type Meaning, nameCustomer, notable } from "../changes/declared-change";
import { meaningOfInput, type PlannedChange } from "../changes/resources";
import { type ClientChange, type CustomerChange, customerTypes } from "../customer-changes";
import { inlineCode, plainText } from "../markdown";
import { describePresent, type LastUse, type PlannedImport } from "./imported-clients";

/** When Moesif last saw a call of a customer; or why that is not known, as the end of a sentence. */
export type LastSeen = { at: string } | { unknown: string } | "never";

export interface Context {
  /** By organization id. */
  lastSeen: Readonly<Record<string, LastSeen>>;
  /** The clients that the plan imports. */
  imported?: readonly PlannedImport[];
  /** When they last got a token; absent if nobody has asked. */
  lastUse?: LastUse | undefined;
}

interface Said extends Meaning {
  /** Path within the customer. */
  path?: string;
  /** In short; default: the customer's id. */
  name?: string;
  does: string;
  /** Whether it shows more of an import than the files do. */
  isOfImport?: boolean;
  /** Paths within the customer, and places of other declared things, that explain it. */
  from: readonly string[];
}

/** One sentence for each thing that changes, without the full stop of the last. */
export function describeCustomer(change: CustomerChange, context: Context): PlannedChange[] {
  const { id } = change;
  return describe(change, nameCustomer(change), context).map(
    ({ path, name = inlineCode(id), does, from, ...meaning }) => ({
      at: path === undefined ? `plan: customers: ${id}` : `plan: customers: ${id}.${path}`,
      name,
      does,
      sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
      customer: id,
      from: from.map((place) =>
        place.includes(":") || place === "imports" ? place : `customers: ${id}${place}`,
      ),
      ...meaning,
    }),
  );
}

function describe(change: CustomerChange, name: string, context: Context): Said[] {
  if (change.kind === "added") {
    const does = `adds customer ${name} with ${listClients(change)}${suffix(change)}`;
    const imports = describeParts(change, name, context).filter(({ isOfImport }) => isOfImport);
    return [{ does, from: ["!"], ...notable() }, ...imports];
  }
  if (change.kind === "imported")
    return [describeImport(change, name), ...describeParts(change, name, context)];
  if (change.kind === "removed") return [describeRemoval(change, name, context)];
  return [
    ...describeId(change, name),
    ...describeStatus(change, name, context),
    ...describeOrganization(change, name),
    ...describeParts(change, name, context),
    ...describeOthers(change, name),
  ];
}

function describeParts(change: CustomerChange, name: string, context: Context): Said[] {
  return change.clients.flatMap((client) =>
    describeClient(client, change, name, context).map((said) => ({
      ...said,
      path: said.path === undefined ? `clients.${client.name}` : `clients.${client.name}.${said.path}`,
      name: inlineCode(`${change.id}/${client.name}`),
    })),
  );
}

function suffix({ status }: CustomerChange): string {
  if (status.after === "suspended") return ", suspended: its requests get 403";
  return status.after === "closing" ? ", closing: its requests get 403" : "";
}

/** What the import says differently than Auth0, the deployment changes there. */
function describeImport(change: CustomerChange, name: string): Said {
  const does = `imports customer ${name} from Auth0 with ${listClients(change)}${suffix(change)}`;
  const different = change.organization.map((key) => inlineCode(key)).join(", ");
  return different === ""
    ? { does, from: ["imports"], ...notable() }
    : {
        does,
        from: [],
        ...grave("elsewhere", `its organization is not as the files say, and is changed: ${different}`),
      };
}

/** What is deleted cannot be had back; what it means for the customer depends on whether it was closed first. */
function describeRemoval(change: CustomerChange, name: string, context: Context): Said {
  const names = namesOf(change.clients);
  const clients = pluralize(names.length, "client");
  const [stop, they] = names.length === 1 ? ["stops", "it has"] : ["stop", "they have"];
  const last = describeLastSeen(change, context);
  const meaning =
    change.status.before === "closing"
      ? notable(`it was closed; its organization and ${clients} are deleted for good${last}`)
      : grave(
          "cutOff",
          `its ${clients} ${stop} working at once: no new tokens, and those that ${they} get 403${last}`,
        );
  return { does: `removes ${name}`, from: ["!"], ...meaning };
}

function describeId({ previousId }: CustomerChange, name: string): Said[] {
  if (previousId === undefined) return [];
  const does = `renames customer ${inlineCode(previousId)} to ${name}`;
  return [{ path: "id", does, from: [".id"], ...notable("nothing is deleted") }];
}

function describeStatus(change: CustomerChange, name: string, context: Context): Said[] {
  const { before, after } = change.status;
  if (before === undefined || before === after) return [];
  const names = namesOf(change.clients.filter(({ kind }) => kind !== "added"));
  const clients = pluralize(names.length, "client");
  const get = names.length === 1 ? "gets" : "get";
  const last = seenIfActive(change, context);
  const common = { path: "status", from: [".status"] };
  if (after === "suspended") {
    return [{ ...common, does: `suspends ${name}`, ...grave("cutOff", `its ${clients} ${get} 403${last}`) }];
  }
  if (after === "closing") {
    const means = `its ${clients} ${get} 403, new tokens have no scopes, and a later change may remove it${last}`;
    return [{ ...common, does: `closes ${name}`, ...grave("cutOff", means) }];
  }
  return [{ ...common, does: `resumes ${name}`, ...grave("gains", `its ${clients} may call the API again`) }];
}

const organizationWords: Record<string, { words: string; from: string[] }> = {
  displayName: { words: "the display name", from: [".displayName"] },
  name: { words: "the organization's name", from: [".organization", ".id"] },
  metadata: { words: "the metadata", from: [".metadata", ...keysInMetadata.map((key) => `.${key}`), ".id"] },
};

function describeOrganization({ isReplaced, organization }: CustomerChange, name: string): Said[] {
  if (isReplaced) {
    const means = "its id is another one then, under which nobody knows the customer";
    return [
      {
        path: "organization",
        does: `**replaces** the organization of ${name}`,
        from: [],
        ...grave("cutOff", means),
      },
    ];
  }
  const inputs = [...new Set(organization.map((property) => property.split(/[.[]/)[0] ?? property))];
  return inputs.map((key) => {
    const { words, from } = organizationWords[key] ?? { words: `the ${plainText(key)}`, from: [] };
    return { path: `organization.${key}`, does: `changes ${words} of ${name}`, from, ...notable() };
  });
}

function describeClient(
  client: ClientChange,
  change: CustomerChange,
  name: string,
  context: Context,
): Said[] {
  const [base = client.name, rotation] = client.name.split("/");
  const which = `client ${inlineCode(base)} of ${name}`;
  const own = `.clients.${base}`;
  const others = change.clients.filter((one) => one !== client && one.name.split("/")[0] === base);
  if (client.kind === "added" && rotation !== undefined && others.length > 0) {
    const does = `gives ${which} a new secret (${inlineCode(rotation)}), beside the one that it has`;
    return [{ does, from: [`${own}.rotation`, `${own}.retiring`], ...notable() }];
  }
  if (client.kind === "removed" && others.some(({ kind }) => kind !== "removed")) {
    const meaning = grave("cutOff", "whoever still uses it gets no more tokens");
    return [
      { does: `ends the old secret of ${which}`, from: [`${own}.retiring`, `${own}.publicKey`], ...meaning },
    ];
  }
  if (client.kind === "added") {
    return [
      {
        does: `adds ${which} with ${describeScopes(client.scopes.after)}`,
        from: [`${own}!`],
        ...grave("gains"),
      },
    ];
  }
  if (client.kind === "removed") {
    const does = `removes ${which} (${describeScopes(client.scopes.before)})`;
    return [{ does, from: [`${own}!`], ...grave("cutOff", "it stops working at once") }];
  }
  const imported = context.imported?.find((one) => one.customer === change.id && one.client === client.name);
  if (client.kind === "replaced") {
    const means = "its id and secret stop working at once, and others have to be handed out";
    return [
      { does: `**replaces** ${which}`, from: [], ...grave("cutOff", means) },
      ...(imported ? [describeImportedClient(client, imported, which, context)] : []),
    ];
  }
  if (client.kind === "imported") return [describeImportedClient(client, imported, which, context)];
  const said: Said[] = [];
  if (client.previousName !== undefined) {
    const does = `renames client ${inlineCode(client.previousName)} of ${name} to ${inlineCode(client.name)}`;
    said.push({ path: "name", does, from: [`${own}.name`, `${own}.rotation`], ...notable() });
  }
  said.push(...describeGrant(client, change, which, own));
  if (client.hasOtherCredentials) {
    const meaning = grave("elsewhere", "who proves to be the client in another way gets its tokens");
    said.push({
      path: "credentials",
      does: `changes the credentials of ${which}`,
      from: [`${own}.publicKey`],
      ...meaning,
    });
  }
  return [...said, ...describeInputs(client, change, which, own)];
}

/** What follows from another name is not reported again. */
function describeInputs(client: ClientChange, change: CustomerChange, which: string, own: string): Said[] {
  const isRenamed = change.previousId !== undefined || client.previousName !== undefined;
  const isNamed = isRenamed || change.organization.includes("displayName");
  const told = [...(isRenamed ? ["name", "clientMetadata"] : []), ...(isNamed ? ["description"] : [])];
  const from = ["tokenQuota", "name", "rotation"].map((key) => `${own}.${key}`);
  return client.differences
    .filter((key) => !told.includes(key))
    .map((key) => ({
      path: key,
      does: `changes ${inlineCode(key)} of ${which}`,
      from: [...from, ".plan", ".displayName", ".id", ".organization", ...ofAll],
      ...meaningOfInput(customerTypes.client, key),
    }));
}

/** Settings that change something of every client. */
const ofAll = ["audience", "auth0:domain", "plans", "defaultPlan", "enforcePlans"].map(
  (key) => `settings: ${key}`,
);

/** What Auth0 has, no file says: a person has to look whether it is the customer's. */
function describeImportedClient(
  { scopes, differences }: ClientChange,
  imported: PlannedImport | undefined,
  which: string,
  { lastUse }: Context,
): Said {
  const { what, use } = imported
    ? describePresent(imported, lastUse)
    : { what: "a client from Auth0", use: "" };
  const different =
    differences.length === 0
      ? ""
      : `; it is not as the files say, and is changed: ${differences.map((key) => inlineCode(key)).join(", ")}`;
  return {
    path: "import",
    does: `imports ${what} as ${which} with ${describeScopes(scopes.after)}`,
    from: [],
    isOfImport: true,
    ...grave("elsewhere", `whoever has its secret is this customer then${use}${different}`),
  };
}

function describeOthers({ others }: CustomerChange, name: string): Said[] {
  if (others.length === 0) return [];
  const shown = others
    .slice(0, 5)
    .map(
      (one) => `${inlineCode(one.op)} ${plainText(one.type.split(":").at(-1) ?? "")} ${inlineCode(one.name)}`,
    );
  const rest = others.length > shown.length ? [`${others.length - shown.length} more`] : [];
  const from = [
    "",
    "settings: plans",
    "settings: defaultPlan",
    "settings: kmsKeyArn",
    "settings: deliveryKmsKeyArn",
  ];
  return [
    {
      path: "others",
      does: `changes other resources of ${name}: ${listed([...shown, ...rest])}`,
      from,
      ...notable(),
    },
  ];
}

function describeGrant(
  { scopes: { before, after } }: ClientChange,
  change: CustomerChange,
  which: string,
  own: string,
) {
  const gained = after.filter((scope) => !before.includes(scope));
  const lost = before.filter((scope) => !after.includes(scope));
  // Said of the customer as a whole.
  if (change.status.after === "closing" || change.status.before === "closing") return [];
  const from = [`${own}.scopes`, ".status"];
  const said: Said[] = [];
  if (gained.length > 0) {
    said.push({
      path: "scopes.gained",
      does: `gives ${describeScopes(gained)} to ${which}`,
      from,
      ...grave("gains"),
    });
  }
  if (lost.length > 0) {
    const rest = after.length === 0 ? "it can do nothing" : `it keeps ${describeScopes(after)}`;
    said.push({
      path: "scopes.lost",
      does: `takes ${describeScopes(lost)} from ${which}`,
      from,
      ...grave("cutOff", rest),
    });
  }
  return said;
}

function listClients({ clients }: CustomerChange): string {
  const [only] = clients;
  if (clients.length === 1 && only) return `1 client (${describeScopes(only.scopes.after)})`;
  const each = clients.map((one) => `${inlineCode(one.name)} with ${describeScopes(one.scopes.after)}`);
  return `${clients.length} clients (${each.join("; ")})`;
}

/** Of clients that have two secrets, both are one. */
function namesOf(clients: readonly ClientChange[]): string[] {
  return [...new Set(clients.map(({ name }) => name.split("/")[0] ?? name))];
}

function seenIfActive(change: CustomerChange, context: Context): string {
  return change.status.before === "active" ? describeLastSeen(change, context) : "";
}

/** The end of a sentence about whoever goes. */
export function describeLastSeen(
  { organizationId = "" }: Pick<CustomerChange, "organizationId">,
  { lastSeen }: Pick<Context, "lastSeen">,
): string {
  const found = Object.hasOwn(lastSeen, organizationId) ? lastSeen[organizationId] : undefined;
  if (found === undefined) return "";
  if (found === "never") return "; Moesif saw no call of it in the last year";
  return "at" in found
    ? `; last seen by Moesif ${found.at.slice(0, 16).replace("T", " ")} UTC`
    : `; when it last called the API is not known: ${plainText(found.unknown)}`;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}
