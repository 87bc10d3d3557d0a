import { compileConfig, compileRoutes } from "../build/compile";
import type { AuthorizerConfig, Route } from "../src/config";
import { policyFor } from "../src/policy";
import { findRoute } from "../src/routes";
import { routes, settings, stageArn } from "../testing/fixture";
import { isAllowed } from "../testing/iam";
import { audience, issuer, makeKey } from "../testing/tokens";
import { arnOf } from "./apis";

const key = makeKey("key-1");

function problems(changes: Partial<AuthorizerConfig>): string[] {
  try {
    compileConfig(settings(key, changes));
  } catch (error) {
    const [title, ...lines] = String(error).split("\n");
    expect(title).toBe("Error: The authorizer cannot be configured:");
    return lines.map((line) => line.trim());
  }
  return [];
}

const get = (path: string, ...all: string[]): Route => ({ method: "GET", path, scopes: [all] });

describe("settings", () => {
  it("are taken over, with the routes in their order of precedence", () => {
    const config = settings(key, { clockToleranceSeconds: 7 });
    const { patterns, denied, routes: ordered, ...rest } = compileConfig(config);
    const { routes: given, ...others } = config;
    expect(rest).toEqual(others);
    expect(new Set(ordered)).toEqual(new Set(given));
    expect(patterns.length).toBeGreaterThan(0);
    expect(denied.globs.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify({ patterns }))).toEqual({ patterns });
  });

  it("may have routes that are compiled already, which are not compiled again", () => {
    const config = settings(key);
    const compiled = compileRoutes(config.routes);
    const result = compileConfig({ ...config, routes: compiled });
    expect(result.patterns).toBe(compiled.patterns);
    expect(result).toEqual(compileConfig(config));
  });

  it("are refused with the problems of compiled routes", () => {
    const compiled = compileRoutes([{ method: "GET", path: "/a", scopes: [] }]);
    expect(() => compileConfig({ ...settings(key), routes: compiled })).toThrow(compiled.problems[0]);
  });

  it.each<[string, Partial<AuthorizerConfig>, RegExp[]]>([
    ["no issuer", { issuers: [] }, [/^issuers: needs one at least$/]],
    [
      "an Auth0 issuer without slash",
      { issuers: [{ kind: "auth0", issuer: "https://a.eu.auth0.com", audience }] },
      [/"https:\/\/a.eu.auth0.com": an Auth0 issuer ends with a slash; write "https:\/\/a.eu.auth0.com\/"/],
    ],
    ["an issuer without TLS", { issuers: [{ kind: "other", issuer: "http://a/", audience }] }, [/https URL/]],
    ["an issuer's name", { issuers: [{ kind: "other", issuer: "https://", audience }] }, [/https URL/]],
    ["no audience", { issuers: [{ kind: "auth0", issuer, audience: "" }] }, [/the audience is empty/]],
    [
      "a JWKS URI without TLS",
      { issuers: [{ kind: "auth0", issuer, audience, jwksUri: "http://a/keys" }] },
      [/the JWKS URI "http:\/\/a\/keys" must be an https URL/],
    ],
    [
      "one issuer twice",
      { issuers: [1, 2].map(() => ({ kind: "auth0" as const, issuer, audience })) },
      [/^issuer "https:\/\/example.eu.auth0.com\/": is there twice; leave one out$/],
    ],
  ])("are refused with what to do: %s", (_, changes, expected) => {
    expect(problems(changes)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it("may say where the keys of an issuer are", () => {
    const jwksUri = "https://a/keys";
    expect(problems({ issuers: [{ kind: "auth0", issuer, audience, jwksUri }] })).toEqual([]);
  });

  it("of another kind of issuer need no slash at the end", () => {
    expect(problems({ issuers: [{ kind: "other", issuer: "https://a", audience }] })).toEqual([]);
  });

  it("are refused with all problems at once", () => {
    const issuers = [{ kind: "auth0" as const, issuer: "http://a", audience: "", jwksUri: "x" }];
    const wrong = [{ method: "get", path: "orders/*", scopes: [] }, get("/a", "x"), get("/a", "y")];
    expect(problems({ issuers, routes: wrong })).toEqual([
      'issuer "http://a": must be an https URL',
      'issuer "http://a": the audience is empty',
      'issuer "http://a": the JWKS URI "x" must be an https URL',
      "get orders/*: the method must be ANY or one of DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
      "get orders/*: a path consists of parts with the characters A-Z a-z 0-9 . _ - : or {name}, with {name+} at the end only",
      "get orders/*: demands nothing, not even a token; leave it out, or write [[]] for any valid token",
      "GET /a: takes the same requests as GET /a; leave one out",
    ]);
  });
});

describe("routes", () => {
  it.each(["/", "/a", "/a.b_c-d:e/F9", "/{id}", "/a/{id}/b", "/{proxy+}", "/a/{id}/{rest+}"])(
    "may have the path %s",
    (path) => {
      expect(compileRoutes([get(path, "x")]).problems).toEqual([]);
    },
  );

  it.each([
    "",
    "a",
    "/a/",
    "//",
    "/a//b",
    "/a*",
    "/a?",
    "/{id+}/a",
    "/a{id}",
    "/{id}a",
    "/{}",
    "/{a/b}",
    "/a b",
    "/a\n",
    "/ä",
    "/%20",
    "/a+",
  ])("may not have the path %j", (path) => {
    expect(compileRoutes([get(path, "x")]).problems).toEqual([expect.stringContaining("a path consists of")]);
  });

  it.each(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])("may be %s", (method) => {
    expect(compileRoutes([{ method, path: "/a", scopes: [[]] }]).problems).toEqual([]);
  });

  it.each(["get", "TRACE", "CONNECT", "*", "", "GET/a"])("may not be %j", (method) => {
    expect(compileRoutes([{ method, path: "/a", scopes: [[]] }]).problems).toEqual([
      expect.stringContaining("the method must be"),
    ]);
  });

  it("are reported where one takes another's requests, whatever its variables are called", () => {
    const twins = [get("/a/{id}/{rest+}"), get("/a/{name}/{path+}"), get("/a/{id}/{rest}")];
    expect(compileRoutes(twins).problems).toEqual([
      "GET /a/{name}/{path+}: takes the same requests as GET /a/{id}/{rest+}; leave one out",
    ]);
    expect(compileRoutes([{ ...get("/a/{id}"), method: "ANY" }, get("/a/{id}")]).problems).toEqual([]);
  });

  it("are fine in the usual case, and where there is none", () => {
    expect(compileRoutes(routes).problems).toEqual([]);
    expect(compileRoutes([]).problems).toEqual([]);
  });

  it("are left as they are", () => {
    const given = [get("/{id}", "x"), get("/a", "y")];
    const before = structuredClone(given);
    compileConfig(settings(key, { routes: given }));
    expect(given).toEqual(before);
  });
});

describe("the patterns of a policy", () => {
  const patternsOf = (routes: Route[]) =>
    compileConfig(settings(key, { routes })).patterns.map(({ template, shadow }) => [
      template,
      shadow === true,
    ]);
  const both = (...templates: string[]) =>
    templates.flatMap((template) => [
      [template, false],
      [`${template}/`, true],
    ]);

  it("are one for each route and one for it with a slash at the end, which / does not have", () => {
    expect(patternsOf([get("/"), get("/a/{id}")])).toEqual([["GET/", false], ...both("GET/a/+")]);
  });

  it("write a greedy part out as deep as other routes of its method go, and no deeper", () => {
    const post = { ...get("/a/b/c/d/e", "x"), method: "POST" };
    expect(patternsOf([get("/{rest+}"), post])).toEqual([
      ...both("POST/a/b/c/d/e"),
      ...both("GET/+", "GET/+/*"),
    ]);
    expect(patternsOf([get("/{rest+}"), get("/a/b", "x"), post]).filter(([, shadow]) => !shadow)).toEqual(
      ["GET/a/b", "POST/a/b/c/d/e", "GET/+", "GET/+/+", "GET/+/+/*"].map((template) => [template, false]),
    );
    const any = { ...get("/a/b", "x"), method: "ANY" };
    expect(patternsOf([get("/{rest+}"), any])).toContainEqual(["GET/+/+/*", false]);
  });

  it("leave out a method of ANY that has a route of its own", () => {
    const templates = patternsOf([{ ...get("/a"), method: "ANY" }, get("/a", "x")]).map(
      ([template]) => template,
    );
    expect(templates.filter((template) => template === "GET/a")).toHaveLength(1);
    expect(templates).toContain("PUT/a");
  });
});

describe("routes that no policy can tell apart", () => {
  const entangled = (inner: string) => [
    get("/{rest+}", "all"),
    get("/orders/{id}", "orders"),
    get("/users/{id}/orders", inner),
  ];

  it("are refused, with who stands in whose way", () => {
    expect(compileRoutes(entangled("users")).policyProblems).toEqual([
      expect.stringMatching(
        /^GET \/\{rest\+\} > GET \/orders\/\{id\} > .*: each has requests that lie within the paths of the one before, so that no policy can allow GET \/\{rest\+\} and deny GET \/orders\/\{id\}, GET \/users\/\{id\}\/orders; let two neighbours demand the same scopes$/,
      ),
    ]);
  });

  it("are refused by compileConfig with the same words", () => {
    expect(problems({ routes: entangled("users") })).toEqual(
      compileRoutes(entangled("users")).policyProblems,
    );
  });

  it("are fine once two neighbours demand the same", () => {
    expect(compileRoutes(entangled("all")).policyProblems).toEqual([]);
  });

  it("are fine where no token can have the one without the other", () => {
    const [all, ...others] = entangled("users");
    const implied = others.map((route) => ({ ...route, scopes: [["all"], ...route.scopes] }));
    expect(compileRoutes(all ? [all, ...implied] : []).policyProblems).toEqual([]);
  });
});

describe("routes of which only unusual requests overlap", () => {
  // As in the interfaces of banks by the Berlin Group.
  const banking = [
    get("/v1/{service}/{product}/{id}", "payments"),
    get("/v1/{service}/{product}/{id}/authorisations", "payments"),
    get("/v1/consents/{id}/authorisations/{authorisation}", "accounts"),
    get("/v1/baskets/{id}", "baskets"),
    get("/v1/baskets/{id}/authorisations", "baskets"),
  ];
  const config = compileConfig(settings(key, { routes: banking }));

  it.each([
    ["/v1/credit-transfers/sepa/7", ["payments"]],
    ["/v1/credit-transfers/sepa/7/authorisations", ["payments"]],
    ["/v1/credit-transfers/accounts/7/authorisations", ["payments"]],
    ["/v1/consents/7/authorisations/8", ["accounts"]],
    ["/v1/baskets/7", ["baskets"]],
    ["/v1/baskets/7/authorisations", ["baskets"]],
  ])("GET %s is for tokens with just its scope", (path, expected) => {
    const allowed = ["payments", "accounts", "baskets"].filter((scope) =>
      isAllowed(policyFor(config, new Set([scope]), stageArn), arnOf({ method: "GET", path }, stageArn)),
    );
    expect(allowed).toEqual(expected);
  });

  it("are given up only where two paths could be meant", () => {
    const path = "/v1/baskets/sepa/7/authorisations";
    const ask = (...scopes: string[]) =>
      isAllowed(policyFor(config, new Set(scopes), stageArn), arnOf({ method: "GET", path }, stageArn));
    expect(ask("payments")).toBe(false);
    expect(ask("payments", "baskets", "accounts")).toBe(true);
  });

  it("leave the policies of all others as they are", () => {
    expect(config.patterns.some(({ usual }) => usual !== undefined)).toBe(true);
    expect(compileConfig(settings(key)).patterns.some(({ usual }) => usual !== undefined)).toBe(false);
  });
});

describe("a request's route", () => {
  const routes = [
    get("/orders/{id}/{part}", "4"),
    { ...get("/orders/{id}", "any"), method: "ANY" },
    get("/orders/{id}", "3"),
    get("/orders/latest", "2"),
    get("/orders", "1"),
    // By its name it would come first.
    get("/files/{all+}", "5"),
    get("/files/{name}", "6"),
    get("/{a}/latest/{b}", "7"),
  ];
  it.each([
    ["GET /orders", "1"],
    ["GET /orders/", "1"],
    ["GET /orders//", undefined],
    ["GET /orders/latest", "2"],
    ["GET /orders/late", "3"],
    ["GET /orders/{id}", "3"],
    ["POST /orders/latest", "any"],
    ["HEAD /orders/1", "any"],
    ["GET /orders/1/", "3"],
    ["GET /orders/latest/x", "4"],
    ["GET /users/latest/x", "7"],
    ["GET /files/x", "6"],
    ["GET /files/x/y", "5"],
    ["GET /files/x/y/z/", "5"],
    ["GET /files", undefined],
    ["GET /files/", undefined],
    ["POST /files/x", undefined],
    ["GET /", undefined],
    ["GET /Orders", undefined],
    ["get /orders", undefined],
  ])("of %s is the most exact one", (request, scope) => {
    const [method = "", path = ""] = request.split(" ");
    const { routes: ordered } = compileConfig(settings(key, { routes }));
    expect(findRoute(ordered, method, path)?.scopes[0]?.[0]).toBe(scope);
  });

  it("of / is not a greedy one's", () => {
    expect(findRoute([get("/{rest+}", "x")], "GET", "/")).toBeUndefined();
    expect(findRoute([get("/", "x")], "GET", "/")).toBeDefined();
  });
});
