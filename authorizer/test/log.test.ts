// The log: one line for each decision, which CloudWatch reads as metrics too.
import { failureLine, metricsNamespace } from "../src/log";
import {
  type Line,
  pass,
  Running,
  restEvent,
  serveInTests,
  settings,
  stageArn,
  stopClock,
} from "../testing/fixture";
import { audience, issuer, makeKey, now, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const good = token(key, { jti: "jti-1" });
const start = (name = "orders") => new Running(settings(key, { name }));

const serve = serveInTests();

/** Answers of every class. */
const events: [string, unknown][] = [
  ["allowed", restEvent(`Bearer ${good}`)],
  ["insufficient_scope", restEvent(`Bearer ${good}`, "DELETE /orders/1")],
  ["organization_suspended", restEvent(`Bearer ${token(key, { org_id: "org_Suspended" })}`)],
  ["token_expired", restEvent(`Bearer ${token(key, { exp: now - 60 })}`)],
  ["token_missing", restEvent("")],
  ["token_malformed", restEvent("Bearer a.b.c")],
  ["event_unknown", { Records: [] }],
];

async function decide(running: Running, event: unknown): Promise<Line> {
  await running.handler(event).catch(() => {});
  return running.decision;
}

describe("a decision", () => {
  const suspended = { organizations: ["org_Suspended"], clients: [], tokens: [] };
  it.each(events)("has exactly one line, a metrics document: %s", async (reason, event) => {
    const running = new Running(settings(key, { suspended }));
    for (const count of [1, 2, 3]) {
      const line = await decide(running, event);
      expect(running.lines).toHaveLength(count);
      expect(line.Reason).toBe(reason);
      expect(metricsProblems(line)).toEqual([]);
    }
  });

  it("says who asked for what, and how it was decided", async () => {
    expect(await decide(start(), restEvent(`Bearer ${good}`, "GET /orders/a b"))).toEqual({
      _aws: { Timestamp: now * 1000, CloudWatchMetrics: expect.any(Array) },
      Api: "orders",
      Reason: "insufficient_scope",
      Decisions: 1,
      DecisionTime: expect.any(Number),
      KeysAge: 0,
      ColdStarts: 1,
      org_id: "org_Acme1",
      client_id: "acmeCi",
      token_id: expect.stringMatching(/^[\w-]{43}$/),
      method: "GET",
      path: "/orders/a b",
    });
  });

  it("says why a token is refused, and does not believe what it says of its bearer", async () => {
    const line = await decide(start(), restEvent(`Bearer ${token(key, { exp: now - 60 })}`));
    expect(line).toMatchObject({ Reason: "token_expired", message: "the token has expired" });
    for (const name of ["org_id", "client_id", "token_id"]) expect(line).not.toHaveProperty(name);
  });

  it("says nothing of a request that it could not read", async () => {
    const line = await decide(start(), { Records: [] });
    for (const name of ["method", "path", "org_id"]) expect(line).not.toHaveProperty(name);
  });
});

describe("the metrics", () => {
  it("are named once and for all, since alarms hang on the names", async () => {
    const { _aws } = await decide(start(), restEvent(`Bearer ${good}`));
    expect(metricsNamespace).toBe("CustomersAsCode/Authorizer");
    expect(_aws).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [["Api", "Reason"]],
          Metrics: [{ Name: "Decisions", Unit: "Count" }],
        },
        {
          Namespace: metricsNamespace,
          Dimensions: [["Api"]],
          Metrics: [
            { Name: "DecisionTime", Unit: "Microseconds" },
            { Name: "KeysAge", Unit: "Seconds" },
            { Name: "ColdStarts", Unit: "Count" },
          ],
        },
      ],
    });
  });

  it("count a cold start once, be the first decision a refusal or a fault", async () => {
    for (const [, first] of events) {
      const running = start();
      for (const event of [first, ...events.map(([, event]) => event)]) await decide(running, event);
      expect(running.decisions.map(({ ColdStarts }) => ColdStarts)).toEqual([1, ...events.map(() => 0)]);
    }
  });

  it("give the keys' age in whole seconds since they were had", async () => {
    const running = start();
    expect((await decide(running, events[0]?.[1])).KeysAge).toBe(0);
    pass(299.4);
    expect((await decide(running, events[0]?.[1])).KeysAge).toBe(299);
    expect((await decide(running, events[4]?.[1])).KeysAge).toBe(299);
  });

  it("give the age of the oldest keys, where there are several issuers", async () => {
    const source = await serve((_, response) => response.end(JSON.stringify({ keys: [key.jwk] })));
    const jwks = { keys: [key.jwk] };
    const running = new Running(settings(key), [
      { kind: "auth0", issuer, audience, jwks, jwksUri: source.url },
      { kind: "other", issuer: "https://rarely.example", audience, jwks },
    ]);
    pass(1_000);
    expect(await running.ask(good)).toEqual([200, "allowed"]);
    expect(source.requests).toHaveLength(1);
    expect(running.decision.KeysAge).toBe(1_000);
  });

  it("give the time that the decision took in whole microseconds, a wait included", async () => {
    const source = await serve((_, response) => response.end(JSON.stringify({ keys: [key.jwk] })));
    const running = new Running(settings(key), [{ kind: "auth0", issuer, audience, jwksUri: source.url }]);
    const measured = jest.spyOn(performance, "now");
    measured.mockReturnValueOnce(10).mockReturnValueOnce(12.3456);
    expect(await running.ask(good)).toEqual([200, "allowed"]);
    measured.mockRestore();
    expect(running.decision.DecisionTime).toBe(2_346);
  });

  it.each([
    ["Bestellübersicht", "Bestell\\u00fcbersicht"],
    ["订单", "\\u8ba2\\u5355"],
    ["Orders\r\n\t", "Orders\\u000d\\u000a\\u0009"],
    ["", "API"],
    ["  ", "API"],
    [" Orders ", "Orders"],
  ])("have a dimension that CloudWatch takes, whatever the API's name: %j", async (name, dimension) => {
    const line = await decide(start(name), restEvent(`Bearer ${good}`));
    expect(line.Api).toBe(dimension);
    expect(metricsProblems(line)).toEqual([]);
  });

  it("have a dimension that CloudWatch takes, however long the API's name", async () => {
    const line = await decide(start("x".repeat(2_000)), restEvent(`Bearer ${good}`));
    expect(line.Api).toBe("x".repeat(1_024));
  });
});

describe("what a client wrote", () => {
  const forged = '{"Reason":"allowed"}';
  it.each([
    `\n${forged}\n`,
    `\r\n${forged}`,
    `\u2028${forged}\u2029${forged}`,
    `\u0085${forged}\v\f${forged}`,
    `"}\n${forged}`,
    '","Reason":"allowed","x":"',
    "\\",
    "\u009b2J\u001b[2J\u007f\0",
    "😀é\ud800",
    "../%0a%0d",
  ])("begins no line, ends no text and commands no terminal: %j", async (text) => {
    const running = start();
    const event = {
      type: "TOKEN",
      methodArn: `${stageArn}/GET/${text}`,
      authorizationToken: `Bearer ${text}`,
    };
    await decide(running, event);
    expect(running.lines).toHaveLength(1);
    expect(running.lines[0]).toMatch(/^\{[ -~]*\}$/);
    expect(running.decision).toMatchObject({ path: `/${text}`, method: "GET" });
    expect(running.decision.Reason).toMatch(/^token_(missing|malformed)$/);
    expect(metricsProblems(running.decision)).toEqual([]);
  });

  it("is cut where it is long, within a character too", async () => {
    const running = start();
    const path = `/${"x".repeat(510)}😀${"y".repeat(5_000)}`;
    const line = await decide(running, restEvent("", `GET ${path}`));
    expect(line.path).toBe(path.slice(0, 512));
    expect(Buffer.byteLength(running.lines[0] ?? "")).toBeLessThan(2_000);
  });
});

describe("no line", () => {
  it.each<[string, (token: string) => string]>([
    ["good", (token) => token],
    ["without signature", (token) => token.slice(0, token.lastIndexOf("."))],
    [
      "with another signature",
      (token) => token.replace(/[^.]+$/, (signature) => [...signature].reverse().join("")),
    ],
    ["with a broken payload", (token) => token.replace(/\..+\./, (payload) => `${payload.slice(0, -5)}.`)],
    ["with a broken header", (token) => token.slice(7)],
    ["twice", (token) => `${token},${token}`],
    ["too long", (token) => token.repeat(20)],
  ])("holds a token %s, or a part of it", async (_, change) => {
    const running = start();
    const secret = token(key, {
      jti: "jti-secret",
      sub: "subSecret@clients",
      azp: "subSecret",
      extra: "claim-secret",
    });
    await decide(running, restEvent(`Bearer ${change(secret)}`));
    await decide(running, restEvent(change(secret)));
    expect(running.lines).toHaveLength(2);
    const [header = "", payload = "", signature = ""] = secret.split(".");
    // The client is named where it is known.
    for (const line of running.lines) {
      for (const part of [
        header.slice(7, 30),
        payload.slice(0, 20),
        payload.slice(-20),
        signature.slice(0, 20),
      ]) {
        expect(line).not.toContain(part);
      }
      expect(line).not.toMatch(/jti-secret|claim-secret|subSecret@/);
    }
  });
});

describe("a fetch that failed", () => {
  it("has a line of its own before the decision's, with level, time and cause", async () => {
    const source = await serve((_, response) => response.writeHead(503).end("key-1"));
    const running = new Running(settings(key), [{ kind: "auth0", issuer, audience, jwksUri: source.url }]);
    expect(await running.ask(good)).toEqual([500, "keys_unavailable"]);
    const cause = `${new URL(source.url).origin}: answered with status 503`;
    const [failure, decision, ...more] = running.lines.map((line): unknown => JSON.parse(line));
    expect(failure).toEqual({
      time: new Date(now * 1000).toISOString(),
      level: "WARN",
      event: "fetch_failed",
      message: cause,
    });
    expect(decision).toMatchObject({
      Reason: "keys_unavailable",
      message: `what is there is too old, and fetching it failed: ${cause}`,
    });
    expect(more).toEqual([]);
  });

  it("does not quote the list of suspensions, however broken that is", async () => {
    const source = await serve((_, response) => response.end('{"clients":["clientSecret",]}'));
    const { AWS_ENDPOINT_URL_S3 } = process.env;
    process.env.AWS_ENDPOINT_URL_S3 = source.url;
    try {
      const liveSuspensions = { kind: "s3", bucket: "lists", key: "suspended.json" } as const;
      const running = new Running(settings(key, { liveSuspensions }));
      expect(await running.ask(good)).toEqual([500, "suspensions_unavailable"]);
      expect(running.failures).toHaveLength(1);
      expect(running.lines.join()).not.toContain("Secret");
    } finally {
      if (AWS_ENDPOINT_URL_S3 === undefined) delete process.env.AWS_ENDPOINT_URL_S3;
      else process.env.AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL_S3;
    }
  });

  it("is no metric", () => {
    expect(JSON.parse(failureLine(new Error("x"), now * 1000))).not.toHaveProperty("_aws");
  });

  it.each<[unknown, string]>([
    [new Error('two\nlines "quoted" \u2028'), 'two\nlines "quoted" \u2028'],
    ["a text", "a text"],
    [undefined, "undefined"],
  ])("is one line whatever was thrown: %j", (error, message) => {
    const line = failureLine(error, now * 1000);
    expect(line).toMatch(/^\{[ -~]*\}$/);
    expect(JSON.parse(line)).toMatchObject({ message });
  });
});

/**
 * What CloudWatch would not take for metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricsProblems(line: Line): string[] {
  const { _aws: metadata } = line;
  if (!isRecord(metadata)) return ["_aws is no object"];
  const problems = extraMembers("_aws", metadata, ["Timestamp", "CloudWatchMetrics"]);
  const { Timestamp, CloudWatchMetrics } = metadata;
  // Milliseconds: no more than two weeks old, nor two hours ahead.
  if (!Number.isInteger(Timestamp) || Math.abs(Number(Timestamp) - Date.now()) > 7_200_000) {
    problems.push(`Timestamp: ${Timestamp}`);
  }
  if (!Array.isArray(CloudWatchMetrics) || CloudWatchMetrics.length === 0) {
    return [...problems, "CloudWatchMetrics is no list"];
  }
  return [...problems, ...CloudWatchMetrics.flatMap((directive) => directiveProblems(directive, line))];
}

function directiveProblems(directive: unknown, line: Line): string[] {
  if (!isRecord(directive)) return ["a directive is no object"];
  const { Namespace, Dimensions, Metrics } = directive;
  const problems = extraMembers("directive", directive, ["Namespace", "Dimensions", "Metrics"]);
  if (typeof Namespace !== "string" || !/^[\w.#:/-]{1,255}$/.test(Namespace)) problems.push("Namespace");
  if (!Array.isArray(Dimensions) || Dimensions.length === 0) return [...problems, "Dimensions is no list"];
  if (!Array.isArray(Metrics) || Metrics.length === 0 || Metrics.length > 100) {
    return [...problems, "Metrics is no list of up to 100"];
  }
  const dimensions = Dimensions.flatMap((set) =>
    Array.isArray(set) && set.length <= 30
      ? set.flatMap((name) => dimensionProblems(name, line))
      : ["a set of dimensions is no list of up to 30"],
  );
  return [...problems, ...dimensions, ...Metrics.flatMap((metric) => metricProblems(metric, line))];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html */
function dimensionProblems(name: unknown, line: Line): string[] {
  if (typeof name !== "string" || !/^(?!:)[ -~]{1,250}$/.test(name)) return [`dimension ${name}`];
  const { [name]: value } = line;
  const isGood = typeof value === "string" && /^(?=.*[!-~])[ -~]{1,1024}$/.test(value);
  return isGood ? [] : [`dimension ${name} is ${value}`];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const units = (() => {
  const sizes = ["Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"];
  const bits = ["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"];
  const rates = [...sizes, ...bits, "Count"];
  const times = ["Seconds", "Microseconds", "Milliseconds"];
  return [...times, ...rates, ...rates.map((unit) => `${unit}/Second`), "Percent", "None"];
})();

function metricProblems(metric: unknown, line: Line): string[] {
  if (!isRecord(metric)) return ["a metric is no object"];
  const problems = extraMembers("metric", metric, ["Name", "Unit"]);
  const { Name, Unit } = metric;
  if (typeof Name !== "string") return [...problems, `metric ${Name}`];
  if (typeof line[Name] !== "number") problems.push(`metric ${Name} is ${line[Name]}`);
  if (typeof Unit !== "string" || !units.includes(Unit)) problems.push(`unit ${Unit}`);
  return problems;
}

/** None but the specification's. */
function extraMembers(what: string, object: Record<string, unknown>, names: string[]): string[] {
  return Object.keys(object)
    .filter((name) => !names.includes(name))
    .map((name) => `${what}: ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
