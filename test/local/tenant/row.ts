// A row of the conformance table, and how it is run against a tenant.
import type { TestTenant } from "./in-process";

export interface Step {
  /** Method and path; `{name}` stands for a variable, in bodies as well. */
  request: string;
  body?: unknown;
  /** Form instead of JSON. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Scopes of the token; default: every scope. `none`: no token. */
  as?: string[] | "none";
  status: number;
  /** What the answer holds, at least. */
  shape?: unknown;
  /** The whole answer. */
  whole?: unknown;
  /** Properties that the answer does not have. */
  absent?: string[];
  /** Variables from properties of the answer. */
  save?: Record<string, string>;
  /** The step is repeated with `{n}` from 1. */
  times?: number;
}

export interface Row {
  name: string;
  steps: Step[];
}

export class Runner {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly tenant: TestTenant) {}

  async run({ name, steps }: Row, number: number): Promise<void> {
    const { domain, clientId, clientSecret } = this.tenant;
    const variables: Record<string, string> = {
      ...{ row: `r${number}`, domain, clientId, clientSecret },
      audience: `https://${domain}/api/v2/`,
    };
    for (const [at, step] of steps.entries()) {
      for (let n = 1; n <= (step.times ?? 1); n += 1) {
        await this.step(
          step,
          { ...variables, n: String(n) },
          variables,
          `${name}, step ${at + 1}: ${step.request}`,
        );
      }
    }
  }

  private async step(
    step: Step,
    variables: Record<string, string>,
    saved: Record<string, string>,
    where: string,
  ): Promise<void> {
    const filled = fill(step, variables);
    const [method, path] = split(filled.request);
    const headers: Record<string, string> = { ...filled.headers };
    if (path.startsWith("/api/v2") && filled.as !== "none" && !headers.authorization) {
      headers.authorization = `Bearer ${await this.token(filled.as)}`;
    }
    let body: string | undefined;
    if (filled.form) {
      headers["content-type"] = "application/x-www-form-urlencoded";
      body = new URLSearchParams(filled.form).toString();
    } else if (filled.body !== undefined) {
      headers["content-type"] ??= "application/json";
      body = typeof filled.body === "string" ? filled.body : JSON.stringify(filled.body);
    }
    const response = await this.tenant.fetch(`https://${this.tenant.domain}${path}`, {
      method,
      headers,
      body,
    });
    const text = await response.text();
    const answer: unknown = text === "" ? undefined : JSON.parse(text);
    const got = { where, status: response.status, answer };
    if (filled.status === 204) expect(got).toEqual({ where, status: 204, answer: undefined });
    else expect(got).toMatchObject({ where, status: filled.status });
    if (filled.shape !== undefined) expect(got).toMatchObject({ answer: filled.shape });
    if (filled.whole !== undefined) expect(answer).toEqual(filled.whole);
    for (const name of filled.absent ?? []) expect(answer).not.toHaveProperty([name]);
    for (const [name, property] of Object.entries(filled.save ?? {}))
      saved[name] = textAt(answer, property, where);
  }

  /** A token for the Management API, of a client that has just these scopes. */
  async token(scopes?: string[]): Promise<string> {
    const key = scopes?.join(" ") ?? "";
    const known = this.tokens.get(key);
    if (known) return known;
    const client = scopes === undefined ? this.tenant : await this.clientWith(scopes);
    const token = await this.requestToken(client.clientId, client.clientSecret);
    this.tokens.set(key, token);
    return token;
  }

  private async clientWith(scopes: string[]): Promise<{ clientId: string; clientSecret: string }> {
    const client = await this.post("clients", {
      name: `with ${scopes.join(" ")}`,
      app_type: "non_interactive",
    });
    const [clientId, clientSecret] = [textAt(client, "client_id"), textAt(client, "client_secret")];
    const audience = `https://${this.tenant.domain}/api/v2/`;
    await this.post("client-grants", { client_id: clientId, audience, scope: scopes });
    return { clientId, clientSecret };
  }

  private async post(path: string, body: object): Promise<unknown> {
    const response = await this.tenant.fetch(`https://${this.tenant.domain}/api/v2/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${await this.token()}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  private async requestToken(client_id: string, client_secret: string): Promise<string> {
    const { domain } = this.tenant;
    const response = await this.tenant.fetch(`https://${domain}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        audience: `https://${domain}/api/v2/`,
        client_id,
        client_secret,
      }),
    });
    return textAt(await response.json(), "access_token");
  }
}

function split(request: string): [string, string] {
  const at = request.indexOf(" ");
  return [request.slice(0, at), request.slice(at + 1)];
}

/** Puts variables where `{name}` is; in the path, they are encoded as go-auth0 does it. */
function fill(step: Step, variables: Record<string, string>): Step {
  const { request, ...rest } = step;
  const pathValues = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      encodeURIComponent(value).replaceAll("%3A", ":"),
    ]),
  );
  const replaced: Omit<Step, "request"> = replace(rest, variables);
  return { ...replaced, request: replaceText(request, pathValues) };
}

function replace<T>(value: T, variables: Record<string, string>): T;
function replace(value: unknown, variables: Record<string, string>): unknown {
  if (typeof value === "string") return replaceText(value, variables);
  if (Array.isArray(value)) return value.map((inner) => replace(inner, variables));
  // Of jest's own: expect.any(...) and such.
  if (typeof value !== "object" || value === null || "asymmetricMatch" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner, variables)]));
}

const replaceText = (text: string, variables: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);

function textAt(answer: unknown, path: string, where = "the answer"): string {
  const value = path
    .split(".")
    .reduce<unknown>(
      (inner, name) => (typeof inner === "object" && inner ? Reflect.get(inner, name) : undefined),
      answer,
    );
  if (typeof value !== "string") throw new Error(`${where} has no text "${path}": ${JSON.stringify(answer)}`);
  return value;
}
