// A route's scopes as the JWT authorizer of an HTTP API reads them: one of them suffices.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html

export interface JwtScopes {
  /** Of which a token needs one; empty where any token will do. */
  scopes: string[];
  /** Sets that are demanded together and that no list of alternatives can express. */
  together: string[][];
}

/** @param security alternatives, of each of which all scopes are demanded */
export function readJwtScopes(security: readonly (readonly string[])[]): JwtScopes {
  const sets = security.map((all) => [...new Set(all)]);
  // A token with more than another alternative requires is accepted by that one.
  const needed = sets.filter((set) => !sets.some((other) => isSmaller(other, set)));
  return {
    scopes: [...new Set(needed.filter(({ length }) => length === 1).flat())],
    together: needed.filter(({ length }) => length > 1),
  };
}

function isSmaller(other: readonly string[], set: readonly string[]): boolean {
  return other.length < set.length && other.every((scope) => set.includes(scope));
}
