// Whose clients a plan imports: what Auth0 calls them until now, and when they last got a token. Import data names ids, which show a
// reviewer nothing.

import { domainFault } from "../../auth0/tenant-domain";
import { asRecord } from "../../problems/record";
import type { Plan, State, Step } from "../../stacks/plan";
import { readLastTokens } from "../../tenant/last-tokens";
import type { TenantAccess } from "../../tenant/tenant-access";
import { customerTypes } from "../customer-changes";
import { emphasis, inlineCode, plainText } from "../markdown";

export interface PlannedImport {
  /** Id of the customer whose client it becomes. */
  customer: string;
  /** Without the customer's id. */
  client: string;
  clientId: string;
  /** Present name in Auth0. */
  name: string;
  /** That it belongs to, by its present names in Auth0. */
  organization?: { id: string; name: string; displayName: string };
  /** Id of the organization that Auth0 itself says it belongs to. */
  defaultOrganization?: string;
  /** Whether the engine would delete one that it has, in favour of this one. */
  isReplacing: boolean;
}

/** When a client last got a token, by its id; or why that is not known. */
export type LastUse = ReadonlyMap<string, string> | { unknown: string };

/** In the order of the plan. */
export function importedClients({ steps }: Plan): PlannedImport[] {
  const organizations = new Map<string, State>();
  for (const step of steps) {
    const state = presentState(step);
    if (step.type === customerTypes.organization && step.parent && state)
      organizations.set(step.parent.name, state);
  }
  return steps.flatMap((step) => {
    const state = presentState(step);
    if (
      step.type !== customerTypes.client ||
      !isImport(step) ||
      step.parent?.type !== customerTypes.customer ||
      !state
    )
      return [];
    const customer = step.parent.name;
    const organization = organizations.get(customer);
    return [
      {
        customer,
        client: step.name.slice(customer.length + 1),
        clientId: state.id,
        name: string(state, "name"),
        ...(organization && {
          organization: {
            id: organization.id,
            name: string(organization, "name"),
            displayName: string(organization, "displayName"),
          },
        }),
        ...defaultOrganizationOf(state),
        isReplacing: step.op !== "import",
      },
    ];
  });
}

/** What Auth0 has until now, and when it was last used; to be read behind "imports". */
export function describePresent(
  { clientId, name, organization, defaultOrganization, isReplacing }: PlannedImport,
  lastUse: LastUse | undefined,
): { what: string; use: string } {
  const called = name === "" ? "" : `, called ${emphasis(name)}`;
  const of = organization
    ? `, of organization ${inlineCode(organization.name)} (${inlineCode(organization.id)}, ${emphasis(organization.displayName)})`
    : "";
  const home =
    defaultOrganization === undefined || defaultOrganization === organization?.id
      ? ""
      : `, by default of organization ${inlineCode(defaultOrganization)}`;
  const instead = isReplacing ? ", **instead of the client that it has, which is deleted**" : "";
  const use = lastUse === undefined ? "" : `; ${describeUse(clientId, lastUse)}`;
  const facts = `${called}${of}${home}${instead}`;
  return { what: `${inlineCode(clientId)}${facts === "" ? "" : `${facts},`}`, use };
}

function describeUse(clientId: string, lastUse: LastUse): string {
  if ("unknown" in lastUse) return `whether it is in use is not known: ${plainText(lastUse.unknown)}`;
  const at = lastUse.get(clientId);
  return at === undefined
    ? "it has got no token since Auth0's logs begin"
    : `its last token is of ${at.slice(0, 16).replace("T", " ")} UTC`;
}

/** As many as a reviewer reads; each takes a request. */
const mostAsked = 50;

/**
 * @param domain of the tenant, from a file that is trusted and never from a plan: the client's secret goes there. Default: AUTH0_DOMAIN
 * @param environment with the client that may read the tenant's logs, for which it needs `read:logs`
 */
export async function readLastUse(
  imported: readonly PlannedImport[],
  domain: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  fetchLogs?: typeof fetch,
): Promise<LastUse> {
  const access = accessOf(domain || environment.AUTH0_DOMAIN, environment);
  if (imported.length === 0) return new Map();
  if (typeof access === "string") return { unknown: access };
  if (imported.length > mostAsked) return { unknown: `more than ${mostAsked} clients are imported at once` };
  const ids = imported.map(({ clientId }) => clientId);
  const { at, unknown } = await readLastTokens({ ...access, ...(fetchLogs && { fetch: fetchLogs }) }, ids);
  return unknown === undefined ? at : { unknown };
}

/** @returns a string: why there is no access */
function accessOf(
  domain: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): TenantAccess | string {
  const { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = environment;
  if (!clientId || !clientSecret)
    return "there is no AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET to read Auth0's logs";
  if (!domain) return "neither the stack's file nor AUTH0_DOMAIN names the tenant";
  const wrong = domainFault(domain);
  return wrong ? `the tenant's domain ${wrong.fault}` : { domain, clientId, clientSecret };
}

/** `import-replacement` if the state has another one (pulumi/pulumi, sdk/go/common/display). */
function isImport({ op }: Step): boolean {
  return op === "import" || op === "import-replacement";
}

/** The engine reads what it imports, as the state before; what is replaced by it may be there instead. */
function presentState({ op, old, new: next }: Step): State | undefined {
  if (op === "import-replacement") return next;
  return op === "import" && old && next ? { ...next, ...old, id: old.id || next.id } : (old ?? next);
}

function string({ inputs, outputs }: State, key: string): string {
  const value = inputs[key] ?? outputs[key];
  return typeof value === "string" ? value : "";
}

function defaultOrganizationOf({ inputs, outputs }: State): Pick<PlannedImport, "defaultOrganization"> {
  const { organizationId } = asRecord(inputs.defaultOrganization ?? outputs.defaultOrganization);
  return typeof organizationId === "string" ? { defaultOrganization: organizationId } : {};
}
