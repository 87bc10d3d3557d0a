// Auth0's rate limits as token buckets, as documented in July 2026 (Auth0 docs, "Rate Limit Configurations"). Off unless asked for.
import type { MiddlewareHandler } from "hono";
import type { TenantEnvironment } from "./hono-app";
import type { Plan } from "./plans";
import { Problem } from "./problem";
import { managementMessages } from "./unverified";

/** Holds `burst` requests at most, and gains `perMinute` steadily. */
interface Limit {
  name: string;
  burst: number;
  perMinute: number;
}

interface Rule extends Limit {
  matches(method: string, path: string): boolean;
}

const limit = (name: string, burst: number, perMinute: number): Limit => ({ name, burst, perMinute });
const at =
  (methods: string[], path: RegExp) =>
  (method: string, requested: string): boolean =>
    methods.includes(method) && path.test(requested);

const writing = ["POST", "PATCH", "PUT", "DELETE"];
const organizations = /^\/api\/v2\/organizations(\/[^/]+)?$/;
const organizationGrants = /^\/api\/v2\/organizations\/[^/]+\/client-grants/;
const organizationConnections = /^\/api\/v2\/organizations\/[^/]+\/(enabled_)?connections/;
const organizationsByName = /^\/api\/v2\/organizations\/name\//;
const members = /^\/api\/v2\/organizations\/[^/]+\/members/;
const management = (_: string, path: string) => path.startsWith("/api/v2/");
const token = at(["POST"], /^\/oauth\/token$/);

const memberRules: Rule[] = [
  { ...limit("organization_members_read", 40, 500), matches: at(["GET"], members) },
  { ...limit("organization_members_write", 20, 200), matches: at(writing, members) },
];

/** Of a list of clients by `q`, which a path is marked with. */
const searchRule: Rule = {
  ...limit("clients_search", 5, 150),
  matches: at(["GET"], /^\/api\/v2\/clients\?q$/),
};

/** Of groups of endpoints. A request takes from each bucket that it matches. */
const rules: Record<Plan, Rule[]> = {
  free: [
    { ...limit("global", 2, 120), matches: management },
    { ...limit("token", 30, 1800), matches: token },
    { ...limit("jwks", 20, 1200), matches: at(["GET"], /^\/\.well-known\/jwks\.json$/) },
  ],
  "self-service": [
    { ...limit("organizations_write", 5, 25), matches: at(writing, organizations) },
    { ...limit("organizations_read_by_name", 10, 100), matches: at(["GET"], organizationsByName) },
    {
      ...limit("organizations_read_by_id", 20, 200),
      matches: at(["GET"], /^\/api\/v2\/organizations\/[^/]+$/),
    },
    { ...limit("organizations_read", 5, 50), matches: at(["GET"], /^\/api\/v2\/organizations$/) },
    ...memberRules,
    { ...limit("organization_connections_read", 5, 50), matches: at(["GET"], organizationConnections) },
    { ...limit("organization_connections_write", 5, 25), matches: at(writing, organizationConnections) },
    { ...limit("organization_client_grants_read", 10, 100), matches: at(["GET"], organizationGrants) },
    { ...limit("organization_client_grants_write", 5, 150), matches: at(["POST"], organizationGrants) },
    { ...limit("connections_read", 5, 50), matches: at(["GET"], /^\/api\/v2\/connections(\/[^/]+)?$/) },
    { ...limit("logs_read", 10, 100), matches: at(["GET"], /^\/api\/v2\/logs/) },
    searchRule,
    { ...limit("clients_read", 5, 100), matches: at(["GET"], /^\/api\/v2\/clients(\/[^/]+)?$/) },
    { ...limit("users_read", 40, 500), matches: at(["GET"], /^\/api\/v2\/users/) },
    { ...limit("users_write", 20, 200), matches: at(writing, /^\/api\/v2\/users/) },
    { ...limit("token", 25, 1500), matches: token },
  ],
  enterprise: [
    { ...limit("global", 50, 960), matches: management },
    { ...limit("organizations_write", 5, 150), matches: at(writing, organizations) },
    { ...limit("organizations_read_by_name", 20, 200), matches: at(["GET"], organizationsByName) },
    ...memberRules,
    { ...limit("organization_connections_read", 10, 100), matches: at(["GET"], organizationConnections) },
    { ...limit("organization_connections_write", 5, 150), matches: at(writing, organizationConnections) },
    searchRule,
    { ...limit("organization_client_grants_read", 10, 100), matches: at(["GET"], organizationGrants) },
    { ...limit("organization_client_grants_write", 5, 150), matches: at(["POST"], organizationGrants) },
    { ...limit("token", 100, 6000), matches: token },
  ],
};

/** Of the Management API's endpoints that have no rule of their own, all together. */
const others: Partial<Record<Plan, Limit>> = { "self-service": limit("others", 10, 150) };

/** Buckets count in parts of a request, of which `perMinute` come in each millisecond: so no fraction is ever lost. */
const request = 60_000;

export class RateLimits {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly plan: Plan,
    private readonly clock: () => number,
  ) {}

  readonly middleware: MiddlewareHandler<TenantEnvironment> = async (c, next) => {
    const path = c.req.query("q") === undefined ? c.req.path : `${c.req.path}?q`;
    const buckets = this.limitsFor(c.req.method, path).map((limit) => this.refill(limit));
    const [first] = buckets;
    if (!first) return next();
    // The emptiest bucket counts: it refuses first.
    const tightest = buckets.reduce((a, b) => (b.bucket.left < a.bucket.left ? b : a), first);
    if (tightest.bucket.left < request) return this.refuse(c.req.path, tightest);
    for (const { bucket } of buckets) bucket.left -= request;
    await next();
    for (const [name, value] of Object.entries(this.headers(tightest))) c.res.headers.set(name, value);
  };

  private limitsFor(method: string, path: string): Limit[] {
    const found = rules[this.plan].filter((rule) => rule.matches(method, path));
    const other = others[this.plan];
    return found.length === 0 && other && management(method, path) ? [other] : found;
  }

  private refill(limit: Limit) {
    const now = this.clock();
    const bucket = this.buckets.get(limit.name) ?? { left: limit.burst * request, at: now };
    bucket.left = Math.min(limit.burst * request, bucket.left + (now - bucket.at) * limit.perMinute);
    bucket.at = now;
    this.buckets.set(limit.name, bucket);
    return { limit, bucket };
  }

  private headers({ limit, bucket }: ReturnType<RateLimits["refill"]>): Record<string, string> {
    return {
      "x-ratelimit-limit": String(limit.burst),
      "x-ratelimit-remaining": String(Math.floor(bucket.left / request)),
      "x-ratelimit-reset": String(Math.ceil(this.nextAt({ limit, bucket }) / 1000)),
    };
  }

  /** When the bucket holds a request again. */
  private nextAt({ limit, bucket }: ReturnType<RateLimits["refill"]>): number {
    return this.clock() + (request - (bucket.left % request)) / limit.perMinute;
  }

  private refuse(path: string, tightest: ReturnType<RateLimits["refill"]>): Response {
    const { name } = tightest.limit;
    const wait = Math.max(1, Math.ceil((this.nextAt(tightest) - this.clock()) / 1000));
    const headers = { ...this.headers(tightest), "x-ratelimit-remaining": "0", "retry-after": String(wait) };
    if (!management("", path)) {
      const body = { error: "too_many_requests", error_description: managementMessages.tokenRateLimit };
      return Response.json(body, { status: 429, headers });
    }
    const message =
      name === "global"
        ? "Global limit has been reached"
        : `Global per minute ${name} group limit has been reached`;
    return Response.json(new Problem(429, message, "too_many_requests").body, { status: 429, headers });
  }
}
