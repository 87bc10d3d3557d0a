// How many entities a tenant may have, and which features, by its plan.
import { publicPem } from "../testing/assertion";
import type { Row, Step } from "./row";
import {
  askToken,
  associate,
  client,
  get,
  grant,
  organization,
  patch,
  refused,
  remove,
  server,
} from "./rows-given";

const limitReached = (request: string, body: unknown): Step =>
  refused(
    request,
    403,
    "You reached the limit of entities of this type for this tenant.",
    "too_many_entities",
    body,
  );

const numbered = (step: Step, save: string, times: number): Step => ({
  ...step,
  save: { [`${save}{n}`]: Object.values(step.save ?? {})[0] ?? "id" },
  times,
});

/** The client that every tenant has counts. */
const clientLimit = (plan: "free" | "self-service", limit: number): Row => ({
  name: `a tenant of plan ${plan} has ${limit} clients at most, and one that goes makes room`,
  plan,
  steps: [
    numbered(client("c"), "c", limit - 1),
    limitReached("POST clients", { name: "beyond the limit" }),
    { ...get("clients?include_totals=true"), shape: { total: limit } },
    remove("clients/{c1}"),
    client("c1"),
    limitReached("POST clients", { name: "beyond the limit" }),
    { ...remove("clients/x"), request: "DELETE /api/v2/clients/{c{n}}", times: limit - 1 },
  ],
});

/** The Management API does not count. */
const serverLimit = (plan: "free" | "self-service", limit: number): Row => ({
  name: `a tenant of plan ${plan} has ${limit} APIs at most, and one that goes makes room`,
  plan,
  steps: [
    {
      request: "POST /api/v2/resource-servers",
      body: { identifier: "https://{row}/{n}" },
      status: 201,
      save: { "s{n}": "id" },
      times: limit,
    },
    limitReached("POST resource-servers", { identifier: "https://{row}/more" }),
    remove("resource-servers/{s1}"),
    server("s1"),
    limitReached("POST resource-servers", { identifier: "https://{row}/more" }),
    { request: "DELETE /api/v2/resource-servers/{s1Id}", status: 204 },
    ...[...Array(limit - 1).keys()].map((n) => remove(`resource-servers/{s${n + 2}}`)),
  ],
});

const noOrganizations = "Please upgrade your subscription to use Machine to Machine access to Organizations.";

export const planRows: Row[] = [
  clientLimit("free", 10),
  clientLimit("self-service", 100),
  serverLimit("free", 10),
  serverLimit("self-service", 100),
  {
    name: "a tenant of plan free has 100 client grants at most",
    plan: "free",
    steps: [
      {
        request: "POST /api/v2/resource-servers",
        body: { identifier: "https://{row}/{n}" },
        status: 201,
        save: { "s{n}": "identifier" },
        times: 10,
      },
      numbered(client("c"), "c", 9),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({
        request: "POST /api/v2/client-grants",
        body: { client_id: `{c${n}}`, audience: "https://{row}/{n}", scope: [] },
        status: 201,
        times: 10,
      })),
      // With the one of the tenant's own client, 91.
      {
        request: "POST /api/v2/client-grants",
        body: { client_id: "{clientId}", audience: "https://{row}/{n}", scope: [] },
        status: 201,
        times: 9,
      },
      limitReached("POST client-grants", {
        client_id: "{clientId}",
        audience: "https://{row}/10",
        scope: [],
      }),
      { ...get("client-grants?include_totals=true"), shape: { total: 100 } },
      { request: "DELETE /api/v2/clients/{c{n}}", status: 204, times: 9 },
      {
        request: "POST /api/v2/client-grants",
        body: { client_id: "{clientId}", audience: "https://{row}/10", scope: [] },
        status: 201,
      },
      { request: "DELETE /api/v2/resource-servers/{s{n}}", status: 204, times: 10 },
    ],
  },
  {
    name: "no client grant of a tenant of plan free is for organizations",
    plan: "free",
    steps: [
      client("machine"),
      server("api"),
      ...[
        { organization_usage: "allow" },
        { organization_usage: "require" },
        { allow_any_organization: true },
      ].map((usage) =>
        refused("POST client-grants", 403, noOrganizations, "insufficient_entitlement", {
          ...{ client_id: "{machine}", audience: "{api}", scope: [], ...usage },
        }),
      ),
      grant("grant", "machine", "api", { organization_usage: "deny" }),
      refused("PATCH client-grants/{grant}", 403, noOrganizations, "insufficient_entitlement", {
        organization_usage: "allow",
      }),
      askToken("machine", "api", {
        token: { client: "{machine}", audience: "{api}", scope: "read:orders" },
      }),
      remove("clients/{machine}"),
      remove("resource-servers/{api}"),
    ],
  },
  {
    name: "organizations are in machines' tokens of a tenant of plan self-service",
    plan: "self-service",
    steps: [
      organization("acme"),
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { organization_usage: "require" }),
      associate("acme", "grant"),
      askToken("machine", "api", {
        organization: "{acme}",
        token: { client: "{machine}", audience: "{api}", scope: "read:orders", org_id: "{acme}" },
      }),
      remove("clients/{machine}"),
      remove("resource-servers/{api}"),
    ],
  },
  ...(["free", "self-service"] as const).map((plan) => ({
    name: `private_key_jwt is not for a tenant of plan ${plan}`,
    plan,
    steps: [
      client("keyed"),
      refused(
        "POST clients/{keyed}/credentials",
        403,
        "Please upgrade your subscription to use private key JWT and mTLS",
        "insufficient_entitlement",
        {
          credential_type: "public_key",
          pem: publicPem("one"),
        },
      ),
      remove("clients/{keyed}"),
    ],
  })),
  {
    name: "an API takes 1000 scopes",
    steps: [
      server("api", { scopes: [...Array(1000).keys()].map((n) => ({ value: `s${n}` })) }),
      patch("resource-servers/{api}", { scopes: [] }, { scopes: [] }),
    ],
  },
];
