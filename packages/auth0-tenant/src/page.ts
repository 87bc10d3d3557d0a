// `GET /`: what the tenant holds, for people.
import { readFileSync } from "node:fs";
import { html } from "hono/html";
import type { TenantApp } from "./hono-app";
import {
  type ClientGrant,
  clientGrants,
  clients,
  type Organization,
  organizationGrants,
  organizations,
} from "./records";
import type { LoggedRequest, RequestLog } from "./request-log";
import type { RecordList, View } from "./store";
import type { Tenant } from "./tenant";

const shownAtMost = 50;

/** @param caFile the certificate of the authority, which `GET /ca.pem` hands out: it is no secret */
export function serveStatusPage(app: TenantApp, tenant: Tenant, requests: RequestLog, caFile: string): void {
  const authority = readFileSync(caFile, "utf8");
  app.get("/ca.pem", (c) => c.body(authority, 200, { "content-type": "application/x-pem-file" }));
  app.get("/", (c) => {
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    return c.html(render(tenant, requests));
  });
}

function render(tenant: Tenant, requests: RequestLog) {
  return tenant.store.read(
    (view) => html`<!doctype html>
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
      <nav>
        <a href="/.well-known/openid-configuration">Configuration</a>
        <a href="/.well-known/jwks.json">Keys</a>
        <a href="/ca.pem">Certificate</a>
      </nav>
    </header>
    <main>
      <div>${organizationTable(view)} ${clientTable(view)} ${grantTable(view)}</div>
      <div>${lastRequests(requests)}</div>
    </main>
  </body>
</html>`,
  );
}

function organizationTable(view: View): Cell {
  const grants = (id: string) => view.list(organizationGrants, "organization", id).count();
  const cells = (one: Organization) => [
    one.name,
    one.display_name ?? "",
    code(one.id),
    html`<span class="number">${grants(one.id)}</span>`,
  ];
  const columns = ["Name", "Display name", "Id", html`<span class="number">Grants</span>`];
  return table("Organizations", columns, view.list(organizations), cells);
}

function clientTable(view: View): Cell {
  return table("Clients", ["Name", "Type", "Client id", "Authentication"], view.list(clients), (one) => [
    one.name,
    one.app_type ?? "",
    code(one.client_id),
    one.client_authentication_methods ? "private_key_jwt" : (one.token_endpoint_auth_method ?? ""),
  ]);
}

function grantTable(view: View): Cell {
  const clientName = (id: string) => view.get(clients, id)?.name ?? id;
  const organizationsOf = ({ id, organization_usage }: ClientGrant) => {
    const added = view.list(organizationGrants, "grant", id);
    const names = added.slice(0, 3).map((one) => view.get(organizations, one.organization_id)?.name ?? "");
    const all = added.count() > names.length ? [...names, `${added.count() - names.length} more`] : names;
    return html`${all.join(", ")} <small>${organization_usage ?? ""}</small>`;
  };
  const columns = ["Client", "Audience", "Scopes", "Organizations"];
  return table("Client grants", columns, view.list(clientGrants), (one) => [
    clientName(one.client_id),
    one.audience,
    scopes(one.scope),
    organizationsOf(one),
  ]);
}

type Cell = string | ReturnType<typeof html>;

function table<T>(title: string, columns: Cell[], list: RecordList<T>, cells: (record: T) => Cell[]): Cell {
  const total = list.count();
  const rows = list.slice(0, shownAtMost).map(cells);
  const more = total > rows.length ? html`<p>The first ${rows.length} of ${total}.</p>` : "";
  return section(title, `${total}`, columns, rows, more);
}

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

function section(title: string, count: string, columns: Cell[], rows: Cell[][], more: Cell): Cell {
  const empty = html`<tr><td colspan="${columns.length}"><small>None yet.</small></td></tr>`;
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
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
  th, td { padding: .32rem 1rem .32rem 0; text-align: left; vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
  th { color: var(--faint); font-size: .85em; font-weight: 600; white-space: nowrap; } td { border-top: 1px solid var(--line); }
  code { font: .9em ui-monospace, monospace; white-space: nowrap; } .path { overflow-wrap: anywhere; } .under { display: block; }
  .number { display: block; font-variant-numeric: tabular-nums; text-align: right; }
  .good { color: light-dark(#137333, #7ddb94); } .bad { color: light-dark(#b3261e, #ff9d94); font-weight: 600; }
`;
