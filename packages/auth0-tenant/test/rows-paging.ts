// Both styles of paging, and the selection of fields, on each list.
import type { Row, Step } from "./row";
import { client, get, grant, invalidQuery, organization, refused, server, user } from "./rows-given";

const many = (step: Step, times: number): Step => ({ ...step, times });

/** Five grants of one client: a list that no other row touches. */
const grants = [
  client("machine"),
  many(
    {
      request: "POST /api/v2/resource-servers",
      body: { identifier: "https://page.{row}/{n}" },
      status: 201,
    },
    5,
  ),
  many(
    {
      request: "POST /api/v2/client-grants",
      body: { client_id: "{machine}", audience: "https://page.{row}/{n}", scope: [] },
      status: 201,
      save: { "g{n}": "id" },
    },
    5,
  ),
];
const list = "client-grants?client_id={machine}";
const idOf = (n: number) => ({ id: `{g${n}}` });

/** Five members of one organization. */
const members = [
  organization("acme"),
  many(
    {
      ...user("user"),
      body: {
        connection: "Username-Password-Authentication",
        email: "m{n}@{row}.example",
        password: "x",
        user_id: "{row}-{n}",
      },
      save: {},
    },
    5,
  ),
  many(
    {
      request: "POST /api/v2/organizations/{acme}/members",
      body: { members: ["auth0|{row}-{n}"] },
      status: 204,
    },
    5,
  ),
];
const member = (n: number) => ({ user_id: `auth0|{row}-${n}` });

export const pagingRows: Row[] = [
  {
    name: "a list without paging is a bare array",
    steps: [...grants, get(list, [1, 2, 3, 4, 5].map(idOf))],
  },
  {
    name: "pages begin at 0 and end where the list ends",
    steps: [
      ...grants,
      get(`${list}&per_page=2`, [idOf(1), idOf(2)]),
      get(`${list}&per_page=2&page=1`, [idOf(3), idOf(4)]),
      get(`${list}&per_page=2&page=2`, [idOf(5)]),
      { ...get(`${list}&per_page=2&page=3`), whole: [] },
    ],
  },
  {
    name: "include_totals makes an object with start, limit and total",
    steps: [
      ...grants,
      {
        ...get(`${list}&per_page=2&page=1&include_totals=true`),
        names: ["client_grants", "start", "limit", "total"],
        shape: { client_grants: [idOf(3), idOf(4)], start: 2, limit: 2, total: 5 },
      },
      {
        ...get(`${list}&per_page=0&include_totals=true`),
        whole: { client_grants: [], start: 0, limit: 0, total: 5 },
      },
      get(`${list}&include_totals=false`, [1, 2, 3, 4, 5].map(idOf)),
    ],
  },
  {
    name: "a checkpoint page has next while there is more, and neither start nor limit nor total",
    steps: [
      ...grants,
      {
        ...get(`${list}&take=2`),
        names: ["client_grants", "next"],
        shape: { client_grants: [idOf(1), idOf(2)] },
        save: { next: "next" },
      },
      {
        ...get(`${list}&take=2&from={next}&include_totals=true&per_page=50`),
        names: ["client_grants", "next"],
        shape: { client_grants: [idOf(3), idOf(4)] },
        save: { next: "next" },
      },
      { ...get(`${list}&take=2&from={next}`), names: ["client_grants"], shape: { client_grants: [idOf(5)] } },
    ],
  },
  {
    name: "a checkpoint page that ends with the list has no next",
    steps: [...grants, { ...get(`${list}&take=5`), names: ["client_grants"] }],
  },
  {
    name: "a checkpoint without take goes on with 50",
    steps: [
      ...grants,
      { ...get(`${list}&take=1`), save: { next: "next" } },
      {
        ...get(`${list}&from={next}`),
        names: ["client_grants"],
        shape: { client_grants: [2, 3, 4, 5].map(idOf) },
      },
    ],
  },
  {
    name: "a checkpoint holds while entries before it go",
    steps: [
      ...grants,
      { ...get(`${list}&take=2`), save: { next: "next" } },
      { request: "DELETE /api/v2/client-grants/{g2}", status: 204 },
      { request: "DELETE /api/v2/client-grants/{g3}", status: 204 },
      { ...get(`${list}&take=2&from={next}`), shape: { client_grants: [idOf(4), idOf(5)] } },
    ],
  },
  {
    name: "members have a next on a full last page, and then an empty one",
    steps: [
      ...members,
      {
        ...get("organizations/{acme}/members?take=5&fields=user_id"),
        names: ["members", "next"],
        shape: { members: [1, 2, 3, 4, 5].map(member) },
        save: { next: "next" },
      },
      { ...get("organizations/{acme}/members?take=5&from={next}"), whole: { members: [] } },
    ],
  },
  {
    name: "members are paged with totals, and with selected fields",
    steps: [
      ...members,
      {
        ...get("organizations/{acme}/members?per_page=2&page=1&include_totals=true&fields=user_id"),
        whole: { members: [member(3), member(4)], start: 2, limit: 2, total: 5 },
      },
      {
        ...get("organizations/{acme}/members?per_page=1&fields=email,name,picture&include_fields=false"),
        whole: [member(1)],
      },
    ],
  },
  {
    name: "organizations are paged both ways",
    steps: [
      organization("acme"),
      organization("globex"),
      get("organizations?per_page=1&include_totals=true", {
        organizations: [{ id: expect.any(String) }],
        start: 0,
        limit: 1,
        total: expect.any(Number),
      }),
      {
        ...get("organizations?take=1&include_totals=true&per_page=50"),
        names: ["organizations", "next"],
        save: { next: "next" },
      },
      { ...get("organizations?take=100&from={next}"), shape: { organizations: expect.any(Array) } },
    ],
  },
  {
    name: "organizations, members and users are reached by pages up to the 1000th, and by checkpoints beyond",
    steps: [
      organization("acme"),
      ...["organizations?", "organizations/{acme}/members?", "users?"].flatMap((path) => [
        get(`${path}page=9&per_page=100`),
        refused(
          `GET ${path}page=10&per_page=100`,
          400,
          "Requesting page 10 exceeds the allowed maximum of 1000 records. To fetch results beyond 1000, use the checkpoint pagination method.",
          "invalid_paging",
        ),
      ]),
    ],
  },
  {
    name: "a checkpoint that nobody gave is refused",
    steps: [
      refused(
        "GET client-grants?from=nonsense",
        400,
        "The checkpoint in from is not one that was given as next.",
        "invalid_query_string",
      ),
    ],
  },
  ...(
    [
      ["per_page=101", "'Value 101 is greater than maximum 100' on property per_page."],
      ["per_page=-1", "'Value -1 is less than minimum 0' on property per_page."],
      ["per_page=ten", "'Expected type number but found type string' on property per_page."],
      ["page=-1", "'Value -1 is less than minimum 0' on property page."],
      ["take=101", "'Value 101 is greater than maximum 100' on property take."],
      ["take=0", "'Value 0 is less than minimum 1' on property take."],
      ["include_totals=yes", "'Expected type boolean but found type string' on property include_totals."],
      ["page=1&page=2", "'Expected type number but found type array' on property page."],
    ] as const
  ).map(([query, finding]) => ({
    name: `a list with ${query} is refused`,
    steps: [invalidQuery(`GET clients?${query}`, finding)],
  })),
  {
    name: "clients and APIs are listed with selected fields in both styles",
    steps: [
      client("machine"),
      server("api"),
      get("clients?fields=name&take=1", { clients: [{ name: "Pulumi" }] }),
      {
        ...get("clients?fields=name&include_fields=true&per_page=1&include_totals=true"),
        names: ["clients", "start", "limit", "total"],
        shape: { clients: [{ name: "Pulumi" }] },
      },
      { ...get("resource-servers?fields=name&per_page=1"), whole: [{ name: "Auth0 Management API" }] },
    ],
  },
  {
    name: "a grant added later is at the end of the list",
    steps: [
      ...grants,
      server("api"),
      grant("late", "machine", "api"),
      get(`${list}&per_page=1&page=5`, [{ id: "{late}" }]),
    ],
  },
];
