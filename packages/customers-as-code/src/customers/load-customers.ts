// Reads the customer files: a pure function from texts to customers and all their problems.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../problems/problem";
import { asRecord, getOwn } from "../problems/record";
import { parseSource, type Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { describeIssues } from "../problems/zod-issue";
import { checkKeys, checkPlan } from "./check-plan";
import { checkStrings } from "./check-strings";
import { checkClients, checkMembers, checkTogether, type Named } from "./checks";
import { type CustomerFile, customerFile, firstRotation, organizationName } from "./customer-schema";
import { type CustomerText, checkVisible, readCustomerFiles } from "./folder";
import { forStack, stacksInFile } from "./overrides";
import type { PlanSettings, TokenQuota } from "./plans";
import { explainIssues } from "./schema-issue";

export type { CustomerText };

/** What a change of the files starts from. */
export interface CustomerFiles {
  /** Path as it is to show in problems. */
  folder: string;
  files: readonly CustomerText[];
  /** Every scope that the API declares. */
  scopes: readonly string[];
  /** With a `stack`, its part of a file is what changes. */
  stacks?: Stacks;
}

/** One client of a customer. */
export interface CustomerClient {
  name: string;
  scopes: string[];
  /** Whether it may be deleted by the next change. */
  closing: boolean;
  /** Where it authenticates by a key pair and not by a secret: the customer's public key, as PEM. */
  publicKey?: string;
  /** The key before it, for as long as both shall be good. */
  retiringPublicKey?: string;
  /** Number or date. */
  rotation: string;
  /** The rotation before it, for as long as the secrets of both shall be good; or the one after it that is called off. */
  retiring?: string;
  /** Whether the rotation that ends is one that was called off. */
  isCancelled?: boolean;
  /** Most tokens that Auth0 gives it: as its file says, else as the customer's plan does. */
  tokenQuota?: TokenQuota;
  /** Name that it had until now. */
  previously?: string;
}

/** One customer, from one file: what the schema says of its keys, with these differences. */
export interface CustomerDeclaration extends Omit<CustomerFile, "clients" | "stacks"> {
  /** The file's name without its ending: the customer's resources are named after it. */
  id: string;
  /** Name of its Auth0 organization. */
  organization: string;
  /** As its file says, else the stack's default; absent if the stack has no plans, or nobody has said which. */
  plan?: string;
  metadata: Record<string, string>;
  /** In the order of the file. */
  clients: CustomerClient[];
}

export interface LoadedCustomers {
  /** In the order of the files' names. To be used only where there is no problem. */
  customers: CustomerDeclaration[];
  problems: Problem[];
  /** How many files were read. */
  files: number;
}

/**
 * Reads every `*.yaml` of a folder.
 * @param folder path relative to the working directory, as it is to show in problems
 * @param scopes every scope that the API declares
 * @param stacks see {@link Stacks}; which there are, the working directory says
 */
export function loadCustomers(
  folder: string,
  scopes: readonly string[],
  stacks: Omit<Stacks, "known"> = {},
): LoadedCustomers {
  const { files, problems } = readCustomerFiles(folder);
  if (problems.length > 0 && files.length === 0) return { customers: [], problems, files: 0 };
  const parsed = parseCustomers(folder, files, scopes, { ...stacks, known: knownStacks() });
  return { ...parsed, problems: [...problems, ...parsed.problems] };
}

export interface Stacks {
  /** The stack whose customers to load; without it, what the files declare for all stacks. */
  stack?: string | undefined;
  /** Its plans; where they are not known, no plan is refused. */
  plans?: PlanSettings | undefined;
  /** Names of all that the project has; empty where that is not known. */
  known: readonly string[];
}

/** The stacks that have settings in the working directory. */
export function knownStacks(): string[] {
  return [...readdirSync(".")].flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []);
}

/** The id of the customer whose file has the name. */
export function idOf(name: string): string {
  return name.replace(/\.ya?ml$/, "");
}

/** Like {@link loadCustomers}, of texts. */
export function parseCustomers(
  folder: string,
  files: readonly CustomerText[],
  scopes: readonly string[],
  stacks: Stacks = { known: [] },
): LoadedCustomers {
  if (files.length === 0) {
    const message =
      'has no customer file. Add one, for example acme.yaml, or set the config key "customers" to the folder that has them.';
    return { customers: [], problems: [{ file: folder, code: "customers-none", message }], files: 0 };
  }
  const parsed = files.map(({ name, text }) => parseCustomer(join(folder, name), name, text, scopes, stacks));
  const problems = [
    ...parsed.flatMap((one) => one.problems),
    ...checkTogether(parsed),
    ...(stacks.plans ? checkKeys(folder, files.length, stacks.plans) : []),
  ];
  const customers = parsed.flatMap(({ customer }) => customer ?? []);
  return { customers, problems, files: files.length };
}

interface Parsed extends Named {
  customer?: CustomerDeclaration;
  problems: Problem[];
}

function parseCustomer(
  file: string,
  name: string,
  text: string,
  scopes: readonly string[],
  { stack, plans, known }: Stacks,
): Parsed {
  const source = parseSource(file, text);
  const id = idOf(name);
  const wanted = stack === undefined ? source : forStack(source, stack);
  const given = asRecord(wanted.value).organization;
  // A file with other problems takes its name all the same.
  const organization = typeof given === "string" ? given : id;
  const hidden = checkVisible(file, text);
  const problems = [
    ...checkFileName(file, name, id),
    ...source.problems,
    ...(hidden.length > 0 ? hidden : checkStrings(source)),
  ];
  if (source.problems.length > 0) return { id, organization, source: wanted, problems };
  const shared = readCustomer(source, id, organization, scopes);
  problems.push(...shared.problems, ...checkStackNames(source, stack, known));
  let { customer } = shared;
  for (const one of stacksInFile(source)) {
    const ofStack = readCustomer(forStack(source, one), id, organization, scopes);
    problems.push(...newIn(ofStack.problems, shared.problems, one));
    if (one === stack) customer = ofStack.customer;
  }
  if (plans) {
    problems.push(...checkPlan(wanted, plans));
    customer &&= withPlan(customer, plans);
  }
  return { id, organization, source: wanted, problems, ...(customer && { customer }) };
}

/** The customer with what its plan says of its clients. */
function withPlan(customer: CustomerDeclaration, { plans, defaultPlan }: PlanSettings): CustomerDeclaration {
  const { plan = defaultPlan } = customer;
  if (plan === undefined) return customer;
  const tokenQuota = getOwn(plans, plan)?.tokenQuota;
  const clients = customer.clients.map((client) => ({ ...(tokenQuota && { tokenQuota }), ...client }));
  return { ...customer, plan, clients };
}

function readCustomer(
  source: Source,
  id: string,
  organization: string,
  scopes: readonly string[],
): Pick<Parsed, "customer" | "problems"> {
  const problems: Problem[] = [...checkMembers(source), ...checkClients(source, scopes)];
  const result = customerFile.safeParse(source.value);
  if (!result.success) {
    problems.push(...explainIssues(source, result.error.issues));
    return { problems };
  }
  const { metadata = {}, clients: declared, stacks: _, ...rest } = result.data;
  const clients = Object.entries(declared).map(
    ([
      client,
      { authentication: _, rotation = firstRotation, cancelled, retiring = cancelled, ...more },
    ]) => ({
      name: client,
      rotation: String(rotation),
      ...(retiring !== undefined && { retiring: String(retiring) }),
      ...(cancelled !== undefined && { isCancelled: true }),
      ...more,
    }),
  );
  return { problems, customer: { ...rest, id, organization, metadata, clients } };
}

/** What is wrong with a stack's part, or with it and the rest together, beyond what is already reported of the file. */
function newIn(problems: readonly Problem[], told: readonly Problem[], stack: string): Problem[] {
  const isInPart = ({ path = [] }: Problem) => path[0] === "stacks" && path[1] === stack;
  const isTold = (problem: Problem) =>
    told.some(
      (other) =>
        other.line === problem.line &&
        other.column === problem.column &&
        (isDeepStrictEqual(other, problem) || isInPart(other)),
    );
  return problems
    .filter((problem) => !isTold(problem))
    .map((problem) => ({ ...problem, message: `stacks.${stack}: ${problem.message}` }));
}

/** A misspelt one would be a stack without its part, and nobody would know. */
function checkStackNames(source: Source, stack: string | undefined, known: readonly string[]): Problem[] {
  const all = [...new Set([...known, ...(stack === undefined ? [] : [stack])])];
  if (known.length === 0) return [];
  return stacksInFile(source)
    .filter((name) => !all.includes(name))
    .map((name) => ({
      ...source.atKey(["stacks"], name),
      code: "customer-stack-unknown",
      message: `stacks: "${name}" is not a stack of the project: there is no Pulumi.${name}.yaml. ${suggestCandidates(name, all)}`,
    }));
}

function checkFileName(file: string, name: string, id: string): Problem[] {
  const { success, error } = organizationName.safeParse(id);
  if (success) return [];
  const message = `file name: "${name}" ${describeIssues(error.issues, id)}. Rename the file.`;
  return [{ file, line: 1, column: 1, code: "customer-file-invalid-name", message }];
}
