// Which organization a token is for: the client grant's organization_usage decides.
import { tokenRefusals } from "../src/unverified";
import type { ExpectedToken, Row, Step } from "./row";
import { askToken, associate, client, get, grant, organization, patch, remove, server } from "./rows-given";

type Outcome = keyof typeof tokenRefusals | "no organization" | "acme" | "globex";

const token: ExpectedToken = { client: "{machine}", audience: "{api}", scope: "read:orders" };

function outcome(asked: string | undefined, expected: Outcome): Step {
  const step = askToken("machine", "api", { organization: asked });
  if (expected === "no organization") return { ...step, token };
  if (expected === "acme" || expected === "globex")
    return { ...step, token: { ...token, org_id: `{${expected}}` } };
  const [status, error, error_description] = tokenRefusals[expected];
  return { ...step, status, whole: { error, error_description } };
}

const flows = ["client_credentials"];
const byDefault = { default_organization: { organization_id: "{acme}", flows } };

interface Case {
  usage: string | undefined;
  asked?: "acme" | "globex" | "unknown" | "a name" | "empty";
  associated?: boolean;
  any?: boolean;
  hasDefault?: boolean;
  expected: Outcome;
}

const organizations = {
  acme: "{acme}",
  globex: "{globex}",
  unknown: `org_${"0".repeat(16)}`,
  "a name": "acme-{row}",
  empty: "",
};

/** Auth0's table of organization_usage; acme is the organization that is associated, or not. */
const cases: Case[] = [
  ...[undefined, "deny"].flatMap((usage): Case[] => [
    { usage, expected: "no organization" },
    { usage, asked: "empty", expected: "no organization" },
    { usage, asked: "acme", expected: "organizationNotAllowed" },
    { usage, asked: "unknown", expected: "organizationNotAllowed" },
    { usage, hasDefault: true, expected: "no organization" },
  ]),
  { usage: "allow", expected: "no organization" },
  { usage: "allow", associated: true, expected: "no organization" },
  { usage: "allow", associated: true, hasDefault: true, expected: "no organization" },
  { usage: "allow", asked: "empty", associated: true, expected: "no organization" },
  { usage: "require", expected: "organizationRequired" },
  { usage: "require", associated: true, expected: "organizationRequired" },
  { usage: "require", asked: "empty", associated: true, expected: "organizationRequired" },
  { usage: "require", any: true, expected: "organizationRequired" },
  { usage: "require", associated: true, hasDefault: true, expected: "acme" },
  { usage: "require", any: true, hasDefault: true, expected: "acme" },
  { usage: "require", hasDefault: true, expected: "organizationNotGranted" },
  {
    usage: "require",
    asked: "globex",
    associated: true,
    hasDefault: true,
    expected: "organizationNotGranted",
  },
  { usage: "require", asked: "globex", any: true, hasDefault: true, expected: "globex" },
  ...["allow", "require"].flatMap((usage): Case[] => [
    { usage, asked: "acme", associated: true, expected: "acme" },
    { usage, asked: "acme", expected: "organizationNotGranted" },
    { usage, asked: "acme", any: true, expected: "acme" },
    { usage, asked: "acme", any: true, associated: true, expected: "acme" },
    { usage, asked: "globex", associated: true, expected: "organizationNotGranted" },
    { usage, asked: "globex", any: true, associated: true, expected: "globex" },
    { usage, asked: "unknown", any: true, expected: "organizationUnknown" },
    { usage, asked: "unknown", associated: true, expected: "organizationUnknown" },
    { usage, asked: "a name", associated: true, expected: "organizationNotAnId" },
    { usage, asked: "a name", any: true, expected: "organizationNotAnId" },
  ]),
];

const given = ({ usage, any, hasDefault }: Partial<Case>): Step[] => [
  organization("acme"),
  organization("globex"),
  client("machine", hasDefault ? byDefault : {}),
  server("api"),
  grant("grant", "machine", "api", { organization_usage: usage, allow_any_organization: any }),
];

function nameOf({ usage = "unset", asked, associated, any, hasDefault, expected }: Case): string {
  const conditions = [
    `organization_usage ${usage}`,
    ...(associated ? ["acme associated"] : []),
    ...(any ? ["any organization allowed"] : []),
    ...(hasDefault ? ["acme by default"] : []),
  ];
  return `${conditions.join(", ")}: asking for ${asked ?? "nothing"} gives ${expected}`;
}

/** A grant that nobody may associate is associated while that is allowed. */
function associateWith({ usage, associated }: Case): Step[] {
  return associated && usage !== undefined && usage !== "deny" ? [associate("acme", "grant")] : [];
}

const require = { usage: "require" };
const names = "allow_organization_name_in_authentication_api";

export const tokenOrganizationRows: Row[] = [
  ...cases.map((one) => ({
    name: nameOf(one),
    steps: [
      ...given(one),
      ...associateWith(one),
      outcome(one.asked && organizations[one.asked], one.expected),
    ],
  })),
  {
    name: "the client's own organization_usage is for logins and decides nothing here",
    steps: [
      organization("acme"),
      client("machine", { organization_usage: "require" }),
      server("api"),
      grant("grant", "machine", "api"),
      outcome(undefined, "no organization"),
      outcome("{acme}", "organizationNotAllowed"),
    ],
  },
  {
    name: "an organization is in the JSON of a request as well",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      {
        request: "POST /oauth/token",
        body: {
          grant_type: "client_credentials",
          client_id: "{machine}",
          client_secret: "{machineSecret}",
          audience: "{api}",
          organization: "{acme}",
        },
        status: 200,
        token: { ...token, org_id: "{acme}" },
      },
    ],
  },
  {
    name: "where names are allowed, an organization is asked for by either, and both are in the token",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      patch("tenants/settings", { [names]: true }),
      {
        ...askToken("machine", "api", { organization: "acme-{row}" }),
        token: { ...token, org_id: "{acme}", org_name: "acme-{row}" },
      },
      {
        ...askToken("machine", "api", { organization: "{acme}" }),
        token: { ...token, org_id: "{acme}", org_name: "acme-{row}" },
      },
      outcome("unknown-{row}", "organizationUnknown"),
      outcome("globex-{row}", "organizationNotGranted"),
      patch("tenants/settings", { [names]: null }),
      outcome("acme-{row}", "organizationNotAnId"),
      outcome("{acme}", "acme"),
    ],
  },
  {
    name: "a token without organization has no org_name, even where names are allowed",
    steps: [
      ...given({ usage: "allow" }),
      patch("tenants/settings", { [names]: true }),
      outcome(undefined, "no organization"),
      patch("tenants/settings", { [names]: null }),
    ],
  },
  {
    name: "a grant that is taken out of the organization gives no more tokens for it",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      outcome("{acme}", "acme"),
      remove("organizations/{acme}/client-grants/{grant}"),
      outcome("{acme}", "organizationNotGranted"),
    ],
  },
  {
    name: "an organization that is deleted gives no more tokens, not even by default",
    steps: [
      ...given({ ...require, hasDefault: true }),
      associate("acme", "grant"),
      outcome(undefined, "acme"),
      remove("organizations/{acme}"),
      outcome("{acme}", "organizationUnknown"),
      outcome(undefined, "organizationUnknown"),
    ],
  },
  {
    name: "a change of the grant's organization_usage holds from the next token on",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      patch("client-grants/{grant}", { organization_usage: "allow" }),
      outcome(undefined, "no organization"),
      patch("client-grants/{grant}", { organization_usage: "deny" }),
      outcome("{acme}", "organizationNotAllowed"),
      patch("client-grants/{grant}", { organization_usage: "require" }),
      outcome("{acme}", "acme"),
    ],
  },
  {
    name: "a default organization that the client gives up is asked for again",
    steps: [
      ...given({ ...require, hasDefault: true }),
      associate("acme", "grant"),
      outcome(undefined, "acme"),
      { ...patch("clients/{machine}", { default_organization: null }), absent: ["default_organization"] },
      outcome(undefined, "organizationRequired"),
    ],
  },
  {
    name: "one grant serves many organizations, each token one of them",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      associate("globex", "grant"),
      outcome("{acme}", "acme"),
      outcome("{globex}", "globex"),
      get("client-grants/{grant}/organizations", [{ id: "{acme}" }, { id: "{globex}" }]),
    ],
  },
  {
    name: "scopes and organization are asked for together",
    steps: [
      ...given(require),
      associate("acme", "grant"),
      patch("client-grants/{grant}", { scope: ["read:orders", "write:orders"] }),
      {
        ...askToken("machine", "api", { organization: "{acme}", scope: "write:orders" }),
        token: { ...token, scope: "write:orders", org_id: "{acme}" },
      },
      { ...askToken("machine", "api", { organization: "{acme}", scope: "fly:planes" }), status: 403 },
    ],
  },
];
