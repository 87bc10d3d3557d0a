// What the document says of the API itself must be what Auth0 takes as an API's name and scopes.
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Source } from "../problems/source";
import type { OAuthScheme } from "./security";

/**
 * Auth0 would refuse these in the middle of a deployment.
 * https://auth0.com/docs/api/management/v2/resource-servers/post-resource-servers
 */
const limits = { name: 200, scopes: 1000, scope: 280, description: 500 };

/** RFC 6749 section 3.3: a token lists its scopes with spaces between. */
const scopeToken = /^[!#-[\]-~]+$/;

export function checkApi(source: Source, { scopes, at }: Pick<OAuthScheme, "scopes" | "at">): Problem[] {
  const { title } = asRecord(asRecord(source.value).info);
  const names = Object.keys(scopes);
  const place = at.join(".");
  const problems: Problem[] = [];
  if (typeof title === "string" && (/[<>]/.test(title) || title.length > limits.name)) {
    const message = `info.title: is the API's name in Auth0, which has ${limits.name} characters at most, and neither < nor >. Rename the API.`;
    problems.push({ ...source.at(["info", "title"]), code: "openapi-title", message });
  }
  if (names.length > limits.scopes) {
    const message = `${place}: has ${names.length} scopes; an API in Auth0 has ${limits.scopes} at most. Remove some, or merge scopes that always go together.`;
    problems.push({ ...source.at(at), code: "openapi-too-many-scopes", message });
  }
  for (const [scope, description] of Object.entries(scopes)) {
    if (!scopeToken.test(scope) || scope.length > limits.scope) {
      const message = `${place}: "${scope}" must be 1 to ${limits.scope} visible ASCII characters, without space, quote and backslash. Rename the scope.`;
      problems.push({ ...source.atKey(at, scope), code: "openapi-scope-invalid", message });
    }
    if (description.length > limits.description) {
      const message = `${place}: the description of "${scope}" has ${description.length} characters; Auth0 takes ${limits.description} at most. Shorten it.`;
      problems.push({ ...source.at([...at, scope]), code: "openapi-scope-description", message });
    }
  }
  return problems;
}
