// Quotas of machine-to-machine tokens. The clock stands still, so what is left of hour and day is known up to the row's start.
import { tokenRefusals } from "../src/unverified";
import type { Row, Step } from "./row";
import { askToken, associate, client, grant, organization, patch, server } from "./rows-given";

const given = (client_quota?: object, organization_quota?: object): Step[] => [
  organization("acme", organization_quota ? { token_quota: { client_credentials: organization_quota } } : {}),
  client("machine", client_quota ? { token_quota: { client_credentials: client_quota } } : {}),
  server("api"),
  grant("grant", "machine", "api", { organization_usage: "allow" }),
  associate("acme", "grant"),
];

const left = (...buckets: [period: string, limit: number, left: number][]) =>
  expect.stringMatching(
    new RegExp(
      `^${buckets.map(([period, limit, rest]) => `b=${period};q=${limit};r=${rest};t=\\d+`).join(",")}$`,
    ),
  );

const client_ = "auth0-client-quota-limit";
const organization_ = "auth0-organization-quota-limit";
const ask = (answerHeaders: Record<string, unknown>, more: Parameters<typeof askToken>[2] = {}) =>
  askToken("machine", "api", { answerHeaders, ...more });

const clientOver = {
  status: 429,
  whole: { error: "too_many_requests", error_description: "Client quota exceeded" },
};
const [, , organizationWords] = tokenRefusals.organizationQuota;
const organizationOver = {
  status: 429,
  whole: { error: "too_many_requests", error_description: organizationWords },
};

export const tokenQuotaRows: Row[] = [
  {
    name: "a client without quota gets no quota headers",
    steps: [...given(), ask({ [client_]: null, [organization_]: null })],
  },
  {
    name: "a client's quota is counted down, then refuses with the time to wait",
    steps: [
      ...given({ per_hour: 2, per_day: 5 }),
      ask({ [client_]: left(["per_hour", 2, 1], ["per_day", 5, 4]) }),
      ask({ [client_]: left(["per_hour", 2, 0], ["per_day", 5, 3]) }),
      {
        ...ask({
          [client_]: left(["per_hour", 2, 0], ["per_day", 5, 3]),
          "x-ratelimit-limit": "2",
          "x-ratelimit-remaining": "0",
          "x-ratelimit-reset": expect.stringMatching(/^\d{10}$/),
          "retry-after": expect.stringMatching(/^\d{1,4}$/),
          "cache-control": "no-store",
        }),
        ...clientOver,
      },
    ],
  },
  {
    name: "an hour later the hour's quota is whole again, and the day's goes on",
    steps: [
      ...given({ per_hour: 1, per_day: 2 }),
      // Away from midnight, when the next day would begin.
      ask({ [client_]: left(["per_hour", 1, 0], ["per_day", 2, 1]) }, { later: 0 }),
      { ...ask({}), ...clientOver },
      ask({ [client_]: left(["per_hour", 1, 0], ["per_day", 2, 0]) }, { later: 3600 }),
      { ...ask({ "x-ratelimit-limit": "2" }, { later: 3600 }), ...clientOver },
      ask({ [client_]: left(["per_hour", 1, 0], ["per_day", 2, 1]) }, { later: 86_400 }),
    ],
  },
  {
    name: "a quota that is not enforced reports what is left, and refuses nothing",
    steps: [
      ...given({ enforce: false, per_hour: 1 }),
      ask({ [client_]: left(["per_hour", 1, 0]) }),
      ask({ [client_]: left(["per_hour", 1, 0]) }),
    ],
  },
  {
    name: "an organization's quota counts its tokens only",
    steps: [
      ...given(undefined, { per_day: 1 }),
      ask({ [organization_]: left(["per_day", 1, 0]), [client_]: null }, { organization: "{acme}" }),
      { ...ask({ "x-ratelimit-limit": "1" }, { organization: "{acme}" }), ...organizationOver },
      ask({ [organization_]: null }),
    ],
  },
  {
    name: "a token that the organization's quota refuses does not use the client's up",
    steps: [
      ...given({ per_day: 5 }, { per_day: 1 }),
      ask(
        { [client_]: left(["per_day", 5, 4]), [organization_]: left(["per_day", 1, 0]) },
        { organization: "{acme}" },
      ),
      { ...ask({ [client_]: left(["per_day", 5, 4]) }, { organization: "{acme}" }), ...organizationOver },
      ask({ [client_]: left(["per_day", 5, 3]) }),
    ],
  },
  {
    name: "a token that is refused for another reason is not counted",
    steps: [
      ...given({ per_day: 1 }),
      { ...ask({ [client_]: null }, { scope: "fly:planes" }), status: 403 },
      ask({ [client_]: left(["per_day", 1, 0]) }),
    ],
  },
  {
    name: "a quota that is raised gives tokens at once",
    steps: [
      ...given({ per_day: 1 }),
      ask({}),
      { ...ask({}), ...clientOver },
      patch("clients/{machine}", { token_quota: { client_credentials: { per_day: 2 } } }),
      ask({ [client_]: left(["per_day", 2, 0]) }),
      patch("clients/{machine}", { token_quota: null }),
      ask({ [client_]: null }),
    ],
  },
  {
    name: "the tenant's default quota holds if a client or an organization doesn't have its own",
    steps: [
      ...given(),
      patch("tenants/settings", {
        default_token_quota: {
          clients: { client_credentials: { per_day: 1 } },
          organizations: { client_credentials: { per_day: 7 } },
        },
      }),
      ask(
        { [client_]: left(["per_day", 1, 0]), [organization_]: left(["per_day", 7, 6]) },
        { organization: "{acme}" },
      ),
      { ...ask({}), ...clientOver },
      patch("clients/{machine}", { token_quota: { client_credentials: { per_day: 3 } } }),
      ask({ [client_]: left(["per_day", 3, 1]) }),
      // Bound by the default as everyone is: the tenant's own client must not run out.
      patch("tenants/settings", { default_token_quota: null }),
    ],
  },
];
