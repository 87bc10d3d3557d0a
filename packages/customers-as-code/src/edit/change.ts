// A change of the customer files: a pure function from the files to the one that changes, and what that comes to.
import { join } from "node:path";
import { type CustomerFile, organizationName } from "../customers/customer-schema";
import {
  type CustomerDeclaration,
  type CustomerFiles,
  type CustomerText,
  idOf,
  parseCustomers,
} from "../customers/load-customers";
import { stacksInFile } from "../customers/overrides";
import { compareStrings, type Fault, type Problem } from "../problems/problem";
import { parseSource } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { pluralize } from "../problems/words";
import { describeIssues } from "../problems/zod-issue";
import { type NewCustomer, oneLine, renderCustomer } from "./edit";
import { editMap } from "./edit-map";
import { setStatus } from "./edit-status";

export interface FilesChange {
  /** Why it is refused: nothing is written then. */
  problems: Problem[];
  /** The file to write, or to delete where it has no text. None: all is as it should be. */
  file?: { name: string; text?: string };
  /** What the pull request does, to be read after "The pull request"; without a file, why there is nothing to do. */
  says: string;
}

/** @param schema path of schema.json, as editors find it from the folder */
export function addCustomer(
  all: CustomerFiles,
  id: string,
  customer: NewCustomer,
  schema: string,
): FilesChange {
  const problems = checkNewId(all, id);
  if (problems.length > 0) return { problems, says: "" };
  const { stack } = all.stacks ?? {};
  const scopes = Object.values(customer.clients).flatMap((client) => client.scopes);
  const says = `adds customer ${customer.displayName} (1 client: ${scopes.join(", ")}). Once it is deployed, hand out what this prints: npx customers credentials ${id}${stack === undefined ? "" : `. The pull request adds it to every stack, not only to ${stack}: put what differs in one of them under "stacks" in the file`}`;
  return changeText(all, { name: `${id}.yaml`, text: renderCustomer(customer, schema) }, says);
}

/** Why a customer cannot get the id. */
export function checkNewId(all: CustomerFiles, id: string): Problem[] {
  const { error } = organizationName.safeParse(id);
  if (error) {
    const reasons = describeIssues(error.issues, id);
    const message = `"${id}" cannot be a customer's id, the name of its file: it ${reasons}.`;
    return refuse(all, { code: "customer-invalid-id", message }).problems;
  }
  const existing = all.files.find(({ name }) => idOf(name) === id);
  if (!existing) return [];
  const message = `customer "${id}" already exists. Edit the file, or choose another id.`;
  return [{ file: join(all.folder, existing.name), code: "customer-exists", message }];
}

/** API Gateway goes by what it remembers for as long. */
const soon = "within authorizerCacheSeconds (a minute by default) of the deployment";

export function suspendCustomer(all: CustomerFiles, id: string, reason?: string): FilesChange {
  return changeStatus(all, id, "suspended", reason, ({ displayName, status, clients }) => {
    if (status === "suspended") return `records why ${displayName} is suspended, and changes nothing else.`;
    return `suspends ${displayName}${describeOnlyStack(all)}: ${getRefused(clients)} ${soon}.`;
  });
}

export function resumeCustomer(all: CustomerFiles, id: string): FilesChange {
  return changeStatus(all, id, "active", undefined, ({ displayName, status, clients }) => {
    const resumed = `resumes ${displayName}${describeOnlyStack(all)}: its ${pluralize(clients.length, "client")} can call the API again ${soon}.`;
    return status === "closing" ? `${resumed} It is no longer closing.` : resumed;
  });
}

/**
 * In two steps, since what protects a customer's organization and clients must be given up before they can be deleted. Both are for
 * all stacks: a file is there for each of them, or for none.
 */
export function removeCustomer(all: CustomerFiles, id: string): FilesChange {
  const { name, text, customer, problems } = findCustomer(all, id);
  const open = customer ? stacksApart(all, { name, text }, "closing") : [];
  if (customer?.status !== "closing" || open.length > 0) {
    return changeStatus(all, id, "closing", undefined, ({ displayName, status, clients }) => {
      const now = status === "suspended" ? "as before" : soon;
      return `closes ${displayName}: ${getRefused(clients)} ${now}. Once that is deployed, remove it again: that deletes the file.`;
    });
  }
  if (problems.length > 0) return { problems, says: "" };
  const { displayName, clients } = customer;
  const says = `removes ${displayName}: its organization and ${pluralize(clients.length, "client")} are deleted for good. Merge it once the closing is deployed. Tokens that it still has get 403 until they expire.`;
  return changeText(all, { name }, says);
}

function changeStatus(
  all: CustomerFiles,
  id: string,
  status: CustomerFile["status"],
  reason: string | undefined,
  describe: (customer: CustomerDeclaration) => string,
): FilesChange {
  const { name, text, customer, problems } = findCustomer(all, id);
  if (!customer || problems.length > 0) return { problems, says: "" };
  const refuseFile = (fault: Fault): FilesChange => ({
    problems: [{ file: join(all.folder, name), ...fault }],
    says: "",
  });
  if (customer.status === "closing" && status === "suspended") {
    return refuseFile({
      code: "customer-status-refused",
      message: `customer "${id}" is closing, so its requests are refused too. To keep it, resume it first.`,
    });
  }
  const { stack } = all.stacks ?? {};
  const isSo = customer.status === status && reason === undefined;
  const file = { name, text };
  let changed: string | undefined = text;
  if (stack !== undefined) changed = isSo ? text : setStatusIn(all, file, stack, status, reason);
  else {
    if (!isSo) changed = setStatus(text, status, reason);
    // A customer must be closed everywhere before it can be removed.
    const apart = status === "closing" ? stacksApart(all, file, status) : [];
    for (const one of apart) changed &&= editMap(changed, ["stacks", one], [{ drop: "status" }]);
  }
  if (changed === undefined) {
    return refuseFile({
      code: "edit-by-hand",
      message: "uses an anchor or alias where the status belongs: edit it by hand.",
    });
  }
  const apart = stack === undefined ? apartSaid(all, { name, text: changed }, status) : "";
  if (changed === text) {
    return { problems, says: `${customer.displayName} is already ${status}${inStack(all)}.${apart}` };
  }
  return changeText(all, { name, text: changed }, `${describe(customer)}${apart}`);
}

/** The file with another status in one stack: without a line of its own, where that is the status in all. */
function setStatusIn(
  all: CustomerFiles,
  { name, text }: CustomerText,
  stack: string,
  status: CustomerFile["status"],
  reason: string | undefined,
): string | undefined {
  const shared = statusIn(all, { name, text }, undefined);
  const path = ["stacks", stack];
  if (status === shared && reason === undefined) return editMap(text, path, [{ drop: "status" }]);
  const comment = reason === undefined ? undefined : oneLine(reason);
  const setting = { set: "status", value: status, after: ["displayName"], first: true };
  // The reason why it was suspended is none why it is active.
  const why = status === "active" ? "" : comment;
  return editMap(text, path, [{ ...setting, ...(why !== undefined && { comment: why }) }]);
}

/** The stacks whose part of the file says another status. */
function stacksApart(all: CustomerFiles, file: CustomerText, status: CustomerFile["status"]): string[] {
  return stacksIn(file).filter((one) => {
    const found = statusIn(all, file, one);
    return found !== undefined && found !== status;
  });
}

function apartSaid(all: CustomerFiles, file: CustomerText, status: CustomerFile["status"]): string {
  const apart = stacksApart(all, file, status);
  const each = apart.map((stack) => `${statusIn(all, file, stack)} in ${stack}`);
  return apart.length === 0
    ? ""
    : ` It stays ${each.join(" and ")}, as the file says; to change that, use --stack ${apart[0]}.`;
}

function statusIn(
  all: CustomerFiles,
  file: CustomerText,
  stack: string | undefined,
): CustomerFile["status"] | undefined {
  return customerIn(all, file, stack)?.status;
}

/** What a file declares. @param stack undefined: as it says of all */
export function customerIn(
  { folder, scopes }: CustomerFiles,
  file: CustomerText,
  stack: string | undefined,
): CustomerDeclaration | undefined {
  return parseCustomers(folder, [file], scopes, { stack, known: [] }).customers[0];
}

/** The stacks of which a file has a part of its own. */
export function stacksIn({ name, text }: CustomerText): string[] {
  return stacksInFile(parseSource(name, text));
}

/** To be read behind whom or what is as it should be. */
export function inStack({ stacks }: CustomerFiles): string {
  return stacks?.stack === undefined ? "" : ` in the stack ${stacks.stack}`;
}

/** To be read behind whom or what is changed. */
export function describeOnlyStack(all: CustomerFiles): string {
  return inStack(all) && `${inStack(all)} only`;
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
    const message = `has no customer "${id}". ${suggestCandidates(id, ids)}`.trimEnd();
    return { name: "", text: "", problems: refuse(all, { code: "customer-unknown", message }).problems };
  }
  return { ...found, customer: customers.find((customer) => customer.id === id), problems };
}

/** The change, if all files together are valid after it. */
export function changeText(
  all: CustomerFiles,
  file: { name: string; text?: string },
  says: string,
): FilesChange {
  const { name, text } = file;
  const others = all.files.filter((one) => one.name !== name);
  const after = text === undefined ? others : [...others, { name, text }];
  after.sort((a, b) => compareStrings(a.name, b.name));
  const { problems } = parseCustomers(all.folder, after, all.scopes, all.stacks);
  return problems.length > 0 ? { problems, says: "" } : { problems, file, says };
}

function refuse({ folder }: CustomerFiles, fault: Fault): FilesChange {
  return { problems: [{ file: folder, ...fault }], says: "" };
}

function getRefused(clients: readonly unknown[]): string {
  return `its ${pluralize(clients.length, "client gets", "clients get")} 403`;
}
