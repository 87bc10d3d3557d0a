// One of the two tenants that are compared: sends it requests as its Management API's client, within its rate limits.
import { setTimeout as sleep } from "node:timers/promises";
import type { CompareStep } from "./compare-rows";

export interface TenantAccess {
  domain: string;
  clientId: string;
  clientSecret: string;
  fetch: typeof fetch;
}

export interface TenantAnswer {
  status: number;
  /** Of an access token, the claims as well. */
  body: unknown;
}

/** The Management API asks to wait until a second that it names; more patience than this is not worth the run. */
const mostAttempts = 6;
const mostSeconds = 60;

export class ComparedTenant {
  private variables: Record<string, string> = {};
  private token: string | undefined;

  constructor(readonly access: TenantAccess) {}

  /** Forgets what was saved. */
  begin(variables: Readonly<Record<string, string>>): void {
    this.variables = { ...variables };
  }

  /** Variables of the step that nothing was saved for, since an earlier request was refused. */
  findMissing(step: CompareStep): string[] {
    const named = [...JSON.stringify(step).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    return [...new Set(named)].filter((name) => this.variables[name] === undefined);
  }

  /** Puts in the variables, and saves those of the answer. */
  async take(step: CompareStep): Promise<TenantAnswer> {
    const filled = this.fill(step);
    const [method = "", path = ""] = filled.request.split(" ");
    const answer = await (filled.form ? this.post(path, filled.form) : this.call(method, path, filled.body));
    for (const [variable, property] of Object.entries(step.save ?? {})) {
      const value = propertyOf(answer.body, property);
      // Kept if this answer refuses: what was made before is still there.
      if (typeof value === "string") this.variables[variable] = value;
    }
    return answer;
  }

  /** @param path with `/api/v2` */
  async call(method: string, path: string, body?: object): Promise<TenantAnswer> {
    this.token ??= await this.getToken();
    return this.send(path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  private async post(path: string, form: Readonly<Record<string, string>>): Promise<TenantAnswer> {
    // A parameter without a value stands for one that is not sent.
    const given = Object.entries(form).filter(([, value]) => value !== "");
    const answer = await this.send(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(given).toString(),
    });
    const token = propertyOf(answer.body, "access_token");
    if (typeof token !== "string" || typeof answer.body !== "object") return answer;
    return { ...answer, body: { ...answer.body, claims: readClaims(token) } };
  }

  private async getToken(): Promise<string> {
    const { domain, clientId, clientSecret } = this.access;
    const { status, body } = await this.post("/oauth/token", {
      ...{ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret },
      audience: `https://${domain}/api/v2/`,
    });
    const token = propertyOf(body, "access_token");
    if (typeof token === "string") return token;
    throw new Error(`${domain} gave no token for its Management API: ${status} ${propertyOf(body, "error")}`);
  }

  private async send(path: string, options: RequestInit): Promise<TenantAnswer> {
    const { domain, fetch } = this.access;
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`https://${domain}${path}`, options);
      const text = await response.text();
      if (response.status !== 429 || attempt === mostAttempts) {
        return { status: response.status, body: parse(text) };
      }
      await sleep(secondsToWait(response.headers) * 1000);
    }
  }

  private fill(step: CompareStep): CompareStep {
    return JSON.parse(
      JSON.stringify(step).replace(/\{(\w+)\}/g, (whole, name: string) =>
        JSON.stringify(this.variables[name] ?? whole).slice(1, -1),
      ),
    );
  }
}

/** `x-ratelimit-reset` is the second from which requests are taken again. */
function secondsToWait(headers: Headers): number {
  const reset = Number(headers.get("x-ratelimit-reset")) - Date.now() / 1000;
  return Math.min(mostSeconds, Math.max(1, Number.isFinite(reset) ? reset : 1));
}

export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function readClaims(token: string): unknown {
  return parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
