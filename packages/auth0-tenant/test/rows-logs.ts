// The tenant's log, which is written a moment after what it records.
import type { Row, Step } from "./row";
import {
  askToken,
  associate,
  client,
  get,
  grant,
  notFound,
  organization,
  refused,
  server,
} from "./rows-given";

const found = (event: Record<string, unknown>): Step => ({
  ...get("logs?sort=date:-1&per_page=100"),
  some: event,
  eventually: true,
});

export const logRows: Row[] = [
  {
    name: "a token that was issued for an organization is logged with it",
    steps: [
      client("machine"),
      server("api"),
      organization("acme"),
      grant("grant", "machine", "api", { organization_usage: "require" }),
      associate("acme", "grant"),
      askToken("machine", "api", { organization: "{acme}", headers: { "user-agent": "portal/1" } }),
      found({
        type: "seccft",
        log_id: expect.stringMatching(/^900\d{26}$/),
        date: expect.stringMatching(/Z$/),
        client_id: "{machine}",
        client_name: "machine {row}",
        audience: "{api}",
        scope: "read:orders",
        organization_id: "{acme}",
        organization_name: "acme-{row}",
        ip: "127.0.0.1",
        user_agent: "portal/1",
      }),
    ],
  },
  {
    name: "a token that was refused is logged with the reason, and without the secret",
    steps: [
      client("machine"),
      { ...askToken("machine", "audience"), status: 403 },
      found({
        type: "feccft",
        client_id: "{machine}",
        client_name: "machine {row}",
        audience: "{audience}",
        description: expect.stringContaining("Client is not authorized to access"),
      }),
      { ...get("logs?sort=date:-1&per_page=1"), save: { event: "0.log_id" } },
      {
        ...get("logs/{event}"),
        names: [
          ...["log_id", "_id", "date", "type", "description", "client_id", "client_name", "audience"],
          ...["ip", "user_agent", "isMobile"],
        ],
      },
    ],
  },
  {
    name: "the log has a client that did not authenticate, with the id that it gave",
    steps: [
      client("machine"),
      {
        request: "POST /oauth/token",
        body: { grant_type: "client_credentials", client_id: "{machine}", client_secret: "wrong" },
        status: 401,
      },
      found({ type: "feccft", client_id: "{machine}", description: "Unauthorized" }),
    ],
  },
  {
    name: "events are found by type, by id, and after a checkpoint",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api"),
      askToken("machine", "api"),
      found({ type: "seccft", client_id: "{machine}" }),
      askToken("machine", "api", { scope: "nothing", status: 403 }),
      found({ type: "feccft", client_id: "{machine}" }),
      {
        ...get("logs?sort=date:-1&per_page=2", [
          { type: "feccft", client_id: "{machine}" },
          { type: "seccft", client_id: "{machine}" },
        ]),
        save: { failed: "0.log_id", issued: "1.log_id" },
      },
      get("logs/{issued}", { log_id: "{issued}", _id: "{issued}", type: "seccft" }),
      get("logs?from={issued}&take=10", [{ log_id: "{failed}" }]),
      { ...get("logs?from={failed}&take=10"), whole: [] },
      get("logs?q=type:seccft&per_page=1", [{ type: "seccft" }]),
    ],
  },
  {
    name: "events come with totals where they are asked for, and with selected fields",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api"),
      askToken("machine", "api"),
      found({ client_id: "{machine}" }),
      get("logs?sort=date:-1&per_page=1&include_totals=true", {
        start: 0,
        limit: 1,
        total: expect.any(Number),
        logs: [{ client_id: "{machine}" }],
      }),
      { ...get("logs?sort=date:-1&per_page=1&fields=client_id"), whole: [{ client_id: "{machine}" }] },
    ],
  },
  { name: "an event that does not exist is 404", steps: [notFound("GET logs/missing", "log")] },
  {
    name: "a query of the log that the tenant does not know is 400",
    steps: [
      refused(
        "GET logs?q=ip:127.0.0.1",
        400,
        "The local tenant does not know the query ip:127.0.0.1.",
        "invalid_query_string",
      ),
    ],
  },
  {
    name: "statistics are there, of a tenant where nobody logs in",
    steps: [
      { ...get("stats/active-users"), whole: 0 },
      get("stats/daily", expect.any(Array)),
      { ...get("stats/daily?from=20200101&to=20200102"), whole: [] },
      { request: "GET /api/v2/stats/daily?from=yesterday", status: 400 },
    ],
  },
];
