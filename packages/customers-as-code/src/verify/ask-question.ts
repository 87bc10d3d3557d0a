// Asks the deployed stack one question: gets the token that it needs, sends the request, and waits for what it causes.
import { setTimeout as sleep } from "node:timers/promises";
import { asRecord } from "../problems/record";
import type { LogGroup } from "./aws-resources";
import type { Answer, Caller, GatewayRequest, Question, StackUnderTest, TokenSource } from "./claim";
import { printAnswer, readAccessToken } from "./judge";
import type { HttpAnswer, Send } from "./transport";

export interface Connections {
  send: Send;
  /** When Moesif last saw an organization, in milliseconds since 1970; a reason if it does not say. */
  lastSeen?(organizationId: string): Promise<number | "never" | { unknown: string }>;
  /** Runs the AWS CLI. */
  askAws?(args: readonly string[]): Promise<string>;
  /** How long a log group may take to show a line. */
  logSeconds?: number;
  /** Of the client that Pulumi uses. */
  management?: { clientId: string; clientSecret: string };
  /** How long Moesif may take. */
  moesifSeconds: number;
  /** Between two looks at what takes time. */
  pollSeconds: number;
}

/** The question cannot be asked. */
class NoToken extends Error {}

export class Questioner {
  /** By request, each sent once: a tenant counts tokens, and customers may have a quota. */
  private readonly tokens = new Map<string, Promise<HttpAnswer>>();
  private readonly startedAt = Date.now();

  constructor(
    private readonly stack: StackUnderTest,
    private readonly connections: Connections,
  ) {}

  async ask(question: Question): Promise<Answer> {
    switch (question.to) {
      case "gateway":
        return timed(() => this.callGateway(question));
      case "tenant":
        return timed(() => this.requestToken(question.form));
      case "gateway until":
        return timed(() => this.callUntil(question.request, question.status, question.seconds));
      case "moesif":
        return timed(() => this.awaitEvent(question.organizationId));
      case "logs":
        return timed(() => this.awaitLine(question.group, question.text));
      case "aws":
        return timed(() => this.readAws(question.args));
    }
  }

  private async callGateway(request: GatewayRequest): Promise<HttpAnswer> {
    const { origin, pathname } = new URL(request.baseUrl ?? this.stack.url);
    const { method, path, headers = [], body, protocol, forge = (token) => token } = request;
    const authorization: [string, string][] = request.token
      ? [["Authorization", `Bearer ${forge(await this.getToken(request.token))}`]]
      : [];
    const target = pathname.replace(/\/$/, "") + path;
    return this.connections.send({
      ...{ origin, path: target, method, body, protocol },
      headers: [...authorization, ...headers],
    });
  }

  private callUntil(request: GatewayRequest, status: number, seconds: number): Promise<HttpAnswer> {
    return this.poll(
      () => this.callGateway(request),
      (answer) => answer.status === status,
      seconds,
    );
  }

  /** @returns the first answer that is final, or the last one in that time */
  private async poll(
    look: () => Promise<HttpAnswer>,
    isFinal: (answer: HttpAnswer) => boolean,
    seconds: number,
  ): Promise<HttpAnswer> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await look();
      if (isFinal(answer) || Date.now() >= end) return answer;
      await sleep(this.connections.pollSeconds * 1000);
    }
  }

  /** 404 if Moesif has no new event in time, 503 with the reason if it cannot be asked. */
  private awaitEvent(organizationId: string): Promise<HttpAnswer> {
    const { lastSeen, moesifSeconds } = this.connections;
    const answer = (status: number, text = "") => ({ status, headers: {}, body: Buffer.from(text) });
    const look = async () => {
      const seen = await lastSeen?.(organizationId);
      if (seen === undefined) return answer(503, "Moesif was not asked");
      if (typeof seen === "object") return answer(503, seen.unknown);
      // A log's time has whole seconds.
      return answer(seen !== "never" && seen >= this.startedAt - 1000 ? 200 : 404);
    };
    return this.poll(look, ({ status }) => status !== 404, moesifSeconds);
  }

  /** 404 if the group has no such line in time. */
  private awaitLine({ name, region }: LogGroup, text: string): Promise<HttpAnswer> {
    const { logSeconds = 90 } = this.connections;
    const args = [
      ...["logs", "filter-log-events", "--log-group-name", name, "--region", region, "--max-items", "1"],
      ...["--start-time", String(this.startedAt - 1000), "--filter-pattern", JSON.stringify(text)],
    ];
    const look = async () => {
      const answer = await this.readAws(args);
      const { events } = asRecord(JSON.parse(answer.body.toString()));
      return Array.isArray(events) && events.length > 0 ? answer : { ...answer, status: 404 };
    };
    return this.poll(look, ({ status }) => status !== 404, logSeconds);
  }

  private async readAws(args: readonly string[]): Promise<HttpAnswer> {
    const { askAws } = this.connections;
    if (!askAws) throw new Error("AWS was not asked");
    return { status: 200, headers: {}, body: Buffer.from(await askAws(args)) };
  }

  private async getToken(source: TokenSource): Promise<string> {
    const { customer, suspended, given, domain } = this.stack;
    switch (source.of) {
      case "expired":
        return given.expiredToken ?? "";
      case "customer":
        return this.tokenFor(customer, source.scope);
      case "suspended":
        return this.tokenFor(suspended ?? customer);
      case "management": {
        const { management } = this.connections;
        if (!management) throw new NoToken("AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET are not set");
        const audience = `https://${domain}/api/v2/`;
        // One scope, and only to read: the gateway sees this token.
        return this.tokenFor({ ...management, audience }, "read:organizations");
      }
    }
  }

  private async tokenFor(
    { clientId, clientSecret, audience }: Pick<Caller, "clientId" | "clientSecret" | "audience">,
    scope?: string,
  ): Promise<string> {
    const answer = await timed(() =>
      this.requestToken({
        ...{ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, audience },
        ...(scope !== undefined && { scope }),
      }),
    );
    const token = readAccessToken(answer);
    if (token === undefined)
      throw new NoToken(`the tenant answered ${printAnswer(answer)} instead of a token`);
    return token;
  }

  private requestToken(form: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const key = JSON.stringify(form);
    const answer = this.tokens.get(key) ?? this.postForm(form);
    this.tokens.set(key, answer);
    return answer;
  }

  private postForm(form: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const { origin, pathname } = new URL(this.stack.customer.tokenUrl);
    return this.connections.send({
      ...{ origin, path: pathname, method: "POST" },
      headers: [
        ["Content-Type", "application/x-www-form-urlencoded"],
        ["Accept", "application/json"],
      ],
      body: Buffer.from(new URLSearchParams({ ...form }).toString()),
    });
  }
}

async function timed(run: () => Promise<HttpAnswer>): Promise<Answer> {
  const started = performance.now();
  const answer = await run();
  return { ...answer, seconds: (performance.now() - started) / 1000 };
}
