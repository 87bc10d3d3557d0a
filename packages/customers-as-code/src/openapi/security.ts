// The scopes of the API, and which of them an operation demands.
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import type { Place, Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";

export interface OAuthScheme {
  /** Undefined where there is none, or more than one. */
  name: string | undefined;
  /** Description by scope. */
  scopes: Record<string, string>;
  /** Where the document has them. */
  at: string[];
  /** Names of all security schemes, for suggestions. */
  declared: string[];
  problems: Problem[];
}

/** The one security scheme with the OAuth 2.0 client credentials flow. */
export function readOAuthScheme(source: Source): OAuthScheme {
  const at = ["components", "securitySchemes"];
  const schemes = Object.entries(mapAt(source.value, at));
  const declared = schemes.map(([name]) => name);
  const [first, second] = schemes.filter(
    ([, scheme]) =>
      isRecord(scheme) && scheme.type === "oauth2" && isRecord(mapAt(scheme, ["flows"]).clientCredentials),
  );
  if (!first || second) {
    const others = schemes.map(
      ([name, scheme]) => `"${name}" of type ${isRecord(scheme) ? scheme.type : "?"}`,
    );
    const only = others.length > 0 ? `, only ${others.join(", ")}` : "";
    const what = first ? `both "${first[0]}" and "${second?.[0]}"` : `none${only}`;
    const message = `components.securitySchemes: needs one scheme of type oauth2 with the clientCredentials flow, whose scopes become the API's; found ${what}`;
    const problem: Problem = { ...source.at(at), code: "openapi-scheme-count", message };
    return { name: undefined, scopes: {}, at, declared, problems: [problem] };
  }
  const [name, scheme] = first;
  const flow = ["flows", "clientCredentials", "scopes"];
  const scopes = Object.entries(mapAt(scheme, flow)).map(([scope, description]): [string, string] => [
    scope,
    typeof description === "string" && description !== "" ? description : scope,
  ]);
  const path = [...at, name, ...flow];
  const message = `${path.join(".")}: must declare the API's scopes`;
  const problems: Problem[] =
    scopes.length === 0 ? [{ ...source.at(path), code: "openapi-no-scopes", message }] : [];
  return { name, scopes: Object.fromEntries(scopes), at: path, declared, problems };
}

export interface ReadSecurity {
  alternatives?: string[][];
  /** The empty requirement that makes the others of no use, and whether it is the document's and not the operation's. */
  optionalBy?: { place: Place; isShared: boolean };
  problems: Problem[];
}

/**
 * The alternatives that the operation's `security` stands for, or the document's if it doesn't have its own.
 * Undefined if they are unknown.
 */
export function readSecurity(
  source: Source,
  operation: readonly string[],
  scheme: OAuthScheme,
): ReadSecurity {
  const own = mapAt(source.value, operation).security;
  const security = own ?? mapAt(source.value, []).security ?? [];
  const at = own === undefined ? ["security"] : [...operation, "security"];
  // Otherwise, the problem is already reported.
  if (!Array.isArray(security) || !security.every(isRecord)) return { problems: [] };
  const requirements: Record<string, unknown>[] = security;
  // An empty requirement makes the token optional, so that anyone may call.
  const empty = requirements.findIndex((requirement) => Object.keys(requirement).length === 0);
  if (empty >= 0) {
    const isAlone = requirements.length === 1;
    const optionalBy = { place: source.at([...at, empty]), isShared: own === undefined };
    return { alternatives: [], ...(!isAlone && { optionalBy }), problems: [] };
  }
  const { name } = scheme;
  if (name === undefined) return { ...(requirements.length === 0 && { alternatives: [] }), problems: [] };
  const declaresNone = Object.keys(scheme.scopes).length === 0;
  const problems = requirements.flatMap((requirement, index): Problem[] => [
    ...Object.keys(requirement)
      .filter((other) => other !== name)
      .map(
        (other): Problem => ({
          ...source.atKey([...at, index], other),
          code: "security-scheme-unknown",
          message: `security: "${other}" ${explainScheme(other, name, scheme.declared)}`,
        }),
      ),
    ...scopesOf(requirement[name]).flatMap((scope, position): Problem[] => {
      // That the scheme declares none is reported there.
      if (declaresNone || Object.hasOwn(scheme.scopes, scope)) return [];
      const hint = suggestCandidates(scope, Object.keys(scheme.scopes));
      const message = `security: "${scope}" is not a scope of "${name}". ${hint}`;
      return [{ ...source.at([...at, index, name, position]), code: "security-scope-unknown", message }];
    }),
  ]);
  if (problems.length > 0) return { problems };
  return { alternatives: requirements.map((requirement) => scopesOf(requirement[name])), problems };
}

function explainScheme(other: string, name: string, declared: readonly string[]): string {
  return declared.includes(other)
    ? `cannot be served; the gateway checks tokens of "${name}" only`
    : `is not in components.securitySchemes. ${suggestCandidates(other, declared)}`;
}

function scopesOf(scopes: unknown): string[] {
  return Array.isArray(scopes) ? scopes.map(String) : [];
}

function mapAt(value: unknown, path: readonly string[]): Record<string, unknown> {
  return path.reduce((inner, key) => asRecord(inner[key]), asRecord(value));
}
