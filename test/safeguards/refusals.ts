// Everything that refuses a change of the company: each guard as the program or a command of CI calls it, but for the engine's own.

import { addressOf } from "../../packages/customers-as-code/src/deployment/address";
import { checkImports } from "../../packages/customers-as-code/src/deployment/check-imports";
import {
  clientsOf,
  readDeployed,
  readLastDeployment,
} from "../../packages/customers-as-code/src/deployment/last-deployment";
import { checkOrganizationNames } from "../../packages/customers-as-code/src/deployment/organization-names";
import { checkPlacement } from "../../packages/customers-as-code/src/deployment/placement";
import { checkRemovals } from "../../packages/customers-as-code/src/deployment/removals";
import { renderRestApiBody } from "../../packages/customers-as-code/src/gateway/rest/rest-api-body";
import {
  grantedScopes,
  protectedCustomers,
} from "../../packages/customers-as-code/src/policy/protected-customers";
import { formatProblem, type Problem } from "../../packages/customers-as-code/src/problems/problem";
import { asRecord } from "../../packages/customers-as-code/src/problems/record";
import { compareDeclared } from "../../packages/customers-as-code/src/review/changes/compare";
import { checkReviewable } from "../../packages/customers-as-code/src/review/comment/grave-changes";
import type { ChangedFile } from "../../packages/customers-as-code/src/review/git/changed-files";
import { readFileOf } from "../../packages/customers-as-code/src/review/git/files";
import {
  checkDeliveredImports,
  deliveredImports,
} from "../../packages/customers-as-code/src/review/guards/delivered-imports";
import { checkMixture, type Trees } from "../../packages/customers-as-code/src/review/guards/guarded-files";
import { checkDeploymentPlan } from "../../packages/customers-as-code/src/review/guards/guards";
import { parseOwners } from "../../packages/customers-as-code/src/review/guards/owners";
import { checkOwners } from "../../packages/customers-as-code/src/review/guards/owners-of-changes";
import { parsePolicyConfig } from "../../packages/customers-as-code/src/review/guards/policy-config";
import type { Plan } from "../../packages/customers-as-code/src/stacks/plan";
import type { Existing } from "../../packages/customers-as-code/src/tenant/existing-resources";
import { reported, reportedOf, resource } from "../../packages/customers-as-code/testing/reported";
import { type Company, company, declaredBy, filesOfCompany } from "../support/company";
import { type RawFiles, type Read, readCompany } from "./read-company";

/** A change, and what it happens in. */
export interface Attempt {
  /** Of the company as it is in the base, if it must be different for the change. */
  before?: (company: Company) => void;
  edit: (company: Company) => void;
  /** Files of the head, as they are. */
  files?: RawFiles;
  /** Changes what the last deployment of the base left: the stack's outputs. */
  left?: (outputs: Outputs) => void;
  /** What Auth0 has of what is imported. */
  existing?: Existing;
  /** What a preview has found. */
  plan?: (settings: Plan["settings"]) => Plan;
  /** Logins; default: a member of the team that owns everything. */
  author?: string;
  approvedBy?: readonly string[];
  /** Of the client with which Pulumi signs in. */
  ownClientId?: string;
}

interface Outputs {
  customers: Record<string, Record<string, unknown>>;
  lastDeployment: Record<string, unknown>;
}

export interface Refused {
  /** As docs/explanation/ci.md calls it; `files`, `settings` and `shards` are checks of the program itself. */
  guard: string;
  message: string;
}

export async function refusalsOf(attempt: Attempt): Promise<Refused[]> {
  const [base, head] = [company(), company()];
  attempt.before?.(base);
  attempt.before?.(head);
  attempt.edit(head);
  const was = readBase(base, attempt.before !== undefined);
  const is = readCompany(head, attempt.files);
  return [
    ...is.problems.map((message) => ({ guard: guardOfProblem(message), message })),
    ...(await refusedByPolicy(head, is)),
    ...refusedByProgram(was, is, attempt),
    ...refusedByReview(base, head, attempt),
    ...refusedByPlan(head, attempt),
  ];
}

let unchanged: Read | undefined;

function readBase(base: Company, isDifferent: boolean): Read {
  if (isDifferent) return readCompany(base);
  unchanged ??= readCompany(base);
  return unchanged;
}

function guardOfProblem(message: string): string {
  return /^(Pulumi\.dev\.yaml|the environment)\b/.test(message) ? "settings" : "files";
}

/** The policy pack, on the resources that it looks at. */
async function refusedByPolicy(
  { customers, policy, config }: Company,
  { company }: Read,
): Promise<Refused[]> {
  const protect = asRecord(config)["customers-as-code:protect"] !== false;
  const resources = Object.entries(customers).flatMap(([id, { status = "active", clients }]) => {
    const parent = resource({
      type: "customers-as-code:auth0:Customer",
      name: id,
      props: { status, closing: [] },
    });
    const opts = { ...parent.opts, protect };
    return [
      resource({ type: "auth0:index/organization:Organization", name: id, parent, opts }),
      ...Object.entries(clients ?? {}).flatMap(([name, { scopes }]) => [
        resource({ type: "auth0:index/client:Client", name: `${id}/${name}`, parent, opts }),
        resource({
          type: "auth0:index/clientGrant:ClientGrant",
          name: `${id}/${name}`,
          parent,
          opts,
          props: { scopes },
        }),
      ]),
    ];
  });
  const { allowed } = asRecord(policy["public-routes"]);
  const routes = Array.isArray(allowed) ? allowed.map(String) : [];
  const body =
    company &&
    renderRestApiBody(company.api, {
      authorizerUri: "arn:aws:apigateway:::authorizer",
      authorizerCacheSeconds: 60,
      backends: company.backends,
    });
  const ofPolicy = (guard: string, messages: readonly string[]) =>
    messages.map((message) => ({ guard, message }));
  return [
    ...ofPolicy("protected-customers", await reported(protectedCustomers, resources)),
    ...ofPolicy("granted-scopes", await reported(grantedScopes, resources)),
    ...(body === undefined
      ? []
      : ofPolicy("public-routes", await reportedOf("aws:apigateway/restApi:RestApi", body, routes))),
  ];
}

/** What a deployment refuses, wherever it runs, by what the last one left. */
function refusedByProgram(was: Read, is: Read, attempt: Attempt): Refused[] {
  const { settings, company } = is;
  if (!settings || !company) return [];
  const outputs = outputsOf(was);
  attempt.left?.(outputs);
  const [deployed, last] = [readDeployed(outputs), readLastDeployment(outputs)];
  const { customers: declared } = company;
  const { file, removalLimit: limit, customers: folder, placement, audience, approvedChanges } = settings;
  const { ownClientId, existing = { organizations: new Map(), clients: new Map() } } = attempt;
  const removals = checkRemovals({
    ...{ deployed, declared, last, limit, ownClientId, file, folder, approvedChanges },
    address: addressOf(settings),
  });
  const placeOf = (id: string) => ({ file: `${folder}/${id}.yaml`, line: 1, column: 1 });
  return [
    ...removals.map((problem) => refused(guardOfRemoval(problem), problem)),
    ...checkOrganizationNames({ declared, deployed, placeOf }).map((one) =>
      refused("organization names", one),
    ),
    ...checkPlacement(declared, deployed, placement, file).map((one) => refused("shards", one)),
    ...checkImports({
      ...{ imports: company.imports, placeOf: company.placeOfImport, declared, deployed },
      ...{ existing, audience, ownClientId },
    }).map((one) => refused("imports", one)),
  ];
}

function guardOfRemoval({ code }: Problem): string {
  if (code === "removal-limit-exceeded") return "removalLimit";
  if (code === "address-changed" || code === "audience-protected") return "approvedChanges";
  return code === "own-client-deleted" ? "Pulumi's own client" : "protect";
}

function refused(guard: string, problem: Problem): Refused {
  return { guard, message: formatProblem(problem) };
}

/** The outputs that a deployment of the company leaves. */
function outputsOf({ settings, company }: Read): Outputs {
  if (!settings || !company) throw new Error("the base cannot be deployed");
  const { customers } = company;
  return {
    customers: Object.fromEntries(
      customers.map(({ id, status, organization, clients }) => [
        id,
        {
          ...{ status, organization, organizationId: `org_${id}` },
          clients: Object.fromEntries(clients.map(({ name }) => [name, `${id}_${name}`])),
        },
      ]),
    ),
    lastDeployment: {
      protect: settings.protect,
      clients: clientsOf(customers),
      address: addressOf(settings),
      losses: [],
      formerOrganizations: {},
    },
  };
}

/** What a pull request may not do, seen in its files. */
function refusedByReview(
  base: Company,
  head: Company,
  { author = "pat", approvedBy = [] }: Attempt,
): Refused[] {
  const trees: Trees = { base: filesOfCompany(base), head: filesOfCompany(head) };
  const changed = changedFiles(trees);
  const rules = parseOwners(readFileOf(trees.base, ".github/CODEOWNERS") ?? "");
  const change = { author, approvedBy, teams: { "@example/platform": ["pat", "sam"] } };
  const versions = (name: string) => ({
    name,
    base: () => readFileOf(trees.base, `customers/${name}`),
    head: readFileOf(trees.head, `customers/${name}`),
  });
  const delivered = deliveredImports(versions("imports.json"), (id) => versions(`${id}.yaml`));
  return [
    ...checkMixture(changed, trees),
    ...checkOwners(rules, { ...change, files: changed.map(({ path }) => path) }),
    ...checkDeliveredImports(delivered, rules, change, "customers"),
    ...parsePolicyConfig("policy/dev.json", readFileOf(trees.head, "policy/dev.json") ?? "{}").map((one) =>
      refused("policy settings", one),
    ),
    ...checkReviewable(compareDeclared(declaredBy(base), declaredBy(head))),
  ];
}

function changedFiles({ base, head }: Trees): ChangedFile[] {
  return [...new Set([...base.paths, ...head.paths])].flatMap((path) => {
    const [was, is] = [readFileOf(base, path), readFileOf(head, path)];
    if (was === is) return [];
    return [
      {
        path,
        ...(was !== undefined && { before: "file" as const }),
        ...(is !== undefined && { after: "file" as const }),
      },
    ];
  });
}

/** What `customers preview` and `customers up` refuse of a plan. */
function refusedByPlan({ config }: Company, { plan, ownClientId }: Attempt): Refused[] {
  if (!plan) return [];
  const settings = Object.entries(config).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return checkDeploymentPlan(plan(Object.fromEntries(settings)), ownClientId);
}
