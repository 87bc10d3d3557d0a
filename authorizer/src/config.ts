// The authorizer's configuration at deployment: plain JSON, written beside its code as config.json.

/** The authorizer's settings, as the deploying program gives them to `authorizerFiles`; `Routes` may be compiled already. */
export interface AuthorizerConfig<Routes = Route[]> {
  /** Name of the API in the metrics. */
  name: string;
  /** What API Gateway is set up for; an HTTP API may take "simple" ones, which are good for one route only. */
  answers?: "policy" | "simple";
  /** Who may sign tokens. */
  issuers: IssuerConfig[];
  /** The operations that need a token; no public one. */
  routes: Routes;
  /** Ids of the organizations that may call, or "any" of a trusted issuer's. */
  organizations: "any" | string[];
  /** Denied at once, from the deployment on. */
  suspended: Suspended;
  /** A list that reaches the running function without a deployment. */
  liveSuspensions?: LiveSuspensions;
  /** API keys by which API Gateway meters organizations; for REST APIs that take them from the authorizer. */
  usageKeys?: UsageKeys;
  /** How far the issuer's clock may be from ours; default 5. */
  clockToleranceSeconds?: number;
  /** Longest time from `iat` to `exp`; default 2592000, the longest that Auth0 gives. */
  maxTokenLifetimeSeconds?: number;
  /** When keys are fetched again; see `docs/explanation/authorizer.md`. */
  keys?: Partial<Lifetimes>;
}

export interface IssuerConfig {
  /** The `iss` claim, to the letter: Auth0's has a slash at the end. */
  issuer: string;
  /** The `aud` claim, or one of them. */
  audience: string;
  /** Default: `.well-known/jwks.json` under the issuer. */
  jwksUri?: string;
  /** Keys as they were at the deployment, so that a cold start needs no request. */
  jwks?: Jwks;
  /** "auth0" demands what an Auth0 client credentials token has: the grant, the client as subject, an `org_` id. */
  kind: "auth0" | "other";
}

/** A JSON Web Key Set (RFC 7517), as far as it verifies RS256 signatures. */
export interface Jwks {
  keys: Jwk[];
}

export interface Jwk {
  kid: string;
  kty: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  n?: string;
  e?: string;
  /** Of a private key. */
  d?: string;
}

/** One operation, as in the OpenAPI document. */
export interface Route {
  /** Upper case; "ANY" stands for all. */
  method: string;
  /** `/orders/{id}`, `/files/{proxy+}`. */
  path: string;
  /** Any of these sets suffices; of a set, all scopes are needed. `[[]]`: any valid token. */
  scopes: string[][];
  /** Its backend may get encoded slashes in path parameters; by default such requests are denied. */
  encodedSlashes?: true;
}

export interface Suspended {
  /** Organization ids. */
  organizations: string[];
  /** Client ids. */
  clients: string[];
  /** `jti` claims, or `token_id` values of the authorizer's log. */
  tokens: string[];
}

/** Values of API keys in usage plans of the API's stage; alphanumeric, 20 to 128 characters each. */
export interface UsageKeys {
  /** By organization id. */
  own: Record<string, string>;
  /** Of the organizations without a key of their own; where it is not set, API Gateway refuses them. */
  shared?: string;
}

/** Where the live list is: JSON like {@link Suspended}, of which each member may be left out. */
export type LiveSuspensions = (
  | { kind: "ssm" /** Name of a String parameter. */; name: string }
  | { kind: "s3"; bucket: string; key: string }
) &
  Partial<Lifetimes>;

/** The three ages of something fetched. Ages are by the clock: timers stand still while Lambda freezes the process. */
export interface Lifetimes {
  /** Older than this, it is fetched again in the background. */
  refreshSeconds: number;
  /** Older than this, a request waits for the fetch, though it makes do with what is there if the fetch fails. */
  waitSeconds: number;
  /** Older than this, it is not used any more: requests fail with a 500-class answer. */
  limitSeconds: number;
}

/** What config.json holds: the settings with the routes worked out. */
export interface CompiledConfig extends Omit<AuthorizerConfig, "routes"> {
  /** In the order of precedence: the first that matches a request is its route. */
  routes: Route[];
  patterns: RoutePattern[];
  /** Requests that are denied whatever the scopes, such as `GET/orders/..`: as IAM reads them, and as a regular expression. */
  denied: { globs: string[]; expression: string };
}

/** The requests of one method of one route, as far as an IAM policy can name them. */
export interface RoutePattern {
  /** Index into the routes. */
  route: number;
  /** `GET/orders/+`: `+` is one path segment, `*` at the end any number. */
  template: string;
  /** The route with a slash at the end: denied like the route itself, and allowed where there is room for it. */
  shadow?: true;
  /** Indices of the patterns of which a request matches this one when read as IAM does, where `*` passes slashes. */
  covers: number[];
  /**
   * Those of them that a usual request is of, if a policy cannot tell all of them apart. The others are requests whose parameter
   * is a word of another path, such as `/orders/export/items` beside `/orders/export`.
   */
  usual?: number[];
}
