// A tenant with content that a page must take care with: names that are markup, and more of everything than it shows.
import type { Session } from "../testing/main-session";

export const hostileStrings = {
  displayName: `<script>window.pwned = 1</script>`,
  scope: `"onmouseover="window.pwned=1`,
  audience: `https://api.example/<img src=x onerror=window.pwned=1>`,
};

/** Five customers, one of them hostile: each an organization with a client whose grant it has. */
export async function fillTenant(session: Session): Promise<void> {
  const { displayName, scope, audience } = hostileStrings;
  const scopes = ["read:orders", "write:orders", "read:invoices", "write:invoices", scope];
  const api = { name: "Orders", identifier: audience, scopes: scopes.map((value) => ({ value })) };
  await createEntity(session, "/resource-servers", api);
  for (const name of ["acme", "globex", "initech", "umbrella", "hostile"]) {
    const display = name === "hostile" ? displayName : `${name} Ltd`;
    const organization = await createEntity(session, "/organizations", { name, display_name: display });
    const client_id = await createEntity(session, "/clients", {
      name: `${name} & sons`,
      app_type: "non_interactive",
    });
    const grant = { client_id, audience, scope: scopes, organization_usage: "require" };
    const grant_id = await createEntity(session, "/client-grants", grant);
    await createEntity(session, `/organizations/${organization}/client-grants`, { grant_id });
  }
}

/** @returns the id */
export async function createEntity(session: Session, path: string, body: object): Promise<string> {
  const answer = await session.call("POST", path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  const { client_id, id } = Object(answer.body);
  return String(id ?? client_id);
}
