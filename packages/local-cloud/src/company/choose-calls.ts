// Which calls show what the gateway decides, of any API and any customers: a pure function of the document and the stack's outputs.
import type { ClientCredentials, Credentials, Customers } from "../credentials";
import type { ApiOperation, ExampleRequest } from "./operations";

interface NamedClient extends ClientCredentials {
  /** `CUSTOMER/CLIENT` */
  name: string;
  status: string;
  organizationId: string;
}

export interface ChosenCall {
  operation: ApiOperation;
  request: ExampleRequest;
}

export interface ClientCall extends ChosenCall {
  client: NamedClient;
  /** The only scope that its token has; absent for all of the client's. */
  scope?: string;
}

export interface ChosenCalls {
  /** A call that the client may make. */
  allowed?: ClientCall;
  /** An operation that needs a token, to be called without one. */
  secured?: ChosenCall;
  /** A call for which the token lacks scopes. */
  denied?: ClientCall & { lacking: string };
  /** An operation that needs no token, to be called without one. */
  open?: ChosenCall;
  /** A call of a customer that is suspended or closing, for which the scopes would suffice. */
  inactive?: ClientCall;
  /** What is missing of these, and why. */
  notes: string[];
}

/** @param mocks names of the backends that answer in API Gateway itself, so that nobody sees who calls */
export function chooseCalls(
  operations: readonly ApiOperation[],
  customers: Customers,
  credentials: Credentials,
  mocks: readonly string[] = [],
): ChosenCalls {
  const clients = listClients(customers, credentials);
  const withSecret = clients.filter(({ clientSecret }) => clientSecret !== undefined);
  const active = withSecret.filter(({ status }) => status === "active");
  const secured = rankCalls(operations.filter(({ security }) => security.length > 0));
  const isAnswered = ({ operation }: ChosenCall) => !mocks.includes(operation.backend ?? "default");
  const answered = secured.filter(isAnswered);
  const allowed = findCall(answered, active, (operation, { scopes }) => allows(operation, scopes));
  const denied = findDenied(secured, active, allowed);
  const open = operations.filter(({ security }) => security.length === 0);
  const openCalls = rankCalls(open).filter(isAnswered);
  const inactive = findCall(
    secured,
    withSecret.filter(({ status }) => status !== "active"),
    (operation, { scopes }) => allows(operation, scopes),
  );
  const notes: string[] = [];
  if (operations.length === 0)
    notes.push("The OpenAPI document has no operation, so there is nothing to call.");
  else if (answered.length === 0) notes.push(explainNoOperation(operations, secured));
  else if (!allowed) notes.push(explainNoClient(clients, active));
  else if (!denied) notes.push("Every active client may call every operation, so no scope is refused.");
  if (secured.length > 0 && clients.length > 0 && !inactive) {
    notes.push(explainNoInactive(clients, withSecret));
  }
  if (operations.length > 0 && openCalls.length === 0) notes.push(explainNoOpen(open));
  return {
    ...(allowed && { allowed }),
    ...(secured[0] && { secured: allowed ?? secured[0] }),
    ...(denied && { denied }),
    ...(openCalls[0] && { open: openCalls[0] }),
    ...(inactive && { inactive }),
    notes,
  };
}

function listClients(customers: Customers, credentials: Credentials): NamedClient[] {
  return Object.entries(customers).flatMap(([customer, { organizationId, status }]) =>
    Object.entries(credentials[customer] ?? {}).map(([client, found]) => ({
      ...found,
      name: `${customer}/${client}`,
      status,
      organizationId,
    })),
  );
}

/** Reading one thing shows most, and writing comes last: the backend is a stand-in, but its logs are easier to read. */
function rankCalls(operations: readonly ApiOperation[]): ChosenCall[] {
  const rank = ({ method, path }: ApiOperation) => (method !== "GET" ? 2 : path.includes("{") ? 0 : 1);
  return [...operations]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((operation) => {
      const request = operation.makeRequest();
      return request ? [{ operation, request }] : [];
    });
}

function findCall(
  calls: readonly ChosenCall[],
  clients: readonly NamedClient[],
  fits: (operation: ApiOperation, client: NamedClient) => boolean,
): ClientCall | undefined {
  for (const call of calls) {
    const client = clients.find((one) => fits(call.operation, one));
    if (client) return { ...call, client };
  }
  return undefined;
}

/** If all active clients have all scopes, a token with one of a client's scopes shows it as well. */
function findDenied(
  secured: readonly ChosenCall[],
  active: readonly NamedClient[],
  allowed: ClientCall | undefined,
): ChosenCalls["denied"] {
  // The call that another client may make shows the difference best.
  const calls = allowed ? [allowed, ...secured] : secured;
  const found = findCall(calls, active, (operation, { scopes }) => !allows(operation, scopes));
  if (found) {
    const { operation, request, client } = found;
    return { operation, request, client, lacking: findLacking(operation, client.scopes) };
  }
  for (const client of active) {
    for (const scope of client.scopes) {
      const call = findCall(calls, [client], (operation) => !allows(operation, [scope]));
      if (call) return { ...call, scope, lacking: findLacking(call.operation, [scope]) };
    }
  }
  return undefined;
}

function allows({ security }: ApiOperation, scopes: readonly string[]): boolean {
  return security.some((alternative) => alternative.every((scope) => scopes.includes(scope)));
}

/** `the scope a`, `the scopes a and b`, or, of alternatives, `the scope a or b`. */
function findLacking({ security }: ApiOperation, scopes: readonly string[]): string {
  const missing = security.map((alternative) => alternative.filter((scope) => !scopes.includes(scope)));
  const noun = missing.some(({ length }) => length > 1) ? "scopes" : "scope";
  return `the ${noun} ${missing.map((alternative) => alternative.join(" and ")).join(" or ")}`;
}

function explainNoOperation(operations: readonly ApiOperation[], secured: readonly ChosenCall[]): string {
  if (secured.length > 0) {
    return "API Gateway itself answers every operation that needs a token, so no backend sees a call.";
  }
  return operations.some(({ security }) => security.length > 0)
    ? "Every operation that needs a token requires a body that is not JSON: call it with your own client."
    : "No operation needs a token, so there is nothing to refuse.";
}

function explainNoClient(clients: readonly NamedClient[], active: readonly NamedClient[]): string {
  if (clients.length === 0) {
    return "No customer has a client yet. Add one: npx customers add NAME --scopes SCOPE";
  }
  const names = clients.flatMap(({ name, status }) => (status === "active" ? [name] : []));
  if (names.length === 0) return "No customer is active, so nobody may call the API.";
  if (active.length > 0) return "No active client has the scopes of any operation.";
  const which = names.length > 3 ? `${names.slice(0, 3).join(", ")} and others` : names.join(", ");
  return `Every active client (${which}) authenticates with a private key, which is not here. To see calls, add a client with a secret.`;
}

function explainNoInactive(clients: readonly NamedClient[], withSecret: readonly NamedClient[]): string {
  const isInactive = ({ status }: NamedClient) => status !== "active";
  const first = clients.find(isInactive);
  if (first === undefined) return "No customer is suspended or closing, so none is refused for that.";
  return withSecret.some(isInactive)
    ? `${first.name} is ${first.status}, but no operation needs only the scopes that it has.`
    : `${first.name} is ${first.status}, but authenticates with a private key, which is not here.`;
}

function explainNoOpen(open: readonly ApiOperation[]): string {
  if (open.length === 0) return "Every operation needs a token, so none is called without one.";
  return "Every operation that needs no token is answered by API Gateway itself, or requires a body that is not JSON.";
}
