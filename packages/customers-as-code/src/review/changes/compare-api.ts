// What a change of the OpenAPI document means: of each operation, of the scopes, and of everything else in the document.
import { isDeepStrictEqual } from "node:util";
import { operationMethods } from "../../openapi/describe-path";
import type { ApiDocument, Operation } from "../../openapi/document";
import { asRecord, getOwn, isRecord } from "../../problems/record";
import { describeChange, differencesOf, type ValueDifference } from "../compare-values";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, notable, plain } from "./declared-change";

export interface DocumentSides {
  /** Absent of a document that cannot be read. */
  api?: ApiDocument;
  /** The document's files by path. */
  document: Record<string, unknown>;
  /** The setting `validateRequests`. */
  validates: boolean;
}

/** One thing that changes about an operation. */
interface Said extends Meaning {
  key: string;
  does: string;
}

type OperationKey = Exclude<keyof Operation, "method" | "path">;

export function compareDocuments(before: DocumentSides, after: DocumentSides): Change[] {
  if (isDeepStrictEqual(before.document, after.document) && isDeepStrictEqual(before.api, after.api))
    return [];
  const known =
    before.api && after.api
      ? [...compareOperations(before.api, after.api, after.validates), ...compareApis(before.api, after.api)]
      : [];
  const told = new Set(known.map(({ at }) => at));
  return [...known, ...compareRest(before.document, after.document, told)];
}

function compareOperations(before: ApiDocument, after: ApiDocument, validates: boolean): Change[] {
  const old = byRoute(before);
  const next = byRoute(after);
  const removed = [...old].filter(([route]) => !next.has(route));
  return [
    ...removed.map(([route]) =>
      changeOf(route, {
        key: "",
        does: `removes the route ${inlineCode(route)}`,
        ...grave("cutOff", "whoever calls it is refused"),
      }),
    ),
    ...[...next].flatMap(([route, operation]) => {
      const known = old.get(route);
      const said = known
        ? Object.values(operationKeys).flatMap((compareKey) =>
            compareKey({ route, before: known, after: operation, validates }),
          )
        : addition(route, operation);
      return said.map((one) => changeOf(route, one));
    }),
  ];
}

function byRoute({ operations }: ApiDocument): Map<string, Operation> {
  return new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]));
}

function changeOf(route: string, { key, does, ...meaning }: Said): Change {
  return {
    at: key === "" ? `document: ${route}` : `document: ${route} ${key}`,
    name: inlineCode(route),
    does,
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    ...meaning,
  };
}

function addition(route: string, { security, backend }: Operation): Said[] {
  const to = backend?.name === undefined ? "" : ` and goes to the backend ${inlineCode(backend.name)}`;
  return security.length === 0
    ? [
        {
          key: "",
          does: `adds the route ${inlineCode(route)}${to}`,
          ...grave("gains", "**anyone may call it, without a token**"),
        },
      ]
    : [
        {
          key: "",
          does: `adds the route ${inlineCode(route)}, which requires ${demands(security)}${to}`,
          ...notable(),
        },
      ];
}

interface Both {
  route: string;
  before: Operation;
  after: Operation;
  validates: boolean;
}

const operationKeys = {
  security: ({ route, before, after }) => compareSecurity(route, before.security, after.security),
  backend: ({ route, before, after }) => {
    const said: Said[] = [];
    if (before.backend?.name !== after.backend?.name) {
      const does = describeChange(`the backend of ${inlineCode(route)}`, nameOf(before), nameOf(after));
      said.push({ key: "x-backend", does, ...grave("elsewhere", "its requests go there, tokens included") });
    }
    if (before.backend?.timeoutMs !== after.backend?.timeoutMs) {
      const does = describeChange(
        `the timeout of ${inlineCode(route)} in milliseconds`,
        before.backend?.timeoutMs,
        after.backend?.timeoutMs,
      );
      said.push({ key: "timeoutMs", does, ...notable() });
    }
    return said;
  },
  encodedSlashes: ({ route, before, after }) =>
    before.encodedSlashes === after.encodedSlashes
      ? []
      : [
          {
            key: "x-encoded-slashes",
            does: describeChange(
              `${inlineCode("x-encoded-slashes")} of ${inlineCode(route)}`,
              before.encodedSlashes,
              after.encodedSlashes,
            ),
            ...(after.encodedSlashes === undefined
              ? grave("cutOff", "requests with an encoded slash in a path parameter are refused")
              : grave(
                  "guard",
                  "a backend that decodes its path may serve another operation than the checked one",
                )),
          },
        ],
  operationId: ({ route, before, after }) =>
    before.operationId === after.operationId
      ? []
      : [
          {
            key: "operationId",
            does: describeChange(
              `the operationId of ${inlineCode(route)}`,
              before.operationId,
              after.operationId,
            ),
            ...plain(),
          },
        ],
  // They are part of the path, and so of the route.
  pathParameters: () => [],
  gatewayPath: ({ route, before, after }) =>
    (before.gatewayPath ?? before.path) === (after.gatewayPath ?? after.path)
      ? []
      : [
          {
            key: "gatewayPath",
            does: `the event of ${inlineCode(route)} names its path parameters as ${inlineCode(after.gatewayPath ?? after.path)} does, not as ${inlineCode(before.gatewayPath ?? before.path)}`,
            ...notable("a function that reads them by name finds them no more"),
          },
        ],
  request: ({ route, before, after, validates }) =>
    differencesOf(before.request ?? {}, after.request ?? {}).map(({ path, before: old, after: next }) => ({
      key: `request ${path.join(".")}`,
      does: describeChange(
        `${inlineCode(path.join("."))} of the requests of ${inlineCode(route)}`,
        old,
        next,
      ),
      ...(validates
        ? notable("API Gateway refuses requests that do not conform")
        : plain("API Gateway does not check it: validateRequests is none")),
    })),
} satisfies Record<OperationKey, (both: Both) => Said[]>;

function nameOf({ backend }: Operation): string {
  return backend?.name ?? "default";
}

/** Alternatives, of each of which all scopes are demanded. */
function compareSecurity(route: string, before: string[][], after: string[][]): Said[] {
  const key = "security";
  if (isDeepStrictEqual(before, after)) return [];
  const change = `${inlineCode(route)} requires ${demands(after)} instead of ${demands(before)}`;
  if (after.length === 0) {
    return [{ key, does: change, ...grave("gains", "**anyone may call it, without a token**") }];
  }
  if (before.length === 0) {
    return [{ key, does: change, ...grave("cutOff", "anyone may call it until now") }];
  }
  const includes = (scopes: string[], demanded: string[]) =>
    demanded.every((scope) => scopes.includes(scope));
  // A token that is enough for one of the alternatives, and for none of the others.
  const enough = (alternatives: string[][], other: string[][]) =>
    alternatives.some((scopes) => !other.some((demanded) => includes(scopes, demanded)));
  const [gains, loses] = [enough(after, before), enough(before, after)];
  if (gains && loses) {
    return [
      {
        key,
        does: change,
        ...grave("gains", "some tokens that it refuses are accepted, and others are refused"),
      },
    ];
  }
  if (gains)
    return [{ key, does: change, ...grave("gains", "tokens that it refuses until now are accepted") }];
  if (loses)
    return [{ key, does: change, ...grave("cutOff", "tokens that it accepts until now are refused") }];
  return [{ key, does: change, ...plain("the same tokens are accepted") }];
}

function demands(security: readonly (readonly string[])[]): string {
  if (security.length === 0) return "nothing";
  return security
    .map((scopes) =>
      scopes.length === 0 ? "any token" : scopes.map((scope) => inlineCode(scope)).join(" and "),
    )
    .join(", or ");
}

type ApiKey = Exclude<keyof ApiDocument, "operations">;

/** What a change of the API as a whole means. */
const apiKeys = {
  title: () => notable("the API has this name in AWS and in Auth0"),
  version: () => plain(),
  scopes: ({ path, before, after }) => {
    if (path.length > 0 && before !== undefined && after !== undefined)
      return plain("the scope's description");
    return after === undefined
      ? grave("cutOff", "the scope is taken from the API in Auth0, and from whoever has it")
      : notable("clients can have this scope");
  },
  // What they mean for an operation's requests is shown with the operation.
  models: () => plain(),
  minimumCompressionSize: () => notable("a REST API compresses answers from this size on"),
  binaryMediaTypes: () =>
    notable("bodies of these types pass a REST API unchanged, and functions get them as Base64"),
} satisfies Record<ApiKey, (difference: ValueDifference) => Meaning>;

function compareApis(before: ApiDocument, after: ApiDocument): Change[] {
  const parts = Object.entries(apiKeys) as [ApiKey, (difference: ValueDifference) => Meaning][];
  return parts.flatMap(([key, judge]) =>
    differencesOf(before[key], after[key]).map((difference) => {
      const name = [key, ...difference.path].join(" ");
      const meaning = judge(difference);
      const does = describeChange(`${inlineCode(name)} of the API`, difference.before, difference.after);
      return {
        at: `document: ${name}`,
        name: inlineCode(name),
        does,
        sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
        ...meaning,
      };
    }),
  );
}

/**
 * What the program does not read, or reads as part of an operation: one sentence for each operation, and for each thing at the top of
 * the document or among its components. An extension may be one that a later version of the program reads.
 */
function compareRest(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  told: ReadonlySet<string>,
): Change[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return files.flatMap((file) => {
    const found = differencesOf(getOwn(before, file), getOwn(after, file)).filter(
      (difference) => !isTold(difference, told),
    );
    const groups = new Map<string, ValueDifference[]>();
    for (const difference of found) {
      const place = placeOf(difference.path);
      groups.set(place, [...(groups.get(place) ?? []), difference]);
    }
    return [...groups].map(([place, differences]) => describeRest(file, place, differences));
  });
}

/** Whether a sentence about an operation says it already. */
function isTold({ path, before, after }: ValueDifference, told: ReadonlySet<string>): boolean {
  const [top, item = "", method = "", key] = path;
  if (top === "info") return told.has(`document: ${item}`);
  if (top !== "paths") return false;
  if (path.length === 2) {
    const operations = operationMethods.filter((one) => Object.hasOwn(asRecord(before ?? after), one));
    return operations.length > 0 && operations.every((one) => told.has(routeOf(item, one)));
  }
  if (path.length === 3) return told.has(routeOf(item, method));
  const keys = key === "x-backend" ? ["x-backend", "timeoutMs"] : [key];
  return keys.some((one) => told.has(`${routeOf(item, method)} ${one}`));
}

function routeOf(path: string, method: string): string {
  return `document: ${method.toUpperCase()} ${path}`;
}

function placeOf(path: readonly string[]): string {
  const depth = path[0] === "paths" || path[0] === "components" ? 3 : 1;
  return path.slice(0, depth).join(" ");
}

function describeRest(file: string, place: string, differences: readonly ValueDifference[]): Change {
  const within = differences.map(({ path }) => path.slice(place.split(" ").length).join("."));
  const names = [...new Set(within)].filter((name) => name !== "");
  const shown = names.slice(0, mostNames).map((name) => inlineCode(name));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  const what = place === "" ? inlineCode(file) : `${inlineCode(place)} in ${inlineCode(file)}`;
  const [only] = differences;
  const does =
    only && differences.length === 1 && !isRecord(only.before) && !isRecord(only.after)
      ? describeChange(
          `${inlineCode([place, ...names].join(" "))} in ${inlineCode(file)}`,
          only.before,
          only.after,
        )
      : `changes ${what}${names.length > 0 ? `: ${shown.join(", ")}${more}` : ""}`;
  const extensions = names.filter((name) => name.startsWith("x-") && !name.startsWith("x-backend"));
  const isAddress = differences.some(({ path }) => path.some((key) => addresses.includes(key)));
  const other = extensions.length > 0 || place.startsWith("x-") ? notable() : plain();
  const meaning: Meaning = isAddress
    ? grave("elsewhere", "whoever goes by the document sends secrets or tokens there")
    : other;
  const sentence = meaning.means === undefined ? does : `${does}: ${meaning.means}`;
  return { at: `document: ${file} ${place}`, name: what, does, sentence, ...meaning };
}

/** Nothing of the program reads them, but customers' tools do: https://spec.openapis.org/oas/v3.0.3#oauth-flow-object, #server-object */
const addresses = ["tokenUrl", "refreshUrl", "authorizationUrl", "servers"];

const mostNames = 10;
