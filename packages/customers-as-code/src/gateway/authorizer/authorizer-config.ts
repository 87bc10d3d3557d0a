// The authorizer's configuration: pure, from the company's operations to its settings.
import type { CompiledRoutes } from "#authorizer/build/compile";
import type { AuthorizerConfig, Jwks, UsageKeys } from "#authorizer/config";
import { compareStrings } from "../../problems/problem";

export interface AuthorizerConfigArgs {
  /** What metrics call the API; default: its title. */
  name?: string;
  api: { title: string; routes: CompiledRoutes };
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
export function renderAuthorizerConfig({
  api,
  name = api.title,
  issuer,
  jwks,
  audience,
  suspended,
  suspensionsParameter,
  usageKeys,
}: AuthorizerConfigArgs): AuthorizerConfig<CompiledRoutes> {
  return {
    name,
    issuers: [{ kind: "auth0", issuer, audience, jwks }],
    routes: api.routes,
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
  return Object.fromEntries(Object.entries(own).sort(([a], [b]) => compareStrings(a, b)));
}
