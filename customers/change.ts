// A change of the customer files: a pure function from the files to the one that changes, and what that comes to.
import { join } from "node:path";
import { compare, type Problem } from "../diagnostics/problem";
import { suggestion } from "../diagnostics/suggestion";
import { type NewCustomer, renderCustomer, setStatus } from "./edit";
import { describeIssues } from "./issue";
import { type CustomerDeclaration, type CustomerText, idOf, parseCustomers, type Stacks } from "./load";
import { type CustomerFile, organizationName } from "./schema";

export interface CustomerFiles {
  /** Path as it is to show in problems. */
  folder: string;
  files: readonly CustomerText[];
  /** Every scope that the API declares. */
  scopes: readonly string[];
  stacks?: Stacks;
}

export interface Change {
  /** Why it is refused: nothing is to be written then. */
  problems: Problem[];
  /** The file to write, or to delete where it has no text. None: all is as it should be. */
  file?: { name: string; text?: string };
  /** What the pull request does, to be read after "The pull request"; without a file, why there is nothing to do. */
  says: string;
}

/** @param schema path of schema.json, as editors find it from the folder */
export function addCustomer(all: CustomerFiles, id: string, customer: NewCustomer, schema: string): Change {
  const { error } = organizationName.safeParse(id);
  if (error) {
    const reasons = describeIssues(error.issues, id);
    return refuse(all, `"${id}" cannot be a customer's id, the name of its file: it ${reasons}.`);
  }
  const existing = all.files.find(({ name }) => idOf(name) === id);
  if (existing) {
    const message = `customer "${id}" exists already. Edit the file, or choose another id.`;
    return { problems: [{ file: join(all.folder, existing.name), message }], says: "" };
  }
  const scopes = Object.values(customer.clients).flatMap((client) => client.scopes);
  const says = `adds customer ${customer.displayName} (1 client: ${scopes.join(", ")}). Once it is deployed, hand out what this prints: npm run credentials -- ${id}`;
  return changeText(all, { name: `${id}.yaml`, text: renderCustomer(customer, schema) }, says);
}

export function suspendCustomer(all: CustomerFiles, id: string, reason?: string): Change {
  return changeStatus(all, id, "suspended", reason, ({ displayName, status, clients }) => {
    if (status === "suspended") return `notes why ${displayName} is suspended, and changes nothing else.`;
    return `suspends ${displayName}: ${getRefused(clients)} within a minute of the deployment.`;
  });
}

export function resumeCustomer(all: CustomerFiles, id: string): Change {
  return changeStatus(all, id, "active", undefined, ({ displayName, status, clients }) => {
    const resumed = `resumes ${displayName}: its ${count(clients, "passes", "pass")} again within a minute of the deployment.`;
    return status === "closing" ? `${resumed} It is no longer to be removed.` : resumed;
  });
}

/** In two steps, since what protects a customer's organization and clients must be given up before they can be deleted. */
export function removeCustomer(all: CustomerFiles, id: string): Change {
  const { name, customer, problems } = findCustomer(all, id);
  if (customer?.status !== "closing") {
    return changeStatus(all, id, "closing", undefined, ({ displayName, status, clients }) => {
      const now = status === "suspended" ? " as before" : " within a minute of the deployment";
      return `closes ${displayName}: ${getRefused(clients)}${now}. Remove it again when that has been deployed for as long as a token lives (tokenLifetime, a day by default): it deletes the file.`;
    });
  }
  if (problems.length > 0) return { problems, says: "" };
  const { displayName, clients } = customer;
  const says = `removes ${displayName}: its organization and ${count(clients)} are deleted for good. Tokens from before its closing pass again until they expire: merge it a tokenLifetime (a day by default) after the closing was deployed.`;
  return changeText(all, { name }, says);
}

function changeStatus(
  all: CustomerFiles,
  id: string,
  status: CustomerFile["status"],
  reason: string | undefined,
  describe: (customer: CustomerDeclaration) => string,
): Change {
  const { name, text, customer, problems } = findCustomer(all, id);
  if (!customer || problems.length > 0) return { problems, says: "" };
  if (customer.status === "closing" && status === "suspended") {
    const message = `customer "${id}" is closing, which refuses its requests too. Resume it first, if it is to stay.`;
    return { problems: [{ file: join(all.folder, name), message }], says: "" };
  }
  const changed = customer.status === status && reason === undefined ? text : setStatus(text, status, reason);
  if (changed === text) {
    return { problems, says: `${customer.displayName} is ${status} already.` };
  }
  return changeText(all, { name, text: changed }, describe(customer));
}

/** The file of a customer and what it declares, with the problems of all files. */
export function findCustomer(
  all: CustomerFiles,
  id: string,
): CustomerText & { customer?: CustomerDeclaration; problems: Problem[] } {
  const { customers, problems } = parseCustomers(all.folder, all.files, all.scopes, all.stacks);
  const found = all.files.find(({ name }) => idOf(name) === id);
  if (!found) {
    const ids = all.files.map(({ name }) => idOf(name));
    const message = `has no customer "${id}". ${suggestion(id, ids)}`.trimEnd();
    return { name: "", text: "", problems: refuse(all, message).problems };
  }
  return { ...found, customer: customers.find((customer) => customer.id === id), problems };
}

/** The change, if all files together are valid after it. */
export function changeText(all: CustomerFiles, file: { name: string; text?: string }, says: string): Change {
  const { name, text } = file;
  const others = all.files.filter((one) => one.name !== name);
  const after = text === undefined ? others : [...others, { name, text }];
  after.sort((a, b) => compare(a.name, b.name));
  const { problems } = parseCustomers(all.folder, after, all.scopes, all.stacks);
  return problems.length > 0 ? { problems, says: "" } : { problems, file, says };
}

function refuse({ folder }: CustomerFiles, message: string): Change {
  return { problems: [{ file: folder, message }], says: "" };
}

function getRefused(clients: readonly unknown[]): string {
  return `its ${count(clients, "gets", "get")} 403`;
}

function count({ length }: readonly unknown[], one = "", many = ""): string {
  return `${length} ${length === 1 ? `client ${one}` : `clients ${many}`}`.trimEnd();
}
