// `GET /`: what the tenant holds, for people.
import { html } from "hono/html";
import type { TenantApp } from "./app";
import { clients } from "./entities/client";
import { clientGrants } from "./entities/client-grant";
import { organizationGrants, organizations } from "./entities/organization";
import type { RequestLog } from "./request-log";
import type { List } from "./store";
import type { Tenant } from "./tenant";

const shownAtMost = 50;

export function statusPage(app: TenantApp, tenant: Tenant, requests: RequestLog): void {
  app.get("/", (c) => {
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    return c.html(render(tenant, requests));
  });
}

function render(tenant: Tenant, requests: RequestLog) {
  return tenant.store.read((view) => {
    const nameOf = (id: string) => view.get(clients, id)?.name ?? id;
    const grantsOf = (organization: string) =>
      view.list(organizationGrants, "organization", organization).count();
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
      <p>An Auth0 tenant on this machine, plan ${tenant.plan}.
        <a href="/.well-known/openid-configuration">Configuration</a>
        <a href="/.well-known/jwks.json">Keys</a></p>
    </header>
    <main>
      ${table("Organizations", ["Name", "Display name", "Id", "Grants"], view.list(organizations), (one) => [
        one.name,
        one.display_name ?? "",
        code(one.id),
        String(grantsOf(one.id)),
      ])}
      ${table("Clients", ["Name", "Type", "Client id", "Authentication"], view.list(clients), (one) => [
        one.name,
        one.app_type ?? "",
        code(one.client_id),
        one.client_authentication_methods ? "private_key_jwt" : (one.token_endpoint_auth_method ?? ""),
      ])}
      ${table(
        "Client grants",
        ["Client", "Audience", "Scopes", "Organizations"],
        view.list(clientGrants),
        (one) => [nameOf(one.client_id), one.audience, scopes(one.scope), one.organization_usage ?? ""],
      )}
      ${lastRequests(requests)}
    </main>
  </body>
</html>`;
  });
}

type Cell = string | ReturnType<typeof html>;

function table<T>(title: string, columns: string[], list: List<T>, cells: (record: T) => Cell[]): Cell {
  const total = list.count();
  const rows = list.slice(0, shownAtMost).map(cells);
  const more = total > rows.length ? html`<p>The first ${rows.length} of ${total}.</p>` : "";
  return section(title, `${total}`, columns, rows, more);
}

function lastRequests({ last }: RequestLog): Cell {
  const rows = [...last]
    .reverse()
    .map((one) => [
      one.time.slice(11, 19),
      html`${one.method} ${one.path}`,
      html`<span class="${one.status < 400 ? "good" : "bad"}">${one.status}</span>`,
      one.scope ?? "",
      `${one.ms}`,
    ]);
  return section("Last requests", "", ["Time", "Request", "Status", "Scope", "ms"], rows, "");
}

function section(title: string, count: string, columns: string[], rows: Cell[][], more: Cell): Cell {
  const empty = html`<tr><td colspan="${columns.length}">None yet.</td></tr>`;
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
    ? html`<span title="${all.join(" ")}">${some} and ${all.length - 4} more</span>`
    : some;
}

const style = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
  header p { margin: 0; } header a { margin-left: .5rem; } small { font-weight: normal; opacity: .65; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { font-weight: 600; } code { font-size: .85em; }
  .good { color: light-dark(#137333, #7ddb94); } .bad { color: light-dark(#b3261e, #ff9d94); font-weight: 600; }
`;
