// An authorizer in this process, asked as API Gateway asks it, and its answers read as API Gateway reads them.
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { setImmediate } from "node:timers/promises";
import { compileConfig } from "../build/compile";
import type { AuthorizerConfig, IssuerConfig, Route } from "../src/config";
import { createHandler, type Handler, type PolicyAnswer, type SimpleAnswer } from "../src/handler";
import type { Reason } from "../src/reason";
import { isAllowed } from "./iam";
import { audience, issuer, type Key, now } from "./tokens";

export const stageArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123def4/prod";

/** The status that API Gateway's REST APIs answer with, by reason: the published list. */
export const statuses: Record<Reason, 200 | 401 | 403 | 500> = {
  allowed: 200,
  insufficient_scope: 403,
  organization_suspended: 403,
  organization_not_listed: 403,
  client_suspended: 403,
  token_revoked: 403,
  token_missing: 401,
  token_too_large: 401,
  token_malformed: 401,
  header_not_allowed: 401,
  algorithm_not_allowed: 401,
  type_not_allowed: 401,
  issuer_unknown: 401,
  key_unknown: 401,
  signature_invalid: 401,
  audience_mismatch: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  token_lifetime_too_long: 401,
  claim_invalid: 401,
  grant_type_not_allowed: 401,
  keys_unavailable: 500,
  suspensions_unavailable: 500,
  event_unknown: 500,
  internal_error: 500,
};

export const routes: Route[] = [
  { method: "GET", path: "/orders", scopes: [["read:orders"]] },
  { method: "POST", path: "/orders", scopes: [["write:orders"]] },
  { method: "DELETE", path: "/orders/{id}", scopes: [["write:orders", "admin:orders"]] },
  { method: "GET", path: "/me", scopes: [[]] },
];

export function settings(key: Key, changes: Partial<AuthorizerConfig> = {}): AuthorizerConfig {
  return {
    name: "orders",
    // Nobody is there: what fetches keys without a source of its own leaves the machine in peace.
    issuers: [
      { kind: "auth0", issuer, audience, jwks: { keys: [key.jwk] }, jwksUri: "https://localhost:9/" },
    ],
    routes,
    organizations: "any",
    suspended: { organizations: [], clients: [], tokens: [] },
    ...changes,
  };
}

/** A line of the log. */
export type Line = Record<string, unknown>;

export class Running {
  /** As written. */
  readonly lines: string[] = [];
  readonly handler: Handler;

  /** @param issuers take the place of the settings' ones, unchecked: with a JWKS URI of a plain HTTP server */
  constructor(config: AuthorizerConfig, issuers: IssuerConfig[] = config.issuers) {
    this.handler = createHandler({ ...compileConfig(config), issuers }, (line) => this.lines.push(line));
  }

  /** The status that a REST API answers a request with, and the reason in the log. */
  async ask(token: string, request = "GET /orders"): Promise<[status: number, reason: unknown]> {
    return this.answer(restEvent(`Bearer ${token}`, request), request);
  }

  async answer(event: unknown, request = "GET /orders"): Promise<[status: number, reason: unknown]> {
    const status = await this.status(event, request);
    return [status, this.decision.Reason];
  }

  /** The newest decision. */
  get decision(): Line {
    return JSON.parse(this.lines.findLast((line) => line.includes('"Reason"')) ?? "{}");
  }

  get decisions(): Line[] {
    return this.parsed.filter(({ Reason }) => Reason !== undefined);
  }

  /** The fetches that failed. */
  get failures(): Line[] {
    return this.parsed.filter(({ event }) => event === "fetch_failed");
  }

  /** Asks again and again until the newest decision is so: where a fetch in the background has to end first. */
  async askUntil(isSo: (decision: Line) => boolean, token: string): Promise<void> {
    for (let asked = 0; asked < 2_000; asked += 1) {
      await this.ask(token);
      await setImmediate();
      if (isSo(this.decision)) return;
    }
    throw new Error(`it stays so: ${JSON.stringify(this.decision)}`);
  }

  private get parsed(): Line[] {
    return this.lines.map((line) => JSON.parse(line));
  }

  private async status(event: unknown, request: string): Promise<number> {
    let answer: PolicyAnswer | SimpleAnswer;
    try {
      answer = await this.handler(event);
    } catch (error) {
      return error instanceof Error && error.message === "Unauthorized" ? 401 : 500;
    }
    const { policyDocument } = policyAnswer(answer);
    return isAllowed(policyDocument, methodArn(request)) ? 200 : 403;
  }
}

export function policyAnswer(answer: PolicyAnswer | SimpleAnswer): PolicyAnswer {
  if (!("policyDocument" in answer)) throw new Error("the answer has no policy");
  return answer;
}

/** @param request `GET /orders` */
export function methodArn(request: string, stage = stageArn): string {
  return `${stage}/${request.replace(" ", "")}`;
}

export function restEvent(authorizationToken: string, request = "GET /orders"): unknown {
  return { type: "TOKEN", methodArn: methodArn(request), authorizationToken };
}

const fakeable: Parameters<typeof jest.useFakeTimers>[0] = {
  now: now * 1000,
  doNotFake: [
    "hrtime",
    "nextTick",
    "performance",
    "queueMicrotask",
    "setImmediate",
    "clearImmediate",
    "setInterval",
    "clearInterval",
    "setTimeout",
    "clearTimeout",
  ],
};

/** Stops the clock, and only it, in every test of the file; each begins at `now`. */
export function stopClock(): void {
  beforeEach(() => {
    jest.useFakeTimers(fakeable);
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}

/** Sets the clock that far from where it is. */
export function pass(seconds: number): void {
  jest.setSystemTime(Date.now() + seconds * 1000);
}

/** A server on localhost that answers with what the test says, and counts. */
export class Source {
  readonly requests: { request: IncomingMessage; body: string }[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answer: RequestListener): Promise<Source> {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      source.requests.push({ request, body });
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server has no port");
    const source = new Source(server, `http://127.0.0.1:${address.port}/`);
    return source;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Servers for the tests of a file, each stopped after the test that started it. */
export function serveInTests(): (answer: RequestListener) => Promise<Source> {
  const sources: Source[] = [];
  afterEach(() => Promise.all(sources.splice(0).map((source) => source.stop())));
  return async (answer) => {
    const source = await Source.start(answer);
    sources.push(source);
    return source;
  };
}
