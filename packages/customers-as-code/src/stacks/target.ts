// What the commands that read a tenant work on: whose tenant, which API, which files.
import type { ApiDeclaration } from "../auth0/declaration";
import { domainFault } from "../auth0/tenant-domain";
import { locateSchema } from "../customers/customer-schema";
import { readCustomerFiles } from "../customers/folder";
import type { AllImports, TenantImports } from "../customers/import-data";
import { loadImports } from "../customers/imports";
import {
  type CustomerDeclaration,
  type CustomerFiles,
  knownStacks,
  parseCustomers,
} from "../customers/load-customers";
import { isPlacement, type Placement, placementOf } from "../customers/shard-placement";
import { loadDocument } from "../openapi/load-document";
import { ProblemsError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { effectiveSettings } from "../settings/effective-settings";
import type { TenantAccess } from "../tenant/tenant-access";
import { plansOf, readStack, settingsFile } from "./stack-settings";

export interface TenantTarget {
  access: TenantAccess;
  audience: string;
  existing: CustomerFiles;
  declared: CustomerDeclaration[];
  /** Of the tenant. */
  imports: TenantImports;
  /** Whether a stack has said what its plans are. */
  hasPlans: boolean;
  allImports: AllImports;
  /** Without `tokenLifetime`, where no stack says it. */
  api: Omit<ApiDeclaration, "tokenLifetime"> & { tokenLifetime?: number };
  /** Path of schema.json, as editors find it from the folder. */
  schema: string;
  /** Which of the company's stacks is given; absent where none is. */
  placement?: Placement;
}

type Given = Partial<Record<"stack" | "domain" | "audience" | "customers" | "openapi", string | undefined>>;

/** @throws {ProblemsError} with everything that is wrong or missing. */
export function findTarget(given: Given): TenantTarget {
  const problems: Problem[] = [];
  const stack = given.stack === undefined ? {} : readStack(given.stack, problems);
  const settings = effectiveSettings(stack);
  const environment = (name: string): string => {
    const value = process.env[name] ?? "";
    if (value === "")
      problems.push({
        file: "the environment",
        code: "environment-variable-missing",
        message: `has no ${name}, which Pulumi needs too`,
      });
    return value;
  };
  const domain = given.domain ?? stack.domain ?? environment("AUTH0_DOMAIN");
  // What a stack says is checked with the rest of its settings.
  const wrongDomain =
    stack.domain === undefined || given.domain !== undefined ? domainFault(domain) : undefined;
  if (domain !== "" && wrongDomain) {
    const { fault, right } = wrongDomain;
    const [file, name] =
      given.domain === undefined ? ["the environment", "AUTH0_DOMAIN"] : ["the command", "--domain"];
    const message = `${name} ${fault}. Set it to ${right ?? "that domain"}.`;
    const code = "auth0-domain-invalid";
    // What the stack's settings are checked with may have reported the environment's.
    const isReported = problems.some((problem) => problem.code === code && problem.file === file);
    if (!isReported) problems.push({ file, code, message });
  }
  const access = {
    domain,
    clientId: environment("AUTH0_CLIENT_ID"),
    clientSecret: environment("AUTH0_CLIENT_SECRET"),
  };
  const audience = given.audience ?? stack.audience ?? "";
  if (audience === "") {
    problems.push({
      file: "the command",
      code: "audience-not-given",
      message: "names no audience of the API. Add --stack or --audience.",
    });
  }
  const document = loadDocument(given.openapi ?? settings.openapi, []);
  const { title, scopes } = document.api;
  // What else is wrong with the document is for a preview to say: here its scopes are all that is needed.
  if (Object.keys(scopes).length === 0) problems.push(...document.problems);
  const folder = given.customers ?? settings.customers;
  const { files, problems: unreadable } = readCustomerFiles(folder);
  problems.push(...unreadable);
  const placement = given.stack === undefined ? undefined : placementInStack(given.stack, stack, problems);
  const plans = given.stack === undefined ? undefined : plansOf(given.stack, stack, problems);
  const stacks = { stack: placement?.main, plans, known: knownStacks() };
  const existing = { folder, files, scopes: Object.keys(scopes), stacks };
  const declared = parseCustomers(folder, files, existing.scopes, stacks);
  const { imports, all, problems: wrongImports } = loadImports(folder, domain, declared);
  problems.push(...declared.problems, ...wrongImports);
  if (problems.length > 0) throw new ProblemsError(problems, files.length);
  return {
    access,
    audience,
    existing,
    declared: declared.customers,
    imports,
    hasPlans: plans !== undefined,
    allImports: all,
    api: {
      name: title,
      identifier: audience,
      scopes,
      ...(given.stack !== undefined && { tokenLifetime: settings.tokenLifetime }),
    },
    schema: locateSchema(folder),
    ...(placement && { placement }),
  };
}

/** Which of the company's stacks it is. */
export function placementInStack(
  stack: string,
  settings: Record<string, string | undefined>,
  problems: Problem[],
): Placement | undefined {
  const placement = placementOf(stack, effectiveSettings(settings).shards);
  if (isPlacement(placement)) return placement;
  problems.push({ file: settingsFile(stack), ...placement });
  return undefined;
}
