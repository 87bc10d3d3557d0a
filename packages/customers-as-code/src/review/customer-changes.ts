// What a plan does to customers, as data: pure functions from its steps.
import { compareStrings } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Plan, State, Step } from "../stacks/plan";

type Status = "active" | "suspended" | "closing";

export interface CustomerChange {
  /** What it is after the deployment; what it was where it goes. */
  id: string;
  /** Where it was another. */
  previousId?: string;
  displayName: string;
  kind: "added" | "removed" | "imported" | "changed";
  /** Before and after; absent where there was none, or is none. */
  status: { before?: Status; after?: Status };
  /** Id of the organization; absent where there is none yet. */
  organizationId?: string;
  /** Whether the organization is deleted and created again. */
  isReplaced: boolean;
  /** Names of what is different about the organization. */
  organization: string[];
  clients: ClientChange[];
  /** What else is the customer's and is not as it was. */
  others: Pick<Step, "op" | "type" | "name">[];
}

export interface ClientChange {
  /** Without the customer's id. */
  name: string;
  previousName?: string;
  kind: "added" | "removed" | "replaced" | "imported" | "changed" | "same";
  /** Names of what is different about the client itself. */
  differences: string[];
  /** Whether it gets another secret or key. */
  hasOtherCredentials: boolean;
  scopes: { before: string[]; after: string[] };
}

export const customerTypes = {
  customer: "customers-as-code:auth0:Customer",
  organization: "auth0:index/organization:Organization",
  client: "auth0:index/client:Client",
  credentials: "auth0:index/clientCredentials:ClientCredentials",
  grant: "auth0:index/clientGrant:ClientGrant",
  organizationGrant: "auth0:index/organizationClientGrant:OrganizationClientGrant",
};

const known = new Set(Object.values(customerTypes));

/** The steps that a deployment takes to replace something. */
export const replacingSteps = new Set([
  "replace",
  "create-replacement",
  "delete-replaced",
  "import-replacement",
]);

/** In the order of ids; customers of whom nothing changes are left out. */
export function changesOfCustomers({ steps }: Plan): CustomerChange[] {
  const found = new Map<string, Step[]>();
  for (const step of steps) {
    const id =
      step.type === customerTypes.customer
        ? step.name
        : step.parent?.type === customerTypes.customer
          ? step.parent.name
          : undefined;
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), step]);
  }
  return [...found]
    .map(([id, ofCustomer]) => changeOf(id, ofCustomer))
    .filter(isAnything)
    .sort((a, b) => compareStrings(a.id, b.id));
}

function changeOf(id: string, steps: readonly Step[]): CustomerChange {
  const component = steps.find(({ type }) => type === customerTypes.customer);
  const organizations = steps.filter(({ type }) => type === customerTypes.organization);
  const [organization] = organizations;
  const isReplaced = organizations.some(({ op }) => replacingSteps.has(op));
  const before = component?.old;
  const displayName = text(organization?.new, "displayName") ?? text(organization?.old, "displayName") ?? id;
  const organizationId = organization?.old?.id || organization?.new?.id;
  const isImported = organization?.op === "import";
  const isNew = component?.op === "create" && before === undefined;
  return {
    id,
    ...(before && before.name !== id && { previousId: before.name }),
    displayName,
    kind: component?.op === "delete" ? "removed" : isImported ? "imported" : isNew ? "added" : "changed",
    status: {
      ...(before && { before: statusOf(before) }),
      ...(component?.new && { after: statusOf(component.new) }),
    },
    ...(organizationId && { organizationId }),
    isReplaced,
    organization: changesInPlace(organization?.op) ? (organization?.differences ?? []) : [],
    clients: clientsOf(id, steps),
    others: steps
      .filter(
        ({ type, op }) => !known.has(type) && op !== "same" && op !== "replace" && op !== "delete-replaced",
      )
      .map(({ op, type, name }) => ({ op, type, name })),
  };
}

function clientsOf(customer: string, steps: readonly Step[]): ClientChange[] {
  const names = new Set(steps.filter(({ type }) => type === customerTypes.client).map(({ name }) => name));
  return [...names].sort(compareStrings).map((name) => {
    const own = steps.filter((step) => step.name === name);
    const of = (type: string) => own.filter((step) => step.type === type);
    const client = of(customerTypes.client);
    const grants = of(customerTypes.grant);
    const previous = client.map(({ old }) => old?.name).find((one) => one !== undefined && one !== name);
    const previousName = previous?.slice(previous.indexOf("/") + 1);
    const short = name.slice(customer.length + 1);
    const kind = kindOf(client, grants);
    return {
      name: short,
      ...(previousName !== undefined && previousName !== short && { previousName }),
      kind,
      differences: inPlace([...client, ...(kind === "imported" ? grants : [])]),
      hasOtherCredentials: of(customerTypes.credentials).some(
        ({ op }) => kind !== "added" && kind !== "removed" && op !== "same" && op !== "import",
      ),
      scopes: {
        before: scopesOf(grants.map(({ old }) => old)),
        after: kind === "removed" ? [] : scopesOf(grants.map((step) => step.new)),
      },
    };
  });
}

/** What an update changes, or an import that says something else than what it imports. */
function inPlace(steps: readonly Step[]): string[] {
  const differences = steps.filter(({ op }) => changesInPlace(op)).flatMap((step) => step.differences);
  return [...new Set(differences.map((property) => property.split(/[.[]/)[0] ?? property))];
}

function changesInPlace(op: string | undefined): boolean {
  return op === "update" || op === "import";
}

function kindOf(client: readonly Step[], grants: readonly Step[]): ClientChange["kind"] {
  const ops = client.map(({ op }) => op);
  if (ops.some((op) => replacingSteps.has(op))) return "replaced";
  if (ops.includes("create")) return "added";
  if (ops.includes("delete")) return "removed";
  if (ops.includes("import")) return "imported";
  return [...ops, ...grants.map(({ op }) => op)].every((op) => op === "same") ? "same" : "changed";
}

function isAnything(change: CustomerChange): boolean {
  const { kind, status, isReplaced, organization, clients, previousId, others } = change;
  return (
    kind !== "changed" ||
    isReplaced ||
    previousId !== undefined ||
    status.before !== status.after ||
    organization.length > 0 ||
    others.length > 0 ||
    clients.some((client) => client.kind !== "same" || client.hasOtherCredentials)
  );
}

function statusOf({ outputs }: State): Status {
  const { status } = outputs;
  return status === "suspended" || status === "closing" ? status : "active";
}

function scopesOf(states: readonly (State | undefined)[]): string[] {
  const scopes = states.flatMap((state) => state?.inputs.scopes ?? []);
  return [...new Set(scopes.filter((scope) => typeof scope === "string"))];
}

function text(state: State | undefined, key: string): string | undefined {
  const value = isRecord(state?.inputs) ? state.inputs[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
