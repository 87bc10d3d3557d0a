// `GET /` as text; test/browser sees it in a browser.
import { type RunningTenant, startTenant } from "../src";
import { temporaryDirectory } from "../testing/in-process";
import { openSession, type Session, withTenant } from "../testing/main-session";
import { fillTenant, hostileStrings } from "./page-content";

const { directory, remove } = temporaryDirectory();
let tenant: RunningTenant;
let session: Session;

beforeAll(async () => {
  tenant = await startTenant({ directory, clock: () => Date.UTC(2030, 0, 1, 12, 34, 56) });
  session = await openSession(tenant);
  await fillTenant(session);
});

afterAll(async () => {
  await tenant.close();
  remove();
});

async function read(search?: string) {
  const query = search === undefined ? "" : `?${new URLSearchParams({ search })}`;
  const response = await session.fetch(`${tenant.url}/${query}`);
  return { headers: response.headers, html: await response.text() };
}

/** The rows of a section as the texts of their cells. */
function rowsOf(html: string, title: string): string[][] {
  const section = html.split("<section>").find((one) => textOf(one).startsWith(title)) ?? "";
  const body = section.slice(section.indexOf("<tbody>"), section.indexOf("</tbody>"));
  return body
    .split("<tr>")
    .slice(1)
    .map((row) => row.split("<td>").slice(1).map(textOf));
}

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();

it("shows organizations, clients and grants, each with its number", async () => {
  const { html } = await read();
  expect(textOf(html)).toContain(`${tenant.domain} An Auth0 tenant on this machine, plan enterprise`);
  expect(textOf(html)).toMatch(/Organizations 5 .*Clients 6 .*Client grants 6 /);
  expect(rowsOf(html, "Organizations")[0]).toEqual([
    "acme",
    "acme Ltd",
    expect.stringMatching(/^org_[A-Za-z0-9]{16}$/),
    expect.stringMatching(
      /^1 client acme &amp; sons \w{32} https:\/\/api\.example\/.*: read:orders write:orders read:invoices write:invoices and 1 more$/,
    ),
  ]);
  expect(rowsOf(html, "Clients").map(([name]) => name)).toEqual([
    "Pulumi",
    ...["acme", "globex", "initech", "umbrella", "hostile"].map((name) => `${name} &amp; sons`),
  ]);
  expect(rowsOf(html, "Client grants")[1]).toEqual([
    "acme &amp; sons",
    "https://api.example/&lt;img src=x onerror=window.pwned=1&gt;",
    "read:orders write:orders read:invoices write:invoices and 1 more",
    "acme require",
  ]);
});

it("makes no markup of its data", async () => {
  await session.fetch(`${tenant.url}/<script>alert(1)</script>?<script>`);
  const { html } = await read();
  const tags = [...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name]) => name);
  expect([...new Set(tags)].sort()).toEqual(
    "!doctype a body button code details div form h1 h2 head header html input li main meta nav p section small span style summary table tbody td th thead title tr ul wbr".split(
      " ",
    ),
  );
  const attributes = [...html.matchAll(/ ([a-z-]+)="[^"]*"/gi)].map(([, name]) => name);
  expect([...new Set(attributes)].sort()).toEqual([
    ...[
      "aria-label",
      "charset",
      "class",
      "content",
      "href",
      "lang",
      "maxlength",
      "name",
      "placeholder",
      "role",
    ],
    ...["scope", "title", "type", "value"],
  ]);
  for (const text of Object.values(hostileStrings)) {
    expect(html).not.toContain(text);
    expect(html).toContain(escaped(text));
  }
});

it("lets the browser load nothing and run nothing, and escapes nothing in its own styles", async () => {
  const { headers, html } = await read();
  expect(html.slice(0, html.indexOf("</style>"))).not.toContain("&");
  expect(headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  );
  expect(headers.get("content-type")).toMatch(/^text\/html/);
});

describe("a search", () => {
  /** Names in the first column of each section, and its count. */
  const found = async (search: string) => {
    const { html } = await read(search);
    const text = textOf(html);
    const count = (title: string) => new RegExp(`${title} (\\d+ of \\d+) `).exec(text)?.[1];
    const names = (title: string) => rowsOf(html, title).map(([name]) => name);
    return {
      ...{ html, text },
      counts: [count("Organizations"), count("Clients"), count("Client grants")],
      names: [names("Organizations"), names("Clients"), names("Client grants")],
    };
  };

  it("finds a customer with its clients and grants, by any part of its name, whatever the case", async () => {
    const { counts, names, html } = await found("GLOB");
    expect(counts).toEqual(["1 of 5", "1 of 6", "1 of 6"]);
    expect(names).toEqual([["globex"], ["globex &amp; sons"], ["globex &amp; sons"]]);
    expect(html).toContain("<details open>");
    expect((await read()).html).not.toContain("<details open>");
  });

  it("finds a customer by the id of its organization or of a client", async () => {
    const [organization = []] = rowsOf((await read()).html, "Organizations").slice(1);
    const [, , id = "", its = ""] = organization;
    const [client = ""] = /\b\w{32}\b/.exec(its) ?? [];
    expect((await found(id)).names[0]).toEqual(["globex"]);
    expect(await found(client)).toMatchObject({
      names: [["globex"], ["globex &amp; sons"], ["globex &amp; sons"]],
    });
  });

  it("finds what has every word, and shows that there is none", async () => {
    expect((await found("acme write:orders")).counts).toEqual(["0 of 5", "0 of 6", "1 of 6"]);
    const none = await found("acme globex");
    expect(none.counts).toEqual(["0 of 5", "0 of 6", "0 of 6"]);
    expect(none.text).toContain("NameDisplay nameIdClients None found.");
  });

  it("shows all for spaces, and what was searched for as text", async () => {
    expect((await found("  ")).text).toMatch(/Organizations 5 .*Clients 6 /);
    const { html } = await read('"><script>alert(1)</script>');
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).not.toContain("<script>");
  });

  it("finds what is beyond the fifty that are shown", async () => {
    for (let n = 0; n < 60; n += 1) await session.call("POST", "/organizations", { name: `late-${n}` });
    expect((await found("late-59")).names[0]).toEqual(["late-59"]);
    expect((await found("late-")).text).toContain("The first 50 of 60.");
    for (const { id, name } of await organizationsOf(session)) {
      if (name.startsWith("late-")) await session.call("DELETE", `/organizations/${id}`);
    }
  });
});

it("shows no secret", async () => {
  const { html } = await read();
  expect(html).not.toContain(tenant.clientSecret);
  expect(html).not.toMatch(/client_secret"|eyJ/);
});

it("shows the last requests, the newest first, with faults, but not those for itself", async () => {
  tenant.setFaults(["GET /api/v2/clients 500-after count=1", "GET /api/v2/clients reset count=1"]);
  await session.call("GET", "/clients");
  await session.call("GET", "/clients").catch(() => {});
  await session.call("GET", "/organizations/org_0123456789abcdef");
  await read();
  const { html } = await read();
  const milliseconds = expect.stringMatching(/^\d+\.\d$/);
  expect(rowsOf(html, "Last requests").slice(0, 3)).toEqual([
    ["12:34:56", "GET /api/v2/organizations/org_0123456789abcdef read:organizations", "404", milliseconds],
    ["12:34:56", "GET /api/v2/clients", "cut fault reset", milliseconds],
    ["12:34:56", "GET /api/v2/clients read:clients", "500 fault 500-after", milliseconds],
  ]);
});

it("shows fifty requests and fifty records at most, and says of how many", async () => {
  for (let n = 0; n < 50; n += 1) await session.call("POST", "/organizations", { name: `many-${n}` });
  const { html } = await read();
  expect(rowsOf(html, "Organizations")).toHaveLength(50);
  expect(textOf(html)).toContain("The first 50 of 55.");
  expect(rowsOf(html, "Last requests").length).toBeLessThanOrEqual(50);
  expect(rowsOf(html, "Last requests")[0]?.[1]).toMatch(/^POST \/api\/v2\/organizations /);
});

it("says of an empty tenant that there is nothing yet", async () => {
  await withTenant({}, async ({ url }, { fetch }) => {
    const html = await (await fetch(url)).text();
    expect(textOf(html)).toMatch(/Organizations 0 NameDisplay nameIdClients None yet\. Clients 1 /);
  });
});

async function organizationsOf({ call }: Session): Promise<{ id: string; name: string }[]> {
  const pages = await Promise.all(
    [0, 1].map((page) => call("GET", `/organizations?per_page=100&page=${page}`)),
  );
  return pages.flatMap(({ body }) => (Array.isArray(body) ? body : []));
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
