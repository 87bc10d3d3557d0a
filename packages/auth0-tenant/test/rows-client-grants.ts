// Client grants: who gets which scopes of an API, and for which organizations.
import { managementMessages } from "../src/unverified";
import type { Row } from "./row";
import {
  associate,
  client,
  get,
  grant,
  invalid,
  invalidQuery,
  notFound,
  organization,
  patch,
  refused,
  remove,
  server,
} from "./rows-given";

const given = [client("machine"), server("api")];
const ids = { client_id: "{machine}", audience: "{api}" };

const creation: Row[] = [
  {
    name: "a grant has what was sent, and its subject type",
    steps: [
      ...given,
      {
        ...grant("grant", "machine", "api"),
        whole: {
          ...ids,
          id: expect.stringMatching(/^cgr_[A-Za-z0-9]{16}$/),
          scope: ["read:orders"],
          subject_type: "client",
        },
      },
      {
        ...get("client-grants/{grant}"),
        whole: { ...ids, id: "{grant}", scope: ["read:orders"], subject_type: "client" },
      },
    ],
  },
  {
    name: "a grant for organizations keeps its settings",
    steps: [
      ...given,
      {
        ...grant("grant", "machine", "api", { organization_usage: "require", allow_any_organization: false }),
        shape: { organization_usage: "require", allow_any_organization: false },
      },
    ],
  },
  {
    name: "a second grant between the same client and API is a conflict",
    steps: [
      ...given,
      grant("grant", "machine", "api"),
      refused(
        "POST client-grants",
        409,
        "A client grant already exists between {machine} and {api}",
        undefined,
        { ...ids, scope: [] },
      ),
    ],
  },
  {
    name: "a grant for users may stand beside the one for the client itself",
    steps: [
      ...given,
      grant("grant", "machine", "api"),
      { ...grant("users", "machine", "api", { subject_type: "user" }), shape: { subject_type: "user" } },
      { ...get("client-grants?client_id={machine}&subject_type=user"), shape: [{ id: "{users}" }] },
      {
        ...get("client-grants?client_id={machine}&subject_type=client&include_totals=true"),
        shape: { total: 1, client_grants: [{ id: "{grant}" }] },
      },
    ],
  },
  {
    name: "a grant for an API that does not exist is 404",
    steps: [
      client("machine"),
      refused("POST client-grants", 404, "Resource server not found", undefined, {
        client_id: "{machine}",
        audience: "https://missing/",
        scope: [],
      }),
    ],
  },
  {
    name: "a grant for a client that does not exist is 404",
    steps: [
      server("api"),
      refused("POST client-grants", 404, "Client not found", undefined, {
        client_id: "missing",
        audience: "{api}",
        scope: [],
      }),
    ],
  },
  {
    name: "a grant names its API by the identifier, not by the id",
    steps: [
      ...given,
      refused("POST client-grants", 404, "Resource server not found", undefined, {
        client_id: "{machine}",
        audience: "{apiId}",
        scope: [],
      }),
    ],
  },
  {
    name: "a client of the type express_configuration gets no grant",
    steps: [
      {
        ...client("machine", { app_type: "express_configuration" }),
        save: { machine: "client_id" },
      },
      server("api"),
      refused(
        "POST client-grants",
        400,
        "Client of type express_configuration cannot be used",
        "validation_error",
        { ...ids, scope: [] },
      ),
    ],
  },
  ...(
    [
      ["no scope", ids, "'Missing required property: scope'."],
      [
        "allow_all_scopes false and no scope",
        { ...ids, allow_all_scopes: false },
        "'Missing required property: scope'.",
      ],
      ["no audience", { client_id: "{machine}", scope: [] }, "'Missing required property: audience'."],
      ["no client_id", { audience: "{api}", scope: [] }, "'Missing required property: client_id'."],
      [
        "a scope that is a text",
        { ...ids, scope: "read:orders" },
        "'Expected type array but found type string' on property scope.",
      ],
      [
        "an empty scope",
        { ...ids, scope: [""] },
        "'String is too short (0 chars), minimum 1' on property scope[0].",
      ],
      [
        "an unknown organization_usage",
        { ...ids, scope: [], organization_usage: "required" },
        "'No enum match for: required' on property organization_usage.",
      ],
      [
        "an unknown property",
        { ...ids, scope: [], scopes: [] },
        "'Additional properties not allowed: scopes'.",
      ],
      [
        "an unknown subject_type",
        { ...ids, scope: [], subject_type: "robot" },
        "'No enum match for: robot' on property subject_type.",
      ],
    ] as const
  ).map(([name, body, finding]) => ({
    name: `a grant with ${name} is refused`,
    steps: [...given, invalid("POST client-grants", body, finding)],
  })),
  {
    name: "a grant may have no scopes",
    steps: [...given, { ...grant("grant", "machine", "api", { scope: [] }), shape: { scope: [] } }],
  },
  {
    name: "a grant of all scopes needs no list, and takes none",
    steps: [
      ...given,
      {
        ...grant("grant", "machine", "api", { allow_all_scopes: true, scope: undefined }),
        shape: { allow_all_scopes: true },
        absent: ["scope"],
      },
      { ...get("client-grants/{grant}"), absent: ["scope"] },
      {
        request: "PATCH /api/v2/client-grants/{grant}",
        body: { allow_all_scopes: true, scope: ["read:orders"] },
        status: 400,
      },
    ],
  },
  {
    name: "a grant may be the default of third-party clients, and has no client then",
    steps: [
      server("api"),
      {
        request: "POST /api/v2/client-grants",
        body: { default_for: "third_party_clients", audience: "{api}", scope: ["read:orders"] },
        status: 201,
        shape: { default_for: "third_party_clients", audience: "{api}", scope: ["read:orders"] },
        absent: ["client_id"],
        save: { grant: "id" },
      },
      get("client-grants?default_for=third_party_clients&audience={api}", [{ id: "{grant}" }]),
      invalid(
        "POST client-grants",
        { audience: "{api}", scope: [] },
        "'Missing required property: client_id'.",
      ),
    ],
  },
  ...[true, false].map((allow_all_scopes) => ({
    name: `allow_all_scopes: ${allow_all_scopes} is refused on the Management API's grant`,
    steps: [
      client("machine"),
      refused("POST client-grants", 400, managementMessages.allScopesOnManagementApi, "invalid_body", {
        client_id: "{machine}",
        audience: "{audience}",
        scope: ["read:users"],
        allow_all_scopes,
      }),
      grant("grant", "machine", "audience", { scope: ["read:users"] }),
      refused(
        "PATCH client-grants/{grant}",
        400,
        managementMessages.allScopesOnManagementApi,
        "invalid_body",
        {
          allow_all_scopes,
        },
      ),
      { ...get("client-grants/{grant}"), absent: ["allow_all_scopes"] },
    ],
  })),
  {
    name: "scopes that the Management API does not have are left out without a word",
    steps: [
      client("machine"),
      {
        ...grant("grant", "machine", "audience", { scope: ["read:users", "create:role_membersx"] }),
        shape: { scope: ["read:users"] },
      },
      patch("client-grants/{grant}", { scope: ["fly:planes", "read:logs"] }, { scope: ["read:logs"] }),
    ],
  },
  {
    name: "scopes that another API does not have are kept",
    steps: [
      ...given,
      { ...grant("grant", "machine", "api", { scope: ["fly:planes"] }), shape: { scope: ["fly:planes"] } },
    ],
  },
  {
    name: "a third party's client cannot be allowed any organization",
    steps: [
      client("machine", { is_first_party: false }),
      server("api"),
      refused("POST client-grants", 400, managementMessages.thirdPartyAnyOrganization, "invalid_body", {
        ...{ ...ids, scope: [], organization_usage: "allow", allow_any_organization: true },
      }),
      grant("grant", "machine", "api"),
      refused(
        "PATCH client-grants/{grant}",
        400,
        managementMessages.thirdPartyAnyOrganization,
        "invalid_body",
        {
          allow_any_organization: true,
        },
      ),
    ],
  },
];

const changes: Row[] = [
  {
    name: "a PATCH replaces a grant's scopes and answers with the whole of it",
    steps: [
      ...given,
      grant("grant", "machine", "api", { organization_usage: "allow" }),
      {
        ...patch("client-grants/{grant}", { scope: ["write:orders"] }),
        whole: {
          ...ids,
          id: "{grant}",
          scope: ["write:orders"],
          organization_usage: "allow",
          subject_type: "client",
        },
      },
      get("client-grants/{grant}", { scope: ["write:orders"] }),
    ],
  },
  ...(["organization_usage", "allow_any_organization"] as const).map((field) => ({
    name: `null takes a grant's ${field} away`,
    steps: [
      ...given,
      grant("grant", "machine", "api", { organization_usage: "allow", allow_any_organization: true }),
      { ...patch("client-grants/{grant}", { [field]: null }), absent: [field] },
      { ...get("client-grants/{grant}"), absent: [field] },
    ],
  })),
  {
    name: "null empties a grant's scopes",
    steps: [
      ...given,
      grant("grant", "machine", "api"),
      patch("client-grants/{grant}", { scope: null }, { scope: [] }),
    ],
  },
  ...["client_id", "audience", "subject_type", "colour"].map((field) => ({
    name: `a PATCH cannot change a grant's ${field}`,
    steps: [
      ...given,
      grant("grant", "machine", "api"),
      invalid(
        "PATCH client-grants/{grant}",
        { [field]: "client" },
        `'Additional properties not allowed: ${field}'.`,
      ),
    ],
  })),
];

const deletion: Row[] = [
  {
    name: "a grant is deleted, and deleting it again is no error",
    steps: [
      ...given,
      grant("grant", "machine", "api"),
      remove("client-grants/{grant}"),
      remove("client-grants/{grant}"),
      notFound("GET client-grants/{grant}", "grant"),
      grant("again", "machine", "api"),
    ],
  },
  { name: "GET of a missing grant is 404", steps: [notFound("GET client-grants/cgr_missing", "grant")] },
  {
    name: "PATCH of a missing grant is 404",
    steps: [notFound("PATCH client-grants/cgr_missing", "grant", { scope: [] })],
  },
  {
    name: "organizations of a missing grant are 404",
    steps: [notFound("GET client-grants/cgr_missing/organizations", "grant")],
  },
  {
    name: "a grant that is deleted is in no organization any more",
    steps: [
      ...given,
      organization("acme"),
      grant("grant", "machine", "api", { organization_usage: "allow" }),
      associate("acme", "grant"),
      remove("client-grants/{grant}"),
      {
        ...get("organizations/{acme}/client-grants?include_totals=true&per_page=50"),
        whole: { client_grants: [], start: 0, limit: 50, total: 0 },
      },
    ],
  },
];

const lists: Row[] = [
  {
    name: "grants are found by client and audience, as the official provider asks for them",
    steps: [
      ...given,
      {
        ...get("client-grants?audience={api}&client_id={machine}&include_totals=true&per_page=50"),
        whole: { client_grants: [], start: 0, limit: 50, total: 0 },
      },
      grant("grant", "machine", "api"),
      {
        ...get("client-grants?audience={api}&client_id={machine}&include_totals=true&per_page=50"),
        shape: { total: 1, client_grants: [{ id: "{grant}", scope: ["read:orders"] }] },
      },
    ],
  },
  {
    name: "grants are found by audience alone, and by client alone",
    steps: [
      ...given,
      server("other"),
      grant("grant", "machine", "api"),
      grant("second", "machine", "other"),
      { ...get("client-grants?audience={api}"), shape: [{ id: "{grant}" }] },
      { ...get("client-grants?client_id={machine}"), shape: [{ id: "{grant}" }, { id: "{second}" }] },
      { ...get("client-grants?client_id={machine}&audience={other}"), shape: [{ id: "{second}" }] },
    ],
  },
  {
    name: "grants are found by allow_any_organization",
    steps: [
      ...given,
      grant("grant", "machine", "api", { organization_usage: "allow", allow_any_organization: true }),
      { ...get("client-grants?client_id={machine}&allow_any_organization=true"), shape: [{ id: "{grant}" }] },
      { ...get("client-grants?client_id={machine}&allow_any_organization=false"), whole: [] },
    ],
  },
  {
    name: "an unknown subject_type in a query is 400",
    steps: [
      invalidQuery(
        "GET client-grants?subject_type=robot",
        "'No enum match for: robot' on property subject_type.",
      ),
    ],
  },
  {
    name: "a grant's organizations are listed",
    steps: [
      ...given,
      grant("grant", "machine", "api", { organization_usage: "allow" }),
      { ...get("client-grants/{grant}/organizations"), whole: [] },
      organization("acme", { display_name: "Acme" }),
      organization("globex"),
      associate("acme", "grant"),
      associate("globex", "grant"),
      get("client-grants/{grant}/organizations?include_totals=true", {
        organizations: [
          { id: "{acme}", display_name: "Acme", name: "acme-{row}" },
          { id: "{globex}", name: "globex-{row}" },
        ],
        ...{ start: 0, limit: 50, total: 2 },
      }),
    ],
  },
];

export const clientGrantRows: Row[] = [...creation, ...changes, ...deletion, ...lists];
