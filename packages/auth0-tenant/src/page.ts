// `GET /`: what the tenant holds, for people.
import { readFileSync } from "node:fs";
import { html } from "hono/html";
import type { TenantApp } from "./hono-app";
import {
  type Client,
  type ClientGrant,
  clientGrants,
  clients,
  type Organization,
  organizationGrants,
  organizations,
} from "./records";
import type { LoggedRequest, RequestLog } from "./request-log";
import type { Table, View } from "./store";
import type { Tenant } from "./tenant";

const shownAtMost = 50;

/** @param caFile the certificate of the authority, which `GET /ca.pem` hands out: it is no secret */
export function serveStatusPage(app: TenantApp, tenant: Tenant, requests: RequestLog, caFile: string): void {
  const authority = readFileSync(caFile, "utf8");
  app.get("/ca.pem", (c) => c.body(authority, 200, { "content-type": "application/x-pem-file" }));
  app.get("/", (c) => {
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
    return c.html(render(tenant, requests, c.req.query("search") ?? ""));
  });
}

function render(tenant: Tenant, requests: RequestLog, search: string) {
  return tenant.store.read((view) => {
    const content = new Content(view, search);
    return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${tenant.domain}</title>
    <style>${style}</style>
  </head>
  <body>
    <header>
      <h1>${tenant.domain}</h1>
      <p>An Auth0 tenant on this machine, plan ${tenant.plan}</p>
      <form role="search">
        <input type="search" name="search" value="${search}" aria-label="Name, id or scope" placeholder="Name, id or scope" maxlength="200" />
        <button>Search</button>
        ${content.isSearch ? html`<a href="/">Show all</a>` : ""}
      </form>
      <nav>
        <a href="/.well-known/openid-configuration">Configuration</a>
        <a href="/.well-known/jwks.json">Keys</a>
        <a href="/ca.pem">Certificate</a>
      </nav>
    </header>
    <main>
      <div>${content.organizationTable()} ${content.clientTable()} ${content.grantTable()}</div>
      <div>${lastRequests(requests)}</div>
    </main>
  </body>
</html>`;
  });
}

/** What the page shows of the tenant: all of it, or what has every word of a search. */
class Content {
  private readonly words: string[];

  constructor(
    private readonly view: View,
    readonly search: string,
  ) {
    this.words = search
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
  }

  get isSearch(): boolean {
    return this.words.length > 0;
  }

  organizationTable(): Cell {
    const cells = (one: Organization) => [
      one.name,
      one.display_name ?? "",
      code(one.id),
      this.clientsOf(this.grantsOf(one)),
    ];
    const columns = ["Name", "Display name", "Id", "Clients"];
    return this.table("Organizations", columns, organizations, cells, (one) => [
      ...[one.name, one.display_name, one.id],
      ...this.grantsOf(one).flatMap(({ client_id }) => [client_id, this.clientName(client_id)]),
    ]);
  }

  clientTable(): Cell {
    const cells = (one: Client) => [
      one.name,
      one.app_type ?? "",
      code(one.client_id),
      one.client_authentication_methods ? "private_key_jwt" : (one.token_endpoint_auth_method ?? ""),
    ];
    const columns = ["Name", "Type", "Client id", "Authentication"];
    return this.table("Clients", columns, clients, cells, (one) => [
      ...[one.name, one.app_type, one.client_id],
      ...this.view
        .list(clientGrants, "client", one.client_id)
        .toArray()
        .flatMap((grant) => this.organizationNames(grant)),
    ]);
  }

  grantTable(): Cell {
    const cells = (one: ClientGrant) => [
      this.clientName(one.client_id),
      one.audience,
      scopes(one.scope),
      this.organizationsOf(one),
    ];
    const columns = ["Client", "Audience", "Scopes", "Organizations"];
    return this.table("Client grants", columns, clientGrants, cells, (one) => [
      ...[one.client_id, this.clientName(one.client_id), one.audience, ...one.scope],
      ...this.organizationNames(one),
    ]);
  }

  /** @param texts what a search looks for in a record */
  private table<T>(
    title: string,
    columns: Cell[],
    kind: Table<T>,
    cells: (record: T) => Cell[],
    texts: (record: T) => (string | undefined)[],
  ): Cell {
    const all = this.view.list(kind);
    const total = all.count();
    const found = this.isSearch ? all.filter((record) => this.matches(texts(record))) : all;
    const count = this.isSearch ? found.count() : total;
    const rows = found.slice(0, shownAtMost).map(cells);
    const more = count > rows.length ? html`<p>The first ${rows.length} of ${count}.</p>` : "";
    return section(
      title,
      this.isSearch ? `${count} of ${total}` : `${total}`,
      columns,
      rows,
      more,
      this.none,
    );
  }

  private get none(): string {
    return this.isSearch ? "None found." : "None yet.";
  }

  private matches(texts: (string | undefined)[]): boolean {
    const text = texts.join("\n").toLowerCase();
    return this.words.every((word) => text.includes(word));
  }

  private grantsOf({ id }: Organization): ClientGrant[] {
    const added = this.view.list(organizationGrants, "organization", id).toArray();
    return added.flatMap(({ grant_id }) => this.view.get(clientGrants, grant_id) ?? []);
  }

  /** A customer's clients, with what each of them may do. In a search, they are open. */
  private clientsOf(grants: ClientGrant[]): Cell {
    if (grants.length === 0) return html`<small>none</small>`;
    const number = new Set(grants.map(({ client_id }) => client_id)).size;
    return html`<details ${this.isSearch ? "open" : ""}>
      <summary>${number} ${number === 1 ? "client" : "clients"}</summary>
      <ul>${grants.slice(0, shownAtMost).map(
        (grant) => html`<li>${this.clientName(grant.client_id)} ${code(grant.client_id)}
          <small class="under">${grant.audience}: ${scopes(grant.scope)}</small></li>`,
      )}</ul>
    </details>`;
  }

  private clientName(id: string): string {
    return this.view.get(clients, id)?.name ?? id;
  }

  private organizationNames({ id }: ClientGrant): string[] {
    const added = this.view.list(organizationGrants, "grant", id).toArray();
    return added.map((one) => this.view.get(organizations, one.organization_id)?.name ?? "");
  }

  private organizationsOf(grant: ClientGrant): Cell {
    const names = this.organizationNames(grant);
    const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
    return html`${shown.join(", ")} <small>${grant.organization_usage ?? ""}</small>`;
  }
}

type Cell = string | ReturnType<typeof html>;

/** The newest first, without the page's own. */
function lastRequests({ last }: RequestLog): Cell {
  const rows = last
    .filter(({ path }) => path !== "/" && path !== "/favicon.ico")
    .reverse()
    .map((one) => [
      one.time.slice(11, 19),
      html`${one.method} <span class="path">${breakable(one.path)}</span> ${under(one.scope)}`,
      outcome(one),
      html`<span class="number">${one.ms.toFixed(1)}</span>`,
    ]);
  return section(
    "Last requests",
    "",
    ["Time", "Request", "Status", html`<span class="number">ms</span>`],
    rows,
    "",
    "None yet.",
  );
}

/** What the client has seen: of a connection that was cut, no status. */
function outcome({ status, fault }: LoggedRequest): Cell {
  const cut = fault === "reset" || fault === "truncate";
  const good = status < 400 && !cut;
  return html`<span class="${good ? "good" : "bad"}">${cut ? "cut" : status}</span> ${under(fault && `fault ${fault}`)}`;
}

const under = (text: string | undefined) => (text ? html`<small class="under">${text}</small>` : "");

/** Long paths break at their slashes first. */
const breakable = (path: string) => path.split(/(?<=\/)/).map((part) => html`${part}<wbr />`);

function section(
  title: string,
  count: string,
  columns: Cell[],
  rows: Cell[][],
  more: Cell,
  none: string,
): Cell {
  const empty = html`<tr><td colspan="${columns.length}"><small>${none}</small></td></tr>`;
  return html`<section>
    <h2>${title} <small>${count}</small></h2>
    <div class="scroll"><table>
      <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${rows.length === 0 ? empty : rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table></div>
    ${more}
  </section>`;
}

const code = (text: string) => html`<code>${text}</code>`;

/** A grant of the Management API may have a hundred. */
function scopes(all: string[]): Cell {
  const some = all.slice(0, 4).join(" ");
  return all.length > 4
    ? html`<span title="${all.join(" ")}">${some} <small>and ${all.length - 4} more</small></span>`
    : some;
}

const style = `
  :root {
    color-scheme: light dark;
    --page: light-dark(#f4f5f7, #14161a); --card: light-dark(#fff, #1d2026); --text: light-dark(#1c1f26, #e4e7ec);
    --faint: light-dark(#667085, #98a2b3); --line: light-dark(#e4e7ec, #31353d); --link: light-dark(#2f4ed8, #9db1ff);
  }
  * { box-sizing: border-box; }
  body { background: var(--page); color: var(--text); font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 104rem; padding: 1.5rem 1.25rem; }
  header { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-bottom: 1.25rem; }
  h1 { font-size: 1.5rem; margin: 0; } header p { color: var(--faint); margin: 0; } nav { display: flex; gap: 1rem; margin-left: auto; }
  a { color: var(--link); } small { color: var(--faint); font-size: .9em; font-weight: normal; }
  main { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
  @media (min-width: 75rem) { main { grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); } }
  section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin-bottom: 1.25rem; padding: .9rem 1.1rem; }
  h2 { font-size: 1rem; margin: 0 0 .4rem; } section p { color: var(--faint); margin: .5rem 0 0; }
  form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; }
  input, button { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; color: var(--text); font: inherit; padding: .25rem .6rem; }
  input { width: 15rem; } input::placeholder { color: var(--faint); opacity: 1; } button { cursor: pointer; }
  summary { cursor: pointer; white-space: nowrap; } ul { list-style: none; margin: .3rem 0 0; padding: 0; } li { margin-bottom: .3rem; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
  th, td { padding: .32rem 1rem .32rem 0; text-align: left; vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
  th { color: var(--faint); font-size: .85em; font-weight: 600; white-space: nowrap; } td { border-top: 1px solid var(--line); }
  code { font: .9em ui-monospace, monospace; white-space: nowrap; } .path { overflow-wrap: anywhere; } .under { display: block; }
  .number { display: block; font-variant-numeric: tabular-nums; text-align: right; }
  .good { color: light-dark(#137333, #7ddb94); } .bad { color: light-dark(#b3261e, #ff9d94); font-weight: 600; }
`;
