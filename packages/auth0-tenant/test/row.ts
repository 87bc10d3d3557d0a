// A row of the conformance table, and how it is run against a tenant.
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { type Algorithm, createVerifier, type DecodedJwt } from "fast-jwt";
import type { Plan } from "../src/plans";
import { type Assertion, signAssertion } from "../testing/assertion";
import type { TestTenant } from "../testing/in-process";

export interface Step {
  /** Method and path; `{name}` stands for a variable, in bodies as well. */
  request: string;
  body?: unknown;
  /** Form instead of JSON. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Put into the form as client_assertion. */
  assertion?: Assertion;
  /** Scopes of the token; default: every scope. `none`: no token. */
  as?: string[] | "none";
  /** Seconds that pass before the request. */
  later?: number;
  status: number;
  /** What the answer holds, at least. */
  shape?: unknown;
  /** The whole answer. */
  whole?: unknown;
  /** What one entry of the answer, a list, holds at least. */
  some?: unknown;
  /** Names of the answer's properties, in any order. */
  names?: string[];
  /** Properties that the answer does not have. */
  absent?: string[];
  answerHeaders?: Record<string, unknown>;
  token?: ExpectedToken;
  /** Variables from properties of the answer. */
  save?: Record<string, string>;
  /** Tokens of before are void once the step has been taken. */
  voidsTokens?: boolean;
  /** The step is repeated with `{n}` from 1. */
  times?: number;
  /** The step is repeated until it is as expected, as long as a change may take to be seen. */
  eventually?: boolean;
}

/** An access token: its claims are just these, in Auth0's order, and its signature is checked. */
export interface ExpectedToken {
  client: string;
  audience: string;
  scope?: string;
  org_id?: string;
  org_name?: string;
  /** Seconds; default: a day. */
  lifetime?: number;
  /** Default: RS256. */
  alg?: Algorithm;
  /** Of HS256. */
  secret?: string;
}

export interface Row {
  name: string;
  /** Of the tenant; default: enterprise. */
  plan?: Plan;
  steps: Step[];
}

/** A clock that stands still until a step says how much later it is. */
export class StandingClock {
  private now = Date.UTC(2026, 0, 15, 12);
  readonly read = () => this.now;

  advance(seconds: number): void {
    this.now += seconds * 1000;
  }
}

type Variables = Record<string, string>;

export class Runner {
  private readonly tokens = new Map<string, { token: string; until: number }>();

  constructor(
    private readonly tenant: TestTenant,
    private readonly clock: StandingClock,
  ) {}

  /** @param number makes the row's names differ from those of others */
  async run({ name, steps }: Row, number: number): Promise<void> {
    const { domain, clientId, clientSecret } = this.tenant;
    const variables: Variables = {
      ...{ row: `r${number}`, domain, clientId, clientSecret, tenant: domain.split(/[.:]/)[0] ?? "" },
      audience: `https://${domain}/api/v2/`,
    };
    for (const [at, step] of steps.entries()) {
      const where = `${name}, step ${at + 1}: ${step.request}`;
      for (let n = 1; n <= (step.times ?? 1); n += 1) {
        const filled = fill(step, { ...variables, n: String(n) });
        const answer = await (step.eventually ? this.until(filled, where) : this.take(filled, where));
        for (const [variable, property] of Object.entries(filled.save ?? {}))
          variables[variable] = textAt(answer, property, where);
      }
    }
  }

  private async until(step: Step, where: string): Promise<unknown> {
    for (let left = 200; left > 0; left -= 1) {
      try {
        return await this.take(step, where);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    return this.take(step, where);
  }

  private async take(step: Step, where: string): Promise<unknown> {
    this.clock.advance(step.later ?? 0);
    const response = await this.send(step);
    const text = await response.text();
    const answer: unknown = text === "" ? undefined : JSON.parse(text);
    const got = { where, status: response.status, answer };
    if (step.status === 204) expect(got).toEqual({ where, status: 204, answer: undefined });
    else expect(got).toMatchObject({ where, status: step.status });
    if (step.shape !== undefined) expect(got).toMatchObject({ where, answer: step.shape });
    if (step.whole !== undefined) expect(got).toEqual({ where, status: step.status, answer: step.whole });
    if (step.some !== undefined) expect(answer).toContainEqual(expect.objectContaining(step.some));
    if (step.names) expect(Object.keys(Object(answer)).sort()).toEqual([...step.names].sort());
    for (const name of step.absent ?? []) expect(answer).not.toHaveProperty([name]);
    for (const [name, value] of Object.entries(step.answerHeaders ?? {}))
      expect([name, response.headers.get(name)]).toEqual([name, value]);
    if (step.token) await this.checkToken(answer, step.token, where);
    if (step.voidsTokens) this.tokens.clear();
    return answer;
  }

  private async send(step: Step): Promise<Response> {
    const [method, path] = split(step.request);
    const headers: Record<string, string> = { ...step.headers };
    if (path.startsWith("/api/v2") && step.as !== "none" && !headers.authorization) {
      headers.authorization = `Bearer ${await this.token(step.as)}`;
    }
    const body = this.bodyOf(step);
    return this.tenant.fetch(`https://${this.tenant.domain}${path}`, {
      method,
      headers: {
        // Node's https sends none with a DELETE.
        ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
        ...(step.form && { "content-type": "application/x-www-form-urlencoded" }),
        ...(step.body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body,
    });
  }

  private bodyOf({ body, form, assertion }: Step): string | undefined {
    if (form) {
      const { domain } = this.tenant;
      const signed = assertion && { client_assertion: signAssertion(assertion, domain, this.clock.read()) };
      return new URLSearchParams({ ...form, ...signed }).toString();
    }
    return typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  }

  private async checkToken(
    answer: unknown,
    { client, audience, lifetime = 86_400, alg = "RS256", secret, ...optional }: ExpectedToken,
    where: string,
  ): Promise<void> {
    const jwt = textAt(answer, "access_token", where);
    const { scope, org_id, org_name } = optional;
    const iss = `https://${this.tenant.domain}/`;
    const iat = Math.floor(this.clock.read() / 1000);
    const claims = {
      ...{ iss, sub: `${client}@clients`, aud: audience, iat, exp: iat + lifetime },
      ...{ scope, org_id, org_name, gty: "client-credentials", azp: client },
    };
    const { header, payload } = await this.verify(jwt, alg, secret);
    const expected = Object.entries(claims).filter(([, value]) => value !== undefined);
    expect({ where, claims: Object.entries(payload) }).toEqual({ where, claims: expected });
    const kid = secret === undefined ? { kid: expect.stringMatching(/^\w{21}$/) } : {};
    expect(header).toEqual({ alg, typ: "JWT", ...kid });
    expect(answer).toEqual({
      ...{ access_token: jwt, expires_in: lifetime, token_type: "Bearer" },
      ...(scope !== undefined && { scope }),
    });
  }

  private async verify(jwt: string, alg: Algorithm, secret: string | undefined): Promise<DecodedJwt> {
    const { kid } = decodeHeader(jwt);
    const { keys } = await this.get<{ keys: (JsonWebKey & { kid: string })[] }>("/.well-known/jwks.json");
    const jwk = keys.find((key) => key.kid === kid);
    const key = jwk && createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
    const verifier = createVerifier({
      key: secret ?? String(key),
      algorithms: [alg],
      clockTimestamp: this.clock.read(),
      complete: true,
    });
    return verifier(jwt);
  }

  /** A token for the Management API, of a client that has just these scopes. */
  private async token(scopes?: string[]): Promise<string> {
    const key = scopes?.join(" ") ?? "";
    const known = this.tokens.get(key);
    if (known && known.until > this.clock.read()) return known.token;
    const client = scopes === undefined ? this.tenant : await this.clientWith(scopes);
    const token = await this.requestToken(client.clientId, client.clientSecret);
    this.tokens.set(key, { token, until: this.clock.read() + 86_000_000 });
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

  private async get<T>(path: string): Promise<T> {
    const response = await this.tenant.fetch(`https://${this.tenant.domain}${path}`);
    return (await response.json()) as T;
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

function decodeHeader(jwt: string): { kid?: unknown } {
  return JSON.parse(Buffer.from(jwt.split(".")[0] ?? "", "base64url").toString());
}

function split(request: string): [string, string] {
  const at = request.indexOf(" ");
  return [request.slice(0, at), request.slice(at + 1)];
}

/** Puts variables where `{name}` is; in the path, they are encoded as go-auth0 does it. */
function fill(step: Step, variables: Variables): Step {
  const { request, headers, ...rest } = step;
  const pathValues = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      encodeURIComponent(value).replaceAll("%3A", ":"),
    ]),
  );
  const replaced: Omit<Step, "request" | "headers"> = replace(rest, variables);
  return {
    ...replaced,
    request: replaceText(request, pathValues),
    ...(headers && { headers: fillHeaders(headers, variables) }),
  };
}

/** `Basic {a}:{b}` is encoded as RFC 6749, 2.3.1 has it. */
function fillHeaders(headers: Record<string, string>, variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(replace(headers, variables)).map(([name, value]) => {
      const [, id, secret] = /^Basic ([^:]+):(.+)$/.exec(value) ?? [];
      if (id === undefined || secret === undefined) return [name, value];
      const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
      return [name, `Basic ${Buffer.from(pair).toString("base64")}`];
    }),
  );
}

function replace<T>(value: T, variables: Variables): T;
function replace(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") return replaceText(value, variables);
  if (Array.isArray(value)) return value.map((inner) => replace(inner, variables));
  // Of jest's own: expect.any(...) and such.
  if (typeof value !== "object" || value === null || "asymmetricMatch" in value) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [replaceText(name, variables), replace(inner, variables)]),
  );
}

/** `{n}` first: it may be a part of another variable's name. */
const replaceText = (text: string, variables: Variables) =>
  text
    .replaceAll("{n}", variables.n ?? "{n}")
    .replace(/\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);

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
