// Requests that no token may make, since a backend may read another path than the one that API Gateway and the policy have
// read. Works while deploying; not part of the function.
import type { Route, RoutePattern } from "./config";
import { intersects } from "./pattern";
import { suffices } from "./routes";

export interface AmbiguousPaths {
  /** As IAM reads them, relative to the stage. */
  globs: string[];
  problems: string[];
}

/**
 * A REST API finds the route by the path as it came, and hands on decoded path parameters to HTTP backends: `/orders/7%2Fitems` is a
 * call of `/orders/{id}`, and comes to the backend as `/orders/7/items` (https://github.com/ustayready/fireprox/issues/44,
 * https://github.com/ccbrown/cloud-snitch/pull/13).
 */
export function ambiguousPaths(routes: readonly Route[], patterns: readonly RoutePattern[]): AmbiguousPaths {
  if (patterns.every(({ template }) => !isOpen(template))) return { globs: [doubledSlash], problems: [] };
  const always = [doubledSlash, ...dotSegments, ...encodedLetters(routes, patterns)];
  const spared = patterns.filter(({ route }) => isSpared(route, routes, patterns));
  const explicit = spared.filter(({ route }) => routes[route]?.encodedSlashes);
  const globs = [
    ...always,
    ...(spared.length > 0 ? encodedDots : []),
    ...emptyParts(routes, spared),
    ...slashesBut(spared, plainSlashes, patterns),
    ...slashesBut(explicit, otherSlashes, patterns),
  ];
  return { globs, problems: problemsOf(globs, routes, spared) };
}

/**
 * API Gateway serves `//orders` as `/orders`, but asks the policy about the path as it came
 * (localstack/localstack#11253, #11304), in which a wildcard can take the empty part.
 */
const doubledSlash = "*//*";

/** Every client resolves them before it sends a request (RFC 3986 section 5.2.4), and encodes no dot (section 2.3). */
const dotSegments = ["*/.", "*/..", "*/./*", "*/../*", "*%2E*", "*%2e*"];

/** Beside encoded slashes that are allowed. */
const encodedDots = ["*..%*", "*%*..*"];

const plainSlashes = ["%2F", "%2f"];
/** A backslash, which some take for a slash, and a percent sign that may be that of another encoded slash. */
const otherSlashes = ["%5C", "%5c", "%252", "%255"];

/** Of all requests but the spared ones, or simply of all if that takes too many patterns. */
function slashesBut(
  spared: readonly RoutePattern[],
  slashes: readonly string[],
  patterns: readonly RoutePattern[],
): string[] {
  const after = (prefix: string) => slashes.map((slash) => `${prefix}${slash}*`);
  if (spared.length === 0) return after("*");
  const others = patterns.filter(
    (pattern) => !pattern.shadow && isOpen(pattern.template) && !spared.includes(pattern),
  );
  const globs = [...new Set(others.map((pattern) => widest(pattern, spared)))].flatMap(after);
  const bytes = globs.join("").length + globs.length * arnLength;
  return bytes > mostBytes ? after("*") : globs;
}

/** An empty part may be passed over, which makes the path that of an operation above; if nobody says that the backend does not. */
function emptyParts(routes: readonly Route[], spared: readonly RoutePattern[]): string[] {
  const greedy = spared.flatMap(({ route }) => {
    const { encodedSlashes, path = "" } = routes[route] ?? {};
    return encodedSlashes ? [] : [`*${path.replace(/\/?\{.*$/, "")}*`.replace("**", "*")];
  });
  return [...new Set(greedy)].flatMap((prefix) =>
    plainSlashes.flatMap((slash) => [`${prefix}/${slash}*`, `${prefix}${slash}/*`, `${prefix}${slash}%2*`]),
  );
}

/** Of all resources that say which encoded slashes are denied; a policy has 8 KB. */
const mostBytes = 2_500;
/** `arn:aws:execute-api:*:*:abc123def4/stage/` with its quotes. */
const arnLength = 45;

function isOpen(template: string): boolean {
  return /[+*]/.test(template);
}

/** The operation says so; or it takes any number of segments, of which no other operation has what not all of its callers may. */
function isSpared(index: number, routes: readonly Route[], patterns: readonly RoutePattern[]): boolean {
  const route = routes[index];
  if (!route) return false;
  if (route.encodedSlashes) return true;
  if (!route.path.endsWith("+}")) return false;
  const within = patterns
    .filter((pattern) => pattern.route === index)
    .flatMap(({ covers }) => covers.flatMap((other) => routes[patterns[other]?.route ?? -1] ?? []));
  return within.every((other) => implies(route, other));
}

/** Whether whoever may call the one may call the other. */
function implies(one: Route, other: Route): boolean {
  return one.scopes.every((all) => suffices(new Set(all), other));
}

/** The shortest beginning of the pattern, with a wildcard, after which an encoded slash is no spared request. */
function widest({ template }: RoutePattern, spared: readonly RoutePattern[]): string {
  const [method = "", ...parts] = template.split("/");
  const open = parts.findIndex(isOpen);
  const wider = parts
    .slice(0, open + 1)
    .map((_, length) => `${[method, ...parts.slice(0, length)].join("/")}/*`);
  const isFree = (wide: string) => !spared.some((other) => intersects(`${wide}%2F*`, other.template));
  return wider.find(isFree) ?? wider.at(-1) ?? "*";
}

function problemsOf(
  globs: readonly string[],
  routes: readonly Route[],
  spared: readonly RoutePattern[],
): string[] {
  const denied = globs.filter((glob) => glob.endsWith("%2F*"));
  const lost = spared.filter(
    ({ route, template }) =>
      routes[route]?.encodedSlashes && denied.some((glob) => intersects(glob, template)),
  );
  return [...new Set(lost.map(({ route }) => route))].map(
    (route) =>
      `${routes[route]?.method} ${routes[route]?.path}: no policy can allow its encoded slashes and deny those of the other operations; allow them for the operations within whose paths it lies, or for none`,
  );
}

/**
 * `/orders/%65xport` is a call of `/orders/{id}`, and comes to the backend as `/orders/export`. No client encodes letters, digits,
 * hyphens and underscores (RFC 3986 section 2.3); denied are those of fixed segments that lie beside a variable.
 */
function encodedLetters(routes: readonly Route[], patterns: readonly RoutePattern[]): string[] {
  const characters = patterns.flatMap(({ route, template, covers }) =>
    covers.flatMap((index) => {
      const other = patterns[index];
      const [one, two] = [routes[route], routes[other?.route ?? -1]];
      if (!other || !one || !two || implies(one, two)) return [];
      return [...fixedBeside(template.split("/"), other.template.split("/")).join("")];
    }),
  );
  const codes = [...new Set(characters)].map((character) =>
    character.charCodeAt(0).toString(16).toUpperCase(),
  );
  // All of 61 to 6F are letters, and 60 is a backtick.
  const encoded = codes.map((code) => (code.startsWith("6") ? "6?" : code));
  return [...new Set(encoded.flatMap((code) => [code, code.toLowerCase()]))]
    .sort()
    .map((code) => `*%${code}*`);
}

/** The fixed parts of the other template in the places of variables of the one; none where no path is of both. */
function fixedBeside(one: readonly string[], other: readonly string[]): string[] {
  const isGreedy = one.at(-1) === "*";
  if (isGreedy ? other.length < one.length : other.length !== one.length) return [];
  const partOf = (index: number) => one[Math.min(index, one.length - 1)] ?? "";
  const isOther = other.some(
    (part, index) => !isOpen(partOf(index)) && !isOpen(part) && part !== partOf(index),
  );
  return isOther ? [] : other.filter((part, index) => isOpen(partOf(index)) && !isOpen(part));
}

/** The same as a regular expression, of `GET/orders/1`. */
export function expressionOf(globs: readonly string[]): string {
  const sources = globs.map((glob) =>
    glob
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", "."),
  );
  return `^(?:${sources.join("|")})$`;
}
