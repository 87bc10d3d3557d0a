// What a tenant was asked, and what it answered: so what must be there after a kill, and what may be.
import { expect } from "@jest/globals";
import type { Answer, Session } from "../testing/main-session";

const audience = "https://api.example";

/** A write that got no answer may have landed or not. */
type Existence = "there" | "gone" | "unknown";

interface Known {
  state: Existence;
  body: unknown;
}

export class History {
  private readonly known = new Map<string, Known>();
  acknowledged = 0;

  constructor(private readonly onAcknowledged: () => void) {}

  /** One customer: organization, client, grant, the grant's place in the organization; some are changed or deleted. */
  async writeCustomer(session: Session, name: string, change: "none" | "rename" | "delete"): Promise<void> {
    const organization = await this.create(session, "/organizations", { name });
    const client = await this.create(session, "/clients", { name, app_type: "non_interactive" });
    const client_id = textIn(client, "client_id");
    const grant = await this.create(session, "/client-grants", {
      client_id,
      audience,
      scope: ["read:orders"],
      organization_usage: "require",
    });
    const path = `/organizations/${textIn(organization, "id")}`;
    await this.create(session, `${path}/client-grants`, { grant_id: textIn(grant, "id") });
    if (change === "rename") await this.update(session, path, { name: `${name}-renamed` });
    if (change === "delete") await this.delete(session, `/clients/${client_id}`);
  }

  /** Reads back everything, by id and in lists, and finds it whole. */
  async check(session: Session): Promise<void> {
    for (const [path, { state, body }] of this.known) {
      const answer = await session.call("GET", path);
      if (state === "there") expect({ path, ...answer }).toMatchObject({ path, status: 200, body });
      if (state === "gone") expect({ path, ...answer }).toMatchObject({ path, status: 404 });
    }
    await checkWhole(session);
  }

  private async create(session: Session, path: string, body: object): Promise<unknown> {
    const answer = await this.send(session, "POST", path, body);
    expect(answer).toMatchObject({ status: 201 });
    // An organization's grant has no address of its own; lists show it.
    if (!path.endsWith("/client-grants") || path === "/client-grants") {
      const id = path === "/clients" ? textIn(answer.body, "client_id") : textIn(answer.body, "id");
      // Only the answer to a client's creation has this.
      const { encrypted: _, ...body } = Object(answer.body);
      this.known.set(`${path}/${id}`, { state: "there", body });
    }
    return answer.body;
  }

  private async update(session: Session, path: string, change: object): Promise<void> {
    const before = this.known.get(path);
    // Until the answer is here, either name may be the one.
    this.known.set(path, { state: "there", body: {} });
    const answer = await this.send(session, "PATCH", path, change);
    expect(answer).toMatchObject({ status: 200, body: change });
    this.known.set(path, { state: "there", body: { ...Object(before?.body), ...change } });
  }

  private async delete(session: Session, path: string): Promise<void> {
    const before = this.known.get(path);
    this.known.set(path, { state: "unknown", body: before?.body });
    for (const [other, one] of this.grantsOf(path)) this.known.set(other, { ...one, state: "unknown" });
    expect(await this.send(session, "DELETE", path)).toMatchObject({ status: 204 });
    this.known.set(path, { state: "gone", body: undefined });
    for (const [other] of this.grantsOf(path)) this.known.set(other, { state: "gone", body: undefined });
  }

  private grantsOf(client: string): [string, Known][] {
    const client_id = client.replace("/clients/", "");
    return [...this.known].filter(
      ([path, { body }]) => path.startsWith("/client-grants/") && Object(body).client_id === client_id,
    );
  }

  private async send(session: Session, method: string, path: string, body?: object): Promise<Answer> {
    const answer = await session.call(method, path, body);
    this.acknowledged += 1;
    this.onAcknowledged();
    return answer;
  }
}

/** Nothing points at what is not there, and each way to a record leads to the same one. */
async function checkWhole(session: Session): Promise<void> {
  const organizations = await all(session, "/organizations", "organizations");
  const clients = await all(session, "/clients", "clients");
  const grants = await all(session, "/client-grants", "client_grants");
  const clientIds = new Set(clients.map((one) => textIn(one, "client_id")));
  const grantIds = new Set(grants.map((one) => textIn(one, "id")));
  expect(clientIds.size).toBe(clients.length);
  expect(grantIds.size).toBe(grants.length);
  for (const grant of grants) {
    const client = textIn(grant, "client_id");
    expect(clientIds).toContain(client);
    const own = await all(session, `/client-grants?client_id=${client}`, "client_grants");
    expect(own).toContainEqual(grant);
  }
  for (const organization of organizations) {
    const [id, name] = [textIn(organization, "id"), textIn(organization, "name")];
    expect(await session.call("GET", `/organizations/name/${name}`)).toMatchObject({ body: organization });
    for (const placed of await all(session, `/organizations/${id}/client-grants`, "client_grants")) {
      expect(grantIds).toContain(textIn(placed, "id"));
      expect(clientIds).toContain(textIn(placed, "client_id"));
    }
  }
}

/** Every page; each says the same total, which is the number of records. */
async function all(session: Session, path: string, name: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let page = 0; ; page += 1) {
    const query = `page=${page}&per_page=100&include_totals=true`;
    const { status, body } = await session.call("GET", `${path}${path.includes("?") ? "&" : "?"}${query}`);
    expect({ path, status }).toEqual({ path, status: 200 });
    const records: unknown = Reflect.get(Object(body), name);
    if (!Array.isArray(records)) throw new Error(`${path} has no list ${name}`);
    found.push(...records);
    if (records.length < 100) {
      expect(body).toMatchObject({ total: found.length });
      return found;
    }
  }
}

function textIn(record: unknown, name: string): string {
  const value: unknown = Reflect.get(Object(record), name);
  if (typeof value !== "string") throw new Error(`no text "${name}" in ${JSON.stringify(record)}`);
  return value;
}
