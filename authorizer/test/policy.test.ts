import * as fc from "fast-check";
import { compileConfig } from "../build/compile";
import type { CompiledConfig, Route } from "../src/config";
import { denyAll, type PolicyDocument, policyFor } from "../src/policy";
import { findRoute, suffices } from "../src/routes";
import { policyAnswer, Running, restEvent, settings, stageArn, stopClock } from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import { makeKey, token } from "../testing/tokens";
import {
  arnOf,
  type Case,
  cases,
  isPermitted,
  largeApis,
  overlappingPath,
  type Request,
  usualPath,
  wildPath,
} from "./apis";

stopClock();

const key = makeKey("key-1");

function compile(routes: Route[]): CompiledConfig {
  return compileConfig(settings(key, { routes }));
}

interface Count {
  sets: number;
  refused: number;
  /** With paths that a policy cannot tell apart in every request. */
  overlapping: number;
  /** Requests that are denied for that, though they are permitted. */
  givenUp: number;
  grouped: number;
  allowed: number;
  denied: number;
  /** Of those with a slash at the end which are permitted. */
  slashed: number;
  lost: number;
  outOfRoom: number;
}

/** Names of stages make policies long, and long ones are shortened by wildcards. */
const stages = [stageArn, `${stageArn}-${"long".repeat(400)}`];

function decideLikeRoutes({ routes, grants, requests }: Case, count: Count): void {
  count.sets += 1;
  let compiled: CompiledConfig;
  try {
    compiled = compile(routes);
  } catch {
    count.refused += 1;
    return;
  }
  const overlaps = compiled.patterns.some(({ usual }) => usual !== undefined);
  if (overlaps) count.overlapping += 1;
  const globs = compiled.patterns.map(({ template }) => template.replaceAll("+", "*"));
  for (const stage of stages) {
    for (const grant of grants) {
      const scopes = new Set(grant);
      const document = policyFor(compiled, scopes, stage);
      if (isGrouped(document, globs)) count.grouped += 1;
      for (const request of requests) {
        const permitted = isPermitted(compiled.routes, scopes, request);
        if (permitted === undefined) continue;
        count[permitted ? "allowed" : "denied"] += 1;
        const allowed = isAllowed(document, arnOf(request, stage));
        // With a slash at the end, what is permitted is denied only if a policy cannot tell it apart, or has no room.
        const isSlashed = permitted && request.path.endsWith("/");
        if (isSlashed) count[allowed ? "slashed" : stage === stageArn ? "lost" : "outOfRoom"] += 1;
        const isGivenUp = overlaps && permitted && !allowed && hasWordAsParameter(compiled.routes, request);
        if (isGivenUp && !isSlashed) count.givenUp += 1;
        if (allowed !== permitted && !isSlashed && !isGivenUp)
          throw new Error(JSON.stringify({ grant, request, permitted, allowed, document }));
      }
    }
  }
}

/** Whether a parameter of the request's route has a value that is a fixed part of some path. */
function hasWordAsParameter(routes: readonly Route[], { method, path }: Request): boolean {
  const words = routes.flatMap((route) => route.path.split("/")).filter((part) => !part.startsWith("{"));
  const parts = findRoute(routes, method, path)?.path.split("/") ?? [];
  const values = path.split("/");
  return parts.some((part, index) => /^\{.*[^+]\}$/.test(part) && words.includes(values[index] ?? ""));
}

/** Whether a wildcard stands for several patterns. */
function isGrouped({ Statement }: PolicyDocument, globs: string[]): boolean {
  return Statement.flatMap(({ Resource = [], NotResource = [] }) => [...Resource, ...NotResource])
    .map((resource) => resource.split("/").slice(2).join("/"))
    .some((path) => path !== "*" && !globs.includes(path));
}

/** Fewer where the tests run two thousand times (jest.mutation.config.js). */
const share = (globalThis as { propertyShare?: number }).propertyShare ?? 1;

describe("a policy decides each request of each route as the route's scopes do", () => {
  const count = () => ({
    sets: 0,
    refused: 0,
    overlapping: 0,
    givenUp: 0,
    grouped: 0,
    allowed: 0,
    denied: 0,
    slashed: 0,
    lost: 0,
    outOfRoom: 0,
  });

  it("where the paths are as APIs have them", () => {
    const counted = count();
    fc.assert(
      fc.property(cases(usualPath()), (example) => decideLikeRoutes(example, counted)),
      { seed: 20260701, numRuns: 700 * share },
    );
    expect(counted.sets).toBe(700 * share);
    expect(counted.refused).toBeLessThan(35 * share);
    expect(counted.grouped).toBeGreaterThan(100 * share);
    expect(counted.allowed).toBeGreaterThan(10_000 * share);
    expect(counted.denied).toBeGreaterThan(10_000 * share);
    expect(counted.slashed).toBeGreaterThan(5_000 * share);
    expect(counted.lost).toBeLessThan(counted.slashed / 1_000);
    expect(counted.outOfRoom).toBeLessThan(counted.slashed / 20);
  });

  // Such as /{service}/{product}/{id} beside /accounts/{id}: only requests for a service with the name "accounts" are given up.
  it("where paths overlap, except for requests whose parameter is a word of another path", () => {
    const counted = count();
    fc.assert(
      fc.property(cases(overlappingPath()), (example) => decideLikeRoutes(example, counted)),
      { seed: 20261130, numRuns: 300 * share },
    );
    expect(counted.refused).toBeLessThan(6 * share);
    expect(counted.overlapping).toBeGreaterThan(5 * share);
    expect(counted.givenUp).toBeGreaterThan(0);
    expect(counted.givenUp).toBeLessThan(counted.allowed / 50);
    expect(counted.allowed).toBeGreaterThan(2_000 * share);
    expect(counted.denied).toBeGreaterThan(5_000 * share);
  });

  it("where variables and greedy parts are anywhere", () => {
    const counted = count();
    fc.assert(
      fc.property(cases(wildPath()), (example) => decideLikeRoutes(example, counted)),
      { seed: 20260702, numRuns: 400 * share },
    );
    expect(counted.sets).toBe(400 * share);
    expect(counted.refused).toBeLessThan(200 * share);
    expect(counted.grouped).toBeGreaterThan(20 * share);
    expect(counted.allowed).toBeGreaterThan(5_000 * share);
    expect(counted.denied).toBeGreaterThan(5_000 * share);
    expect(counted.slashed).toBeGreaterThan(1_000 * share);
    expect(counted.lost).toBeLessThan(counted.slashed / 100);
  });
});

// A REST API finds the route by the path as it came, and its backend may decode it, once or twice.
describe("a policy denies each request that its backend may read as one which it denies", () => {
  const encodings = [
    "%2F",
    "%2f",
    "%5C",
    "%252F",
    "%252f",
    "%255C",
    "%2e%2e",
    "%2E",
    "..",
    ".",
    "%61",
    "%63",
  ];
  const harmless = ["%20", "%C3%BC", "%40", "%3A", "%7C"];
  const value = fc.oneof(
    fc.tuple(
      fc.constantFrom("a", "c", "1", ""),
      fc.constantFrom(...encodings),
      fc.constantFrom("ab", "c", ""),
    ),
    fc.tuple(fc.constantFrom("a", "1"), fc.constantFrom(...harmless), fc.constantFrom("ab", "")),
  );
  /** A case whose requests have encoded characters somewhere. */
  const encoded = (path: fc.Arbitrary<string>, allows: fc.Arbitrary<boolean>) =>
    fc.tuple(cases(path), fc.array(fc.tuple(value, fc.nat()), { minLength: 24, maxLength: 24 }), allows).map(
      ([{ routes, grants, requests }, values, allowsSlashes]): Case => ({
        routes: routes.map((route, index) =>
          allowsSlashes && index === 0 ? { ...route, encodedSlashes: true } : route,
        ),
        grants,
        requests: requests.map(({ method, path: plain }, index) => {
          const [parts = [], at = 0] = values[index] ?? [];
          const segments = plain.split("/");
          segments[1 + (at % (segments.length - 1))] = parts.join("");
          return { method, path: segments.join("/") };
        }),
      }),
    );
  const decode = (path: string) =>
    path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  /** As a backend may have it: decoded once, decoded twice, with backslashes for slashes. */
  const readings = (path: string) =>
    [decode(path), decode(decode(path))].flatMap((one) => [one, one.replaceAll("\\", "/")]);

  it.each([
    ["usual", usualPath(), 250],
    ["wild", wildPath(), 150],
  ])("where the paths are %s", (_, path, runs) => {
    const counted = { sets: 0, denied: 0, harmless: 0, slashes: 0 };
    const property = ({ routes, grants, requests }: Case) => {
      let compiled: CompiledConfig;
      try {
        compiled = compile(routes);
      } catch {
        return;
      }
      counted.sets += 1;
      for (const grant of grants) {
        const scopes = new Set(grant);
        const document = policyFor(compiled, scopes, stageArn);
        for (const request of requests) {
          const route = findRoute(compiled.routes, request.method, request.path);
          const allowed = isAllowed(document, arnOf(request, stageArn));
          const permitted = isPermitted(compiled.routes, scopes, request);
          // API Gateway would not ask.
          if (permitted === undefined) continue;
          if (allowed && !permitted) throw new Error(JSON.stringify({ grant, request, document }));
          if (!permitted) continue;
          const read = readings(request.path).map((at) => at.replace(/(?<=.)\/+$/, ""));
          const isRisky = read.some((at) => {
            if (/\/\/|\/\.\.?(\/|$)/.test(at)) return true;
            const other = findRoute(compiled.routes, request.method, at);
            if (route?.encodedSlashes || other === route) return false;
            return other !== undefined && !suffices(scopes, other);
          });
          if (isRisky) {
            counted.denied += 1;
            // What says that it takes encoded slashes may get two, and an empty part.
            if (allowed && !route?.encodedSlashes)
              throw new Error(JSON.stringify({ grant, request, document }));
          } else if (
            read.every((at) => at.split("/").length === request.path.replace(/\/$/, "").split("/").length)
          ) {
            const isEncodedFor = /^[^%]*(%(20|C3|BC|40|3A|7C)[^%]*)+$/.test(request.path);
            if (isEncodedFor && !request.path.endsWith("/")) {
              counted.harmless += 1;
              if (!allowed) throw new Error(JSON.stringify({ what: "lost", grant, request, document }));
            }
          } else if (allowed) counted.slashes += 1;
        }
      }
    };
    fc.assert(fc.property(encoded(path, fc.boolean()), property), {
      seed: 20260901,
      numRuns: runs * share,
      endOnFailure: true,
    });
    expect(counted.sets).toBeGreaterThan(50 * share);
    expect(counted.denied).toBeGreaterThan(50 * share);
    expect(counted.harmless).toBeGreaterThan(200 * share);
    expect(counted.slashes).toBeGreaterThan(5 * share);
  });
});

describe.each(largeApis)("a policy for 300 routes of %s", (_, routes) => {
  // In the first test: what runs before the tests, mutation testing cannot attribute.
  let compiled: CompiledConfig | undefined;
  const all = [...new Set(routes.flatMap(({ scopes }) => scopes.flat()))];
  const requests = routes.flatMap((route) => requestsOf(route, routes));

  it.each<[string, (scope: string, index: number) => boolean]>([
    ["no scope", () => false],
    ["one scope", (_, index) => index === 5],
    ["a few scopes", (_, index) => index < 6],
    ["the first half of the scopes", (_, index) => index < all.length / 2],
    ["the scopes of every second resource", (_, index) => index % 4 < 2],
    ["all scopes to read", (scope) => scope.startsWith("read:")],
    ["all scopes to write", (scope) => scope.startsWith("write:")],
    ["all scopes but one", (_, index) => index !== 7],
    ["all scopes", () => true],
  ])("stays well under 8 KB for a token with %s, and is right", (_, isGranted) => {
    const scopes = new Set(all.filter(isGranted));
    compiled ??= compile(routes);
    const document = policyFor(compiled, scopes, stageArn);
    expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(7_000);
    const wrong = requests.filter(
      (request) => isAllowed(document, arnOf(request, stageArn)) !== isPermitted(routes, scopes, request),
    );
    expect(wrong).toEqual([]);
    const slashed = requests.map(({ method, path }) => ({ method, path: `${path}/` }));
    const lost = slashed.filter(
      (request) => isAllowed(document, arnOf(request, stageArn)) !== isPermitted(routes, scopes, request),
    );
    // Those that there is no more room for.
    expect(lost.filter((request) => isPermitted(routes, scopes, request) !== true)).toEqual([]);
    const bytes = JSON.stringify(document).length;
    if (lost.length > 0) expect(bytes).toBeGreaterThan(6_000);
  });
});

/** A usual one, and one whose variables have the names of the API's resources. */
function requestsOf({ method, path }: Route, routes: Route[]): Request[] {
  const names = routes.map((route) => route.path.split("/").find((part) => /^[a-z-]{3,}$/.test(part)) ?? "");
  return [() => "1", (index: number) => names[(index * 7) % names.length] ?? ""].map((value) => ({
    method,
    path: path.replace(/\{.*?\}/g, (_, index) => value(index)),
  }));
}

describe("a policy", () => {
  const api = [
    { method: "GET", path: "/orders", scopes: [["read"]] },
    { method: "GET", path: "/orders/{id}", scopes: [["read"]] },
    { method: "GET", path: "/orders/{id}/invoice", scopes: [["read", "invoices"], ["admin"]] },
    { method: "ANY", path: "/files/{path+}", scopes: [["files"]] },
  ];
  /** What no token may: paths that a backend may read as others. Its greedy operation takes encoded slashes. */
  const ambiguous = [
    ..."*//* */. */.. */./* */../* *%2E* *%2e* *..%* *%*..*".split(" "),
    ..."*/files*/%2F* */files*%2F/* */files*%2F%2* */files*/%2f* */files*%2f/* */files*%2f%2*".split(" "),
  ];
  const slashes = ["*%5C*", "*%5c*", "*%252*", "*%255*"];
  const ofOrders = ["GET/orders/*%2F*", "GET/orders/*%2f*"];
  const of = (routes: Route[], scopes: string[]) => policyFor(compile(routes), new Set(scopes), stageArn);

  it("allows what one alternative suffices for, and denies within it what needs more", () => {
    expect(of(api, ["read"])).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Action: "execute-api:Invoke",
          Effect: "Allow",
          Resource: [
            "arn:aws:execute-api:*:*:abc123def4/prod/GET/orders",
            "arn:aws:execute-api:*:*:abc123def4/prod/GET/orders/",
            "arn:aws:execute-api:*:*:abc123def4/prod/GET/orders/*",
          ],
        },
        {
          Action: "execute-api:Invoke",
          Effect: "Deny",
          Resource: [
            "arn:aws:execute-api:*:*:abc123def4/prod/GET/orders/*/invoice",
            "arn:aws:execute-api:*:*:abc123def4/prod/GET/orders/*/invoice/",
            ...ambiguous.map((path) => `arn:aws:execute-api:*:*:${path}`),
            ...ofOrders.map((path) => `arn:aws:execute-api:*:*:abc123def4/prod/${path}`),
            ...slashes.map((path) => `arn:aws:execute-api:*:*:${path}`),
          ],
        },
      ],
    });
  });

  // A REST API sends them to the same resource, with the slash in the ARN (floci-io/floci#1863).
  it("allows the same requests with a slash at the end, and denies those that it denies without", () => {
    const requests = ["GET /orders", "GET /orders/7", "GET /orders/7/invoice", "GET /files/a/b"];
    const routes = [...api, { method: "GET", path: "/me", scopes: [[]] }];
    for (const scopes of [["read"], ["read", "invoices"], ["admin"], ["files"], []]) {
      const document = of(routes, scopes);
      for (const request of [...requests, "GET /me"]) {
        const [method = "", path = ""] = request.split(" ");
        const decide = (at: string) => isAllowed(document, arnOf({ method, path: at }, stageArn));
        expect([scopes, `${request}/`, decide(`${path}/`)]).toEqual([scopes, `${request}/`, decide(path)]);
      }
    }
  });

  // A REST API serves them as if each were one slash, and asks about the path as it came (localstack/localstack#11253).
  it.each([
    ["/{proxy+}", "/admin", "GET //admin"],
    ["/{proxy+}", "/admin", "GET /admin//"],
    ["/orders/{id}", "/orders", "GET /orders//"],
    ["/{tenant}/orders", "/orders", "GET //orders"],
  ])("of %s is no way round that of %s by %s", (permitted, other, request) => {
    const routes = [permitted, other].map((path) => ({ method: "GET", path, scopes: [[path]] }));
    const [method = "", path = ""] = request.split(" ");
    for (const scopes of [[permitted], [other], [permitted, other]]) {
      expect(isAllowed(of(routes, scopes), arnOf({ method, path }, stageArn))).toBe(false);
      // If AWS asked about one slash instead, which no recording shows, the other operation's scopes would decide.
      const single = arnOf({ method, path: path.replace(/\/+/g, "/") }, stageArn);
      if (path !== "/orders//") expect(isAllowed(of(routes, scopes), single)).toBe(scopes.includes(other));
    }
  });

  it("leaves out what a wider one covers, and lists the shorter first, then by the alphabet", () => {
    const routes = ["PUT /aa", "POST /b", "GET /orders/{id}", "GET /orders/{id}/lines"].map((request) => {
      const [method = "", path = ""] = request.split(" ");
      return { method, path, scopes: [["all"]] };
    });
    const [allow] = of(routes, ["all"]).Statement;
    expect(allow?.Resource?.map((resource) => resource.split("/prod/")[1])).toEqual([
      "POST/b",
      "PUT/aa",
      "POST/b/",
      "PUT/aa/",
      "GET/orders/*",
    ]);
  });

  it("allows a slash at the end, and denies what its wildcards match beside", () => {
    const routes = [
      { method: "GET", path: "/{a}/x", scopes: [["x"]] },
      { method: "GET", path: "/{a}/{b}/x", scopes: [["y"]] },
    ];
    const allowed = (scopes: string[]) => {
      const document = of(routes, scopes);
      return ["/1/x", "/1/x/", "/1/2/x", "/1/2/x/"].filter((path) =>
        isAllowed(document, arnOf({ method: "GET", path }, stageArn)),
      );
    };
    expect(allowed(["x"])).toEqual(["/1/x", "/1/x/"]);
    expect(allowed(["x", "y"])).toEqual(["/1/x", "/1/x/", "/1/2/x", "/1/2/x/"]);
  });

  it("keeps the partition and the stage, and any API's id", () => {
    const { Statement } = policyFor(
      compile(api),
      new Set(["admin"]),
      "arn:aws-cn:execute-api:cn-north-1:123456789012:xyz/$default",
    );
    expect(Statement.map(({ Resource }) => Resource)).toEqual([
      [
        "arn:aws-cn:execute-api:*:*:xyz/$default/GET/orders/*/invoice",
        "arn:aws-cn:execute-api:*:*:xyz/$default/GET/orders/*/invoice/",
      ],
      [
        ...ambiguous.map((path) => `arn:aws-cn:execute-api:*:*:${path}`),
        ...ofOrders.map((path) => `arn:aws-cn:execute-api:*:*:xyz/$default/${path}`),
        ...slashes.map((path) => `arn:aws-cn:execute-api:*:*:${path}`),
      ],
    ]);
  });

  it("denies everything to a token without scopes that suffice anywhere", () => {
    expect(of(api, ["read:orders"])).toEqual(denyAll(stageArn));
    expect(of([], ["read"])).toEqual(denyAll(stageArn));
  });

  it("is the same for any order of the routes, their alternatives and the token's scopes", () => {
    const routes = largeApis.filter((_, index) => index !== 2).flatMap(([, all]) => all.slice(0, 48));
    const mixed = [...routes]
      .reverse()
      .sort((a, b) => a.method.length - b.method.length)
      .map((route) => ({ ...route, scopes: [...route.scopes].reverse() }));
    const scopes = routes.flatMap((route) => route.scopes.flat()).filter((_, index) => index % 3 === 0);
    const text = JSON.stringify(of(routes, scopes));
    expect(JSON.stringify(of(mixed, [...scopes].reverse()))).toBe(text);
    expect(JSON.stringify(of(routes, scopes))).toBe(text);
    expect(text.length).toBeGreaterThan(1_000);
  });

  it("is the same for whatever request brings the token", async () => {
    const answers = new Set<string>();
    for (const request of ["GET /orders", "POST /orders", "DELETE /orders/1", "GET /", "PUT /unheard/of"]) {
      const { handler } = new Running(settings(key));
      const answer = policyAnswer(await handler(restEvent(`Bearer ${token(key)}`, request)));
      answers.add(JSON.stringify(answer));
    }
    expect(answers.size).toBe(1);
  });
});

describe("a policy for one who may do nothing", () => {
  it.each([
    ["an organization", { organizations: ["org_Acme1"], clients: [], tokens: [] }],
    ["a client", { organizations: [], clients: ["acmeCi"], tokens: [] }],
  ])("denies the whole API, explicitly: %s", async (_, suspended) => {
    const running = new Running(settings(key, { suspended }));
    const { policyDocument } = policyAnswer(await running.handler(restEvent(`Bearer ${token(key)}`)));
    expect(policyDocument.Statement).toEqual([
      {
        Action: "execute-api:Invoke",
        Effect: "Deny",
        Resource: ["arn:aws:execute-api:*:*:abc123def4/prod/*"],
      },
    ]);
  });
});
