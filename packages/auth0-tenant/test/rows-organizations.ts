// Organizations with their members, client grants and connections.
import { managementMessages } from "../src/unverified";
import type { Row, Step } from "./row";
import {
  associate,
  client,
  connection,
  get,
  grant,
  invalid,
  notFound,
  organization,
  patch,
  refused,
  remove,
  server,
  user,
} from "./rows-given";

/** Of every organization, since July and August 2026. */
const always = { third_party_client_access: "block", is_app_entitlement_active: false };

const taken = "An organization with this name already exists.";
const pattern = "/^[a-z0-9][a-z0-9_-]*$/";

const entity: Row[] = [
  {
    name: "an organization with a name only has two settings of 2026 beside it",
    steps: [
      {
        ...organization("acme"),
        whole: { id: expect.stringMatching(/^org_[A-Za-z0-9]{16}$/), name: "acme-{row}", ...always },
      },
      { ...get("organizations/{acme}"), whole: { id: "{acme}", name: "acme-{row}", ...always } },
      { ...get("organizations/name/acme-{row}"), whole: { id: "{acme}", name: "acme-{row}", ...always } },
    ],
  },
  {
    name: "an organization keeps what it was made with",
    steps: [
      {
        ...organization("acme", {
          display_name: "Acme",
          metadata: { plan: "gold" },
          branding: {
            logo_url: "https://acme.example/logo.png",
            colors: { primary: "#fff", page_background: "#000000" },
          },
          token_quota: { client_credentials: { per_hour: 10 } },
        }),
        shape: {
          display_name: "Acme",
          metadata: { plan: "gold" },
          branding: { colors: { primary: "#fff" } },
          token_quota: { client_credentials: { enforce: true, per_hour: 10 } },
        },
      },
    ],
  },
  {
    name: "a second organization of the same name is a conflict",
    steps: [
      organization("acme"),
      refused("POST organizations", 409, taken, undefined, { name: "acme-{row}" }),
      organization("other"),
      refused("PATCH organizations/{other}", 409, taken, undefined, { name: "acme-{row}" }),
      patch("organizations/{acme}", { name: "acme-{row}" }),
    ],
  },
  ...(
    [
      ["no name", {}, "'Missing required property: name'."],
      ["an empty name", { name: "" }, "'String is too short (0 chars), minimum 1' on property name."],
      [
        "a name of 51 characters",
        { name: "a".repeat(51) },
        "'String is too long (51 chars), maximum 50' on property name.",
      ],
      [
        "a name in upper case",
        { name: "Acme" },
        `'String does not match pattern ${pattern}: Acme' on property name.`,
      ],
      [
        "a name with a space",
        { name: "acme inc" },
        `'String does not match pattern ${pattern}: acme inc' on property name.`,
      ],
      [
        "a name with a full stop",
        { name: "acme.com" },
        `'String does not match pattern ${pattern}: acme.com' on property name.`,
      ],
      ["a name with #", { name: "a#b" }, `'String does not match pattern ${pattern}: a#b' on property name.`],
      [
        "a name that begins with -",
        { name: "-a" },
        `'String does not match pattern ${pattern}: -a' on property name.`,
      ],
      [
        "an empty display name",
        { name: "x", display_name: "" },
        "'String is too short (0 chars), minimum 1' on property display_name.",
      ],
      ["app_metadata", { name: "x", app_metadata: {} }, "'Additional properties not allowed: app_metadata'."],
      [
        "26 metadata",
        { name: "x", metadata: Object.fromEntries([...Array(26).keys()].map((n) => [`k${n}`, "v"])) },
        "'Object has too many properties defined, maximum 25' on property metadata.",
      ],
      [
        "a metadatum that is a number",
        { name: "x", metadata: { seats: 5 } },
        "'Expected type string but found type integer' on property metadata.seats.",
      ],
      [
        "a colour that is none",
        { name: "x", branding: { colors: { primary: "red", page_background: "#fff" } } },
        "'String does not match pattern /^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$/: red' on property branding.colors.primary.",
      ],
    ] as const
  ).map(([name, body, finding]) => ({
    name: `an organization with ${name} is refused`,
    steps: [invalid("POST organizations", body, finding)],
  })),
  ...["a", "7", "a-b_c", "x".repeat(50)].map((name) => ({
    name: `"${name}" is a name for an organization`,
    steps: [
      { ...organization("it", { name }), shape: { name } },
      get(`organizations/name/${name}`, { id: "{it}" }),
      remove("organizations/{it}"),
    ],
  })),
  {
    name: "a PATCH of an organization changes what it names and leaves the rest",
    steps: [
      organization("acme", { display_name: "Acme", metadata: { plan: "gold" } }),
      {
        ...patch("organizations/{acme}", { name: "acme-{row}", display_name: "Acme Ltd" }),
        whole: {
          ...{ id: "{acme}", name: "acme-{row}", display_name: "Acme Ltd", metadata: { plan: "gold" } },
          ...always,
        },
      },
      get("organizations/{acme}", { display_name: "Acme Ltd", metadata: { plan: "gold" } }),
    ],
  },
  {
    name: "an organization that is renamed is found by its new name only",
    steps: [
      organization("acme"),
      patch("organizations/{acme}", { name: "renamed-{row}" }),
      get("organizations/name/renamed-{row}", { id: "{acme}" }),
      notFound("GET organizations/name/acme-{row}", "organization"),
      organization("acme"),
    ],
  },
  {
    name: "metadata of an organization are replaced",
    steps: [
      organization("acme", { metadata: { plan: "gold", seats: "5" } }),
      {
        ...patch("organizations/{acme}", { metadata: { plan: "silver", region: null } }),
        whole: { id: "{acme}", name: "acme-{row}", metadata: { plan: "silver" }, ...always },
      },
      { ...patch("organizations/{acme}", { metadata: {} }), absent: ["metadata"] },
      { ...get("organizations/{acme}"), absent: ["metadata"] },
    ],
  },
  {
    name: "an organization's settings of 2026 are kept",
    steps: [
      organization("acme", { third_party_client_access: "allow", is_app_entitlement_active: true }),
      get("organizations/{acme}", { third_party_client_access: "allow", is_app_entitlement_active: true }),
      patch(
        "organizations/{acme}",
        { is_app_entitlement_active: false },
        { third_party_client_access: "allow", is_app_entitlement_active: false },
      ),
    ],
  },
  {
    name: "an organization has no clients and no discovery domains",
    steps: [
      organization("acme"),
      { ...get("organizations/{acme}/clients"), whole: { clients: [] } },
      { ...get("organizations/{acme}/discovery-domains"), whole: { domains: [] } },
      notFound("GET organizations/org_missing/clients", "organization"),
    ],
  },
  {
    name: "null takes an organization's token_quota away",
    steps: [
      organization("acme", { token_quota: { client_credentials: { per_day: 1 } } }),
      { ...patch("organizations/{acme}", { token_quota: null }), absent: ["token_quota"] },
      { ...get("organizations/{acme}"), absent: ["token_quota"] },
    ],
  },
  ...["name", "display_name", "metadata", "branding"].map((field) => ({
    name: `null for an organization's ${field} is refused`,
    steps: [
      organization("acme"),
      invalid("PATCH organizations/{acme}", { [field]: null }, expect.stringContaining("found type null")),
    ],
  })),
  {
    name: "an unknown property in a PATCH of an organization is refused",
    steps: [
      organization("acme"),
      invalid("PATCH organizations/{acme}", { id: "org_x" }, "'Additional properties not allowed: id'."),
    ],
  },
  {
    name: "an organization is deleted, once",
    steps: [
      organization("acme"),
      remove("organizations/{acme}"),
      notFound("GET organizations/{acme}", "organization"),
      notFound("DELETE organizations/{acme}", "organization"),
      notFound("PATCH organizations/{acme}", "organization", { display_name: "x" }),
      organization("acme"),
    ],
  },
  {
    name: "an organization that is gone has no lists",
    steps: [
      notFound("GET organizations/name/missing", "organization"),
      notFound("GET organizations/missing/members", "organization"),
      notFound("GET organizations/missing/client-grants", "organization"),
      notFound("GET organizations/missing/connections", "organization"),
      notFound("POST organizations/missing/members", "organization", { members: ["auth0|x"] }),
      notFound("DELETE organizations/missing/members", "organization", { members: ["auth0|x"] }),
      notFound("DELETE organizations/missing/client-grants/cgr_x", "organization"),
      notFound("DELETE organizations/missing/connections/con_x", "organization"),
    ],
  },
  {
    name: "an organization takes its associations along, but neither users nor grants nor connections",
    steps: [
      organization("acme"),
      user("ann"),
      connection("db"),
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { organization_usage: "allow" }),
      associate("acme", "grant"),
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{db}" },
        status: 201,
      },
      remove("organizations/{acme}"),
      get("users/{ann}"),
      get("connections/{db}"),
      { ...get("users/{ann}/organizations"), whole: [] },
      { ...get("client-grants/{grant}/organizations"), whole: [] },
    ],
  },
];

const addMembers = (...members: string[]): Step => ({
  request: "POST /api/v2/organizations/{acme}/members",
  body: { members },
  status: 204,
});

const members: Row[] = [
  {
    name: "a member is shown with e-mail and name",
    steps: [
      organization("acme"),
      user("ann", { name: "Ann", picture: "https://acme.example/ann.png" }),
      addMembers("{ann}"),
      {
        ...get("organizations/{acme}/members"),
        whole: [
          {
            user_id: "{ann}",
            email: "ann@{row}.example",
            picture: "https://acme.example/ann.png",
            name: "Ann",
          },
        ],
      },
      { ...get("users/{ann}/organizations"), whole: [{ id: "{acme}", name: "acme-{row}", ...always }] },
    ],
  },
  {
    name: "a user is added to an organization twice without harm",
    steps: [
      organization("acme"),
      user("ann"),
      addMembers("{ann}"),
      addMembers("{ann}", "{ann}"),
      { ...get("organizations/{acme}/members?fields=user_id"), whole: [{ user_id: "{ann}" }] },
    ],
  },
  {
    name: "none is added where one user does not exist",
    steps: [
      organization("acme"),
      user("ann"),
      notFound("POST organizations/{acme}/members", "user", { members: ["{ann}", "auth0|missing"] }),
      { ...get("organizations/{acme}/members"), whole: [] },
    ],
  },
  {
    name: "members are taken away by a DELETE with a body, also those that are none",
    steps: [
      organization("acme"),
      user("ann"),
      user("ben"),
      addMembers("{ann}", "{ben}"),
      { ...remove("organizations/{acme}/members"), body: { members: ["{ann}"] } },
      { ...get("organizations/{acme}/members?fields=user_id"), whole: [{ user_id: "{ben}" }] },
      { ...remove("organizations/{acme}/members"), body: { members: ["{ann}", "auth0|missing"] } },
    ],
  },
  {
    name: "no members at all are refused, and more than ten",
    steps: [
      organization("acme"),
      invalid(
        "POST organizations/{acme}/members",
        { members: [] },
        "'Array is too short (0), minimum 1' on property members.",
      ),
      invalid(
        "POST organizations/{acme}/members",
        { members: Array(11).fill("auth0|x") },
        "'Array is too long (11), maximum 10' on property members.",
      ),
      invalid("DELETE organizations/{acme}/members", {}, "'Missing required property: members'."),
    ],
  },
  {
    name: "members are listed as the official provider asks for them",
    steps: [
      organization("acme"),
      {
        ...get(
          "organizations/{acme}/members?fields=user_id&include_fields=true&include_totals=true&per_page=50&take=100",
        ),
        whole: { members: [] },
      },
      user("ann"),
      addMembers("{ann}"),
      {
        ...get(
          "organizations/{acme}/members?fields=user_id&include_fields=true&include_totals=true&per_page=50&take=100",
        ),
        whole: { members: [{ user_id: "{ann}" }], next: expect.any(String) },
        save: { next: "next" },
      },
      {
        ...get("organizations/{acme}/members?fields=user_id&include_fields=true&take=100&from={next}"),
        whole: { members: [] },
      },
    ],
  },
  {
    name: "an empty page of members has no totals",
    steps: [
      organization("acme"),
      {
        ...get("organizations/{acme}/members?include_totals=true&page=0&per_page=100"),
        whole: { members: [] },
      },
    ],
  },
];

const given = [
  organization("acme"),
  client("machine"),
  server("api"),
  grant("grant", "machine", "api", { organization_usage: "require", allow_any_organization: false }),
];

const associated = {
  client_id: "{machine}",
  audience: "{api}",
  scope: ["read:orders"],
  organization_usage: "require",
  allow_any_organization: false,
};

const grants: Row[] = [
  {
    name: "a grant is added to an organization and listed there",
    steps: [
      ...given,
      // The answer names the grant by another property than lists do.
      { ...associate("acme", "grant"), whole: { grant_id: "{grant}", ...associated } },
      {
        ...get("organizations/{acme}/client-grants?include_totals=true&per_page=50"),
        whole: {
          client_grants: [{ id: "{grant}", ...associated, subject_type: "client" }],
          ...{ start: 0, limit: 50, total: 1 },
        },
      },
    ],
  },
  {
    name: "a grant is added to an organization once",
    steps: [
      ...given,
      associate("acme", "grant"),
      refused(
        "POST organizations/{acme}/client-grants",
        409,
        "The client grant has already been added to this organization.",
        undefined,
        { grant_id: "{grant}" },
      ),
    ],
  },
  {
    name: "a grant may be in several organizations",
    steps: [
      ...given,
      organization("globex"),
      associate("acme", "grant"),
      associate("globex", "grant"),
      { ...remove("organizations/{acme}/client-grants/{grant}") },
      get("organizations/{globex}/client-grants", [{ id: "{grant}" }]),
    ],
  },
  {
    name: "a grant that does not exist is not added",
    steps: [
      organization("acme"),
      refused("POST organizations/{acme}/client-grants", 404, "The grant does not exist.", undefined, {
        grant_id: "cgr_missing",
      }),
    ],
  },
  {
    name: "nothing is added to an organization that does not exist",
    steps: [
      refused(
        "POST organizations/missing/client-grants",
        404,
        "No organization found by that id",
        undefined,
        {
          grant_id: "cgr_missing",
        },
      ),
    ],
  },
  ...[undefined, "deny"].map((organization_usage) => ({
    name: `a grant whose organization_usage is ${organization_usage ?? "unset"} is not added`,
    steps: [
      organization("acme"),
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { organization_usage }),
      {
        ...associate("acme", "grant"),
        status: 400,
        shape: { statusCode: 400, errorCode: "invalid_body" },
      },
      { ...get("organizations/{acme}/client-grants"), whole: [] },
    ],
  })),
  {
    name: "a grant without id is refused",
    steps: [
      organization("acme"),
      invalid("POST organizations/{acme}/client-grants", {}, "'Missing required property: grant_id'."),
      invalid(
        "POST organizations/{acme}/client-grants",
        { grant_id: "x", client_id: "y" },
        "'Additional properties not allowed: client_id'.",
      ),
    ],
  },
  {
    name: "a grant is taken out of an organization, also one that is not in it, and stays a grant",
    steps: [
      ...given,
      associate("acme", "grant"),
      remove("organizations/{acme}/client-grants/{grant}"),
      remove("organizations/{acme}/client-grants/{grant}"),
      { ...get("organizations/{acme}/client-grants"), whole: [] },
      get("client-grants/{grant}"),
      associate("acme", "grant"),
    ],
  },
  {
    name: "grants of an organization are found by audience, client and id",
    steps: [
      ...given,
      server("other"),
      grant("second", "machine", "other", { organization_usage: "allow" }),
      associate("acme", "grant"),
      associate("acme", "second"),
      get("organizations/{acme}/client-grants?audience={other}", [{ id: "{second}" }]),
      get("organizations/{acme}/client-grants?client_id={machine}", [{ id: "{grant}" }, { id: "{second}" }]),
      get("organizations/{acme}/client-grants?grant_ids={grant}", [{ id: "{grant}" }]),
      { ...get("organizations/{acme}/client-grants?client_id=missing"), whole: [] },
    ],
  },
  {
    name: "a grant that changes is changed in the organization's list",
    steps: [
      ...given,
      associate("acme", "grant"),
      patch("client-grants/{grant}", { scope: ["write:orders"] }),
      get("organizations/{acme}/client-grants", [{ scope: ["write:orders"] }]),
    ],
  },
  {
    name: "an organization takes 100 client grants, and pages of 50 show them",
    steps: [
      organization("acme"),
      client("machine"),
      {
        request: "POST /api/v2/resource-servers",
        body: { identifier: "https://many.{row}/{n}" },
        status: 201,
        times: 101,
      },
      {
        request: "POST /api/v2/client-grants",
        body: {
          client_id: "{machine}",
          audience: "https://many.{row}/{n}",
          scope: [],
          organization_usage: "allow",
        },
        status: 201,
        save: { "grant{n}": "id" },
        times: 101,
      },
      { ...associate("acme", "grant{n}"), body: { grant_id: "{grant{n}}" }, times: 100 },
      refused(
        "POST organizations/{acme}/client-grants",
        409,
        "Quota exceeded; cannot add more than 100 client grants to a single organization",
        undefined,
        { grant_id: "{grant101}" },
      ),
      {
        ...get("organizations/{acme}/client-grants?include_totals=true&per_page=50"),
        shape: { total: 100, start: 0, limit: 50, client_grants: Array(50).fill(expect.anything()) },
      },
      {
        ...get("organizations/{acme}/client-grants?include_totals=true&per_page=50&page=1"),
        shape: { total: 100, start: 50, limit: 50, client_grants: Array(50).fill(expect.anything()) },
      },
      remove("organizations/{acme}/client-grants/{grant1}"),
      { ...associate("acme", "grant101") },
    ],
  },
];

const enabled: Row[] = [
  {
    name: "a connection is enabled in an organization, changed and disabled",
    steps: [
      organization("acme"),
      connection("db"),
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{db}", assign_membership_on_login: true, is_enabled: true },
        status: 201,
        whole: {
          connection_id: "{db}",
          assign_membership_on_login: true,
          is_enabled: true,
          ...{ show_as_button: true, is_signup_enabled: false, organization_access_level: "none" },
          connection: { name: "db-{row}", strategy: "auth0" },
        },
      },
      patch(
        "organizations/{acme}/connections/{db}",
        { show_as_button: false, is_enabled: false },
        { show_as_button: false, is_enabled: false, assign_membership_on_login: true },
      ),
      { ...get("organizations/{acme}/connections?is_enabled=true"), whole: [] },
      get("organizations/{acme}/connections", [{ connection_id: "{db}" }]),
      get("organizations/{acme}/connections/{db}", { connection_id: "{db}" }),
      remove("organizations/{acme}/connections/{db}"),
      notFound("GET organizations/{acme}/connections/{db}", "organizationConnection"),
      notFound("PATCH organizations/{acme}/connections/{db}", "organizationConnection", { is_enabled: true }),
      remove("organizations/{acme}/connections/{db}"),
    ],
  },
  {
    name: "a connection that is no database has no setting for signups in an organization",
    steps: [
      organization("acme"),
      connection("google", { strategy: "google-oauth2" }),
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{google}" },
        status: 201,
        shape: { show_as_button: true, organization_access_level: "none" },
        absent: ["is_signup_enabled"],
      },
      { request: "DELETE /api/v2/connections/{google}", status: 202 },
    ],
  },
  {
    name: "an organization's connections have an older name, which SDKs of before 2026 know",
    steps: [
      organization("acme"),
      connection("db"),
      {
        request: "POST /api/v2/organizations/{acme}/enabled_connections",
        body: { connection_id: "{db}", assign_membership_on_login: false },
        status: 201,
      },
      get("organizations/{acme}/enabled_connections?include_totals=true", {
        enabled_connections: [{ connection_id: "{db}" }],
        total: 1,
      }),
      remove("organizations/{acme}/enabled_connections/{db}"),
      { ...get("organizations/{acme}/connections"), whole: [] },
    ],
  },
  {
    name: "a connection is enabled in an organization once",
    steps: [
      organization("acme", { enabled_connections: [] }),
      connection("db"),
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{db}" },
        status: 201,
      },
      refused("POST organizations/{acme}/connections", 409, managementMessages.connectionAdded, undefined, {
        connection_id: "{db}",
      }),
    ],
  },
  {
    name: "connections may be enabled along with the creation, or nothing is created",
    steps: [
      connection("db"),
      {
        ...organization("acme", { enabled_connections: [{ connection_id: "{db}" }] }),
        shape: { enabled_connections: [{ connection_id: "{db}", show_as_button: true }] },
      },
      get("organizations/{acme}/connections", [{ connection_id: "{db}", assign_membership_on_login: false }]),
      notFound("POST organizations", "organizationConnection", {
        name: "globex-{row}",
        enabled_connections: [{ connection_id: "con_missing" }],
      }),
      notFound("GET organizations/name/globex-{row}", "organization"),
    ],
  },
  {
    name: "a connection that does not exist is not enabled",
    steps: [
      organization("acme"),
      notFound("POST organizations/{acme}/connections", "organizationConnection", { connection_id: "con_x" }),
    ],
  },
  {
    name: "an organization takes ten connections",
    steps: [
      organization("acme"),
      {
        ...connection("db"),
        body: { name: "db-{row}-{n}", strategy: "auth0" },
        save: { "db{n}": "id" },
        times: 11,
      },
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{db{n}}" },
        status: 201,
        times: 10,
      },
      {
        request: "POST /api/v2/organizations/{acme}/connections",
        body: { connection_id: "{db11}" },
        status: 403,
        shape: { errorCode: "too_many_entities" },
      },
    ],
  },
];

export const organizationRows: Row[] = [...entity, ...members, ...grants, ...enabled];
