// The official provider's recorded requests as rows: the tenant must answer each of them as Auth0 does.

import { publicPem } from "../testing/assertion";
import {
  officialRequests,
  type Phase,
  parseRecordedRequest,
  type RecordedRequest,
} from "../testing/official-requests";
import type { Row, Step } from "./row";
import { get, notFound, server } from "./rows-given";

type Body = Record<string, unknown>;

/** What was sent to each path so far: answers must hold it. */
class Sent {
  private readonly byPath = new Map<string, Body>();

  add(path: string, body: unknown): void {
    const { pem: _, ...shown } = Object(body);
    this.byPath.set(path, { ...this.byPath.get(path), ...shown });
  }

  /** Nulls were taken away; a client with keys hides its secret. */
  at(path: string): { shape: Body; absent: string[] } {
    const fields = Object.entries(this.byPath.get(path) ?? {});
    return {
      shape: Object.fromEntries(fields.filter(([, value]) => value !== null)),
      absent: fields.flatMap(([name, value]) => (value === null ? [name] : [])),
    };
  }
}

function steps(phase: Phase, sent: Sent): Step[] {
  const login: Step = {
    request: "POST /oauth/token",
    form: { audience: "https://{domain}/api/v2/", grant_type: "client_credentials" },
    headers: { authorization: "Basic {clientId}:{clientSecret}" },
    status: 200,
    shape: { token_type: "Bearer", expires_in: 86_400 },
    save: { token: "access_token" },
  };
  const recorded = officialRequests[phase].flatMap(({ requests }) => requests);
  return [login, ...recorded.map((text) => stepFor(parseRecordedRequest(text), sent))];
}

const statuses: Record<string, number> = { GET: 200, POST: 201, PATCH: 200, DELETE: 204 };

function stepFor(recorded: RecordedRequest, sent: Sent): Step {
  const { method, path, body, name } = recorded;
  const step: Step = {
    request: `${method} /api/v2${path}`,
    ...(body !== undefined && { body: JSON.parse(JSON.stringify(body).replace('"{pem}"', pem)) }),
    headers: { authorization: "Bearer {token}" },
    status: statuses[method] ?? 0,
  };
  if (method === "DELETE") return step;
  if (method === "POST") {
    const created = name === undefined ? path : `${path}/{${name}}`;
    sent.add(created, body);
    const id = path === "/clients" ? "client_id" : "id";
    return { ...step, ...sent.at(created), ...(name !== undefined && { save: { [name]: id } }) };
  }
  if (method === "PATCH") sent.add(path, body);
  return { ...step, ...(path.includes("?") ? listed(path) : sent.at(path)) };
}

const pem = JSON.stringify(publicPem("one"));

/** Answers to queries. */
function listed(path: string): Partial<Step> {
  if (path.includes("fields=client_id&")) return { names: ["client_id", "signing_keys"] };
  if (path.includes("fields=")) return { names: ["client_id", "app_type", "signing_keys"] };
  if (path.includes("/credentials?"))
    return path.includes("{keyed}") ? { shape: [{ id: "{key}" }] } : { whole: [] };
  const nothing = { start: 0, limit: 50, total: 0, client_grants: [] };
  if (path.startsWith("/client-grants?")) return { whole: nothing };
  return {
    shape: { ...nothing, total: 1, client_grants: [{ id: "{machineGrant}", client_id: "{machine}" }] },
  };
}

const sent = new Sent();

/** The recording has grants on an API that it does not make. */
const otherApi = server("other", { identifier: "https://api2/" });

export const wireRows: Row[] = [
  {
    name: "the official provider's requests are answered, through create, refresh, change and delete",
    steps: [
      otherApi,
      ...(["create", "refresh", "change", "delete"] as const).flatMap((phase) => steps(phase, sent)),
      notFound("GET clients/{portal}", "client"),
      notFound("GET organizations/{acme}", "organization"),
      notFound("GET resource-servers/{api}", "resourceServer"),
      { ...get("client-grants?audience={other}"), whole: [] },
    ],
  },
];
