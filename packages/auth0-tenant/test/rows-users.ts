// Users, whom the Developer Portal looks up and puts into organizations.
import { managementMessages } from "../src/unverified";
import type { Row } from "./row";
import {
  connection,
  get,
  invalid,
  invalidQuery,
  notFound,
  organization,
  patch,
  refused,
  remove,
  user,
} from "./rows-given";

const database = "Username-Password-Authentication";
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export const userRows: Row[] = [
  {
    name: "a user of a database has Auth0's fields, and no password",
    steps: [
      {
        ...user("ann"),
        whole: {
          user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
          email: "ann@{row}.example",
          email_verified: false,
          name: "ann@{row}.example",
          nickname: "ann",
          identities: [
            {
              connection: database,
              user_id: expect.stringMatching(/^[0-9a-f]{24}$/),
              provider: "auth0",
              isSocial: false,
            },
          ],
          picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/),
          created_at: time,
          updated_at: time,
        },
      },
      { ...get("users/{ann}", { user_id: "{ann}" }), absent: ["password", "password_hash"] },
    ],
  },
  {
    name: "a user may choose the id",
    steps: [{ ...user("ann", { user_id: "ann-{row}" }), shape: { user_id: "auth0|ann-{row}" } }],
  },
  {
    name: "a user's e-mail is kept in lower case and found in any",
    steps: [
      { ...user("ann", { email: "Ann@{row}.Example" }), shape: { email: "ann@{row}.example" } },
      get("users-by-email?email=ANN%40{row}.example", [{ user_id: "{ann}" }]),
    ],
  },
  {
    name: "users-by-email answers with a bare array, empty where there is none",
    steps: [
      { ...get("users-by-email?email=nobody%40{row}.example"), whole: [] },
      user("ann"),
      {
        ...get("users-by-email?email=ann%40{row}.example&fields=user_id,email&include_fields=true"),
        whole: [{ user_id: "{ann}", email: "ann@{row}.example" }],
      },
    ],
  },
  {
    name: "users-by-email without e-mail is 400",
    steps: [invalidQuery("GET users-by-email", "'Missing required property: email'.")],
  },
  {
    name: "the same e-mail twice in one connection is a conflict",
    steps: [
      user("ann"),
      refused("POST users", 409, managementMessages.userExists, undefined, {
        connection: database,
        email: "ANN@{row}.example",
        password: "x",
      }),
    ],
  },
  {
    name: "the same e-mail may be in two connections",
    steps: [
      user("ann"),
      connection("db"),
      user("second", { connection: "db-{row}", email: "ann@{row}.example" }),
      get("users-by-email?email=ann%40{row}.example", [{ user_id: "{ann}" }, { user_id: "{second}" }]),
    ],
  },
  {
    name: "a connection that does not exist has no users",
    steps: [
      refused("POST users", 400, "The connection does not exist.", "inexistent_connection", {
        connection: "missing",
        email: "ann@{row}.example",
        password: "x",
      }),
    ],
  },
  {
    name: "a user without any identifier is refused",
    steps: [
      refused("POST users", 400, "attributes must contain one active identifier", "invalid_body", {
        connection: database,
        password: "x",
      }),
    ],
  },
  ...(
    [
      ["no connection", { email: "a@b.example" }, "'Missing required property: connection'."],
      [
        "no password",
        { connection: database, email: "a@{row}.example" },
        "'Missing required property: password'.",
      ],
      [
        "an e-mail that is none",
        { connection: database, email: "ann" },
        "'Object didn't pass validation for format email: ann' on property email.",
      ],
      [
        "an unknown property",
        { connection: database, colour: 1 },
        "'Additional properties not allowed: colour'.",
      ],
      [
        "app_metadata that are a text",
        { connection: database, app_metadata: "x" },
        "'Expected type object but found type string' on property app_metadata.",
      ],
    ] as const
  ).map(([name, body, finding]) => ({
    name: `a user with ${name} is refused`,
    steps: [invalid("POST users", body, finding)],
  })),
  {
    name: "the portal's PATCH of app_metadata merges the first level",
    steps: [
      user("ann", { app_metadata: { plan: { name: "gold" }, old: 1 } }),
      {
        ...patch("users/{ann}", { app_metadata: { customerId: "c", subscriptionId: "s", old: null } }),
        shape: { app_metadata: { customerId: "c", subscriptionId: "s", plan: { name: "gold" } } },
      },
      {
        ...get("users/{ann}?fields=app_metadata"),
        whole: { app_metadata: { plan: { name: "gold" }, customerId: "c", subscriptionId: "s" } },
      },
    ],
  },
  {
    name: "an empty object takes all metadata of a user away",
    steps: [
      user("ann", { user_metadata: { a: 1 } }),
      patch("users/{ann}", { user_metadata: {} }),
      { ...get("users/{ann}?fields=user_metadata"), whole: { user_metadata: {} } },
    ],
  },
  {
    name: "null takes a user's name away",
    steps: [
      user("ann", { given_name: "Ann" }),
      { ...patch("users/{ann}", { given_name: null }), absent: ["given_name"] },
    ],
  },
  {
    name: "null for a user's blocked is refused",
    steps: [
      user("ann"),
      invalid(
        "PATCH users/{ann}",
        { blocked: null },
        "'Expected type boolean but found type null' on property blocked.",
      ),
    ],
  },
  {
    name: "a user's e-mail cannot become another user's",
    steps: [
      user("ann"),
      user("ben"),
      refused("PATCH users/{ben}", 400, "The specified new email already exists", "auth0_idp_error", {
        email: "ann@{row}.example",
      }),
      patch("users/{ben}", { email: "Ben@{row}.example" }, { email: "ben@{row}.example" }),
      patch("users/{ben}", { email: "benjamin@{row}.example" }, { email: "benjamin@{row}.example" }),
      { ...get("users-by-email?email=ben%40{row}.example"), whole: [] },
    ],
  },
  {
    name: "a user's connection cannot be found changed by a PATCH",
    steps: [
      user("ann"),
      patch(
        "users/{ann}",
        { connection: "other", password: "new" },
        { identities: [{ connection: database }] },
      ),
    ],
  },
  {
    name: "a user is read by an id with a vertical bar",
    steps: [
      user("ann"),
      { ...get("users/{ann}?fields=email&include_fields=false"), absent: ["email"] },
      { ...get("users/{ann}?fields=email"), whole: { email: "ann@{row}.example" } },
    ],
  },
  {
    name: "a missing user is 404, except to be deleted",
    steps: [
      notFound("GET users/auth0%7Cmissing", "user"),
      notFound("PATCH users/auth0%7Cmissing", "user", { name: "x" }),
      notFound("GET users/auth0%7Cmissing/organizations", "user"),
      remove("users/auth0%7Cmissing"),
    ],
  },
  {
    name: "a user who is deleted is no member any more",
    steps: [
      user("ann"),
      organization("acme"),
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      remove("users/{ann}"),
      notFound("GET users/{ann}", "user"),
      { ...get("organizations/{acme}/members"), whole: [] },
      { ...get("users-by-email?email=ann%40{row}.example"), whole: [] },
      user("ann"),
    ],
  },
  {
    name: "a user's organizations come bare, with totals, and by checkpoint",
    steps: [
      user("ann"),
      organization("acme"),
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      get("users/{ann}/organizations", [{ id: "{acme}", name: "acme-{row}" }]),
      get("users/{ann}/organizations?include_totals=true", {
        organizations: [{ id: "{acme}" }],
        // As recorded, whatever is listed.
        ...{ start: 0, limit: 50, total: 0 },
      }),
      get("users/{ann}/organizations?take=10", { organizations: [{ id: "{acme}" }] }),
    ],
  },
  {
    name: "users are searched by field and value, joined by AND",
    steps: [
      user("ann", { app_metadata: { customerId: "c-{row}" }, given_name: "Ann" }),
      user("ben", { app_metadata: { customerId: "c-{row}" }, given_name: "Ben" }),
      get("users?q=app_metadata.customerId:%22c-{row}%22&fields=user_id", [
        { user_id: "{ann}" },
        { user_id: "{ben}" },
      ]),
      get("users?q=app_metadata.customerId:c-{row}%20AND%20given_name:ben&search_engine=v3", [
        { user_id: "{ben}" },
      ]),
      {
        ...get("users?q=email:%22ann%40{row}.example%22&include_totals=true&per_page=50"),
        names: ["start", "limit", "length", "users", "total"],
        shape: { start: 0, limit: 50, length: 1, total: 1, users: [{ user_id: "{ann}" }] },
      },
      {
        ...get("users?q=email:nobody&include_totals=true"),
        whole: { users: [], start: 0, limit: 50, length: 0 },
      },
    ],
  },
  {
    name: "a query that the tenant does not know is 400, rather than the wrong users",
    steps: [
      refused(
        "GET users?q=email:a*",
        400,
        "The local tenant does not know the query email:a*.",
        "invalid_query_string",
      ),
    ],
  },
  {
    name: "a user's app_metadata are not shown when they are empty",
    steps: [
      user("ann", { app_metadata: { plan: "gold" } }),
      { ...patch("users/{ann}", { app_metadata: {} }), absent: ["app_metadata"] },
      { ...get("users/{ann}"), absent: ["app_metadata"] },
    ],
  },
  {
    name: "users are found by connection",
    steps: [
      connection("db"),
      user("ann", { connection: "db-{row}" }),
      get("users?connection=db-{row}", [{ user_id: "{ann}" }]),
    ],
  },
];
