// What the authorizer is told: pure, from the company's operations to its settings.
import type { AuthorizerConfig, Jwks, Route, UsageKeys } from "../authorizer/config";
import { compare } from "../diagnostics/problem";
import type { ApiDocument, Operation } from "./document";

export interface AuthorizerConfigArgs {
  /** What metrics call the API; default: its title. */
  name?: string;
  api: ApiDocument;
  /** Issuer of the tokens, with a slash at the end. */
  issuer: string;
  jwks: Jwks;
  audience: string;
  /** Ids of organizations whose requests are denied. */
  suspended: string[];
  /** Name of the parameter that holds the live list of suspensions, where there is one. */
  suspensionsParameter?: string | undefined;
  /** API keys of organizations, where there are plans. */
  usageKeys?: UsageKeys | undefined;
}

/**
 * Any organization of the tenant may call but those that are denied, since the Developer Portal makes organizations that no file
 * declares. A customer whose file has gone is among the denied until Auth0 has its organization no more.
 */
export function authorizerConfig({
  api,
  name = api.title,
  issuer,
  jwks,
  audience,
  suspended,
  suspensionsParameter,
  usageKeys,
}: AuthorizerConfigArgs): AuthorizerConfig {
  return {
    name,
    issuers: [{ kind: "auth0", issuer, audience, jwks }],
    routes: routesOf(api.operations),
    organizations: "any",
    // In the order of their ids, so that the order of the files changes nothing.
    suspended: { organizations: [...suspended].sort(), clients: [], tokens: [] },
    ...(suspensionsParameter !== undefined && {
      liveSuspensions: { kind: "ssm", name: suspensionsParameter },
    }),
    ...(usageKeys && { usageKeys: { ...usageKeys, own: inOrder(usageKeys.own) } }),
  };
}

function inOrder(own: UsageKeys["own"]): UsageKeys["own"] {
  return Object.fromEntries(Object.entries(own).sort(([a], [b]) => compare(a, b)));
}

/** The operations that need a token, as the authorizer knows them. */
export function routesOf(operations: readonly Operation[]): Route[] {
  return operations
    .filter(({ security }) => security.length > 0)
    .map(({ method, path, security, encodedSlashes }) => ({
      method,
      path,
      scopes: security,
      ...(encodedSlashes && { encodedSlashes }),
    }));
}
