// What would be lost without a word, or refused by AWS only half way through a deployment.
import { isRoutable } from "#authorizer/build/compile";
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { operationMethods } from "./describe-path";

/** Checks each path, and what they must not have in common. */
export function checkPaths(source: Source): Problem[] {
  const paths = isRecord(source.value) && isRecord(source.value.paths) ? source.value.paths : {};
  const items = Object.entries(paths)
    .filter(([path]) => path.startsWith("/"))
    .map(([path, item]) => ({ path, item: isRecord(item) ? item : {} }));
  return [
    ...items.flatMap(({ path, item }) => {
      const malformed = checkPath(source, path);
      return [
        ...malformed,
        ...checkMethods(source, path, item),
        ...checkHeaderNames(source, path, item),
        ...(malformed.length === 0 ? checkParameters(source, path, item) : []),
      ];
    }),
    ...checkSiblings(source, Object.keys(paths)),
    ...checkOperationIds(source, items),
  ];
}

interface PathItem {
  path: string;
  item: Record<string, unknown>;
}

/** Names of the parameters in a path, in their order; that of `{proxy+}` is `proxy`. */
export function listPathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => plain(name));
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html has the characters of a
 * part, .../request-response-data-mappings.html those of a parameter: `[a-zA-Z0-9._$-]`, of which a part has no `$`.
 */
function checkPath(source: Source, path: string): Problem[] {
  const problems: string[] = [];
  if (/\+\}./.test(path)) {
    problems.push("{name+} matches the rest of the path, so nothing may follow it. Move it to the end.");
  } else if (!isRoutable(path)) {
    problems.push(
      "each part of a path must be letters, digits and . _ - : or one {parameter}; {name+} may end it. Rename the path.",
    );
  }
  const names = listPathParameters(path);
  for (const name of names.filter((one, index) => names.indexOf(one) < index)) {
    problems.push(`has {${name}} twice. Give each parameter a name of its own.`);
  }
  return problems.map((message) => ({
    ...source.atKey(["paths"], path),
    code: "path-invalid",
    message: `${path}: ${message}`,
  }));
}

function checkMethods(source: Source, path: string, item: Record<string, unknown>): Problem[] {
  const wrong: [key: string, message: string][] = [
    ["trace", `TRACE ${path}: API Gateway does not support TRACE. Remove the operation.`],
    ["query", `QUERY ${path}: API Gateway does not support QUERY. Remove the operation.`],
    [
      "additionalOperations",
      `${path}: additionalOperations: API Gateway supports only the methods of OpenAPI 3.1. Remove them.`,
    ],
    [anyMethod, `${path}: ${anyMethod} is not followed. Write an operation for each method instead.`],
  ];
  return wrong
    .filter(([key]) => item[key] !== undefined)
    .map(([key, message]) => ({ ...source.atKey(["paths", path], key), code: "method-not-served", message }));
}

const anyMethod = "x-amazon-apigateway-any-method";

/** A parameter that is declared and not in the path is mostly one in the path that is misspelt. */
function checkParameters(source: Source, path: string, item: Record<string, unknown>): Problem[] {
  const inPath = listPathParameters(path);
  const surplus = (at: string[], where: string, list: unknown): Problem[] =>
    declaredNames(list).flatMap(({ name, index }) => {
      if (inPath.includes(plain(name))) return [];
      const message =
        `${where}: the path has no parameter {${name}}. ${suggestCandidates(name, inPath)}`.trim();
      return [{ ...source.at([...at, "parameters", index, "name"]), code: "parameter-not-in-path", message }];
    });
  const shared = surplus(["paths", path], path, item.parameters);
  const own = operationMethods.flatMap((method): Problem[] => {
    const operation = item[method];
    if (!isRecord(operation)) return [];
    const route = `${method.toUpperCase()} ${path}`;
    const found = surplus(["paths", path, method], route, operation.parameters);
    if (found.length > 0 || shared.length > 0) return found;
    const declared = [item.parameters, operation.parameters]
      .flatMap(declaredNames)
      .map(({ name }) => plain(name));
    return inPath
      .filter((name) => !declared.includes(name))
      .map((name) => ({
        ...source.atKey(["paths", path], method),
        code: "parameter-not-declared",
        message: `${route}: the path's {${name}} is not declared. Add it to "parameters" with "in: path".`,
      }));
  });
  return [...shared, ...own];
}

/** Names of headers are case-insensitive (RFC 9110 section 5.1): the operation's own replaces the path's if it is spelled alike only. */
function checkHeaderNames(source: Source, path: string, item: Record<string, unknown>): Problem[] {
  return operationMethods.flatMap((method) => {
    const operation = item[method];
    if (!isRecord(operation)) return [];
    const names = new Map<string, string>();
    return ["parameters" in item ? item.parameters : [], operation.parameters].flatMap((list, own) =>
      (Array.isArray(list) ? list : []).flatMap((parameter: unknown, index): Problem[] => {
        if (!isRecord(parameter) || parameter.in !== "header" || typeof parameter.name !== "string")
          return [];
        const { name } = parameter;
        const twin = names.get(name.toLowerCase());
        names.set(name.toLowerCase(), name);
        if (twin === undefined || twin === name) return [];
        const at = own === 1 ? ["paths", path, method] : ["paths", path];
        const message = `${method.toUpperCase()} ${path}: the header parameters "${twin}" and "${name}" are the same header. Remove one.`;
        return [
          {
            ...source.at([...at, "parameters", index, "name"]),
            code: "header-parameter-twice",
            message,
          },
        ];
      }),
    );
  });
}

function declaredNames(parameters: unknown): { name: string; index: number }[] {
  return (Array.isArray(parameters) ? parameters : []).flatMap((parameter: unknown, index) =>
    isRecord(parameter) && parameter.in === "path" && typeof parameter.name === "string"
      ? [{ name: parameter.name, index }]
      : [],
  );
}

/** AWS declares {proxy+} as "proxy", other tools as "proxy+". */
function plain(name: string): string {
  return name.replace(/\+$/, "");
}

/** Names may differ, since parameter-names.ts unifies them; but {rest+} takes what {name} does, and no path is there twice. */
function checkSiblings(source: Source, paths: readonly string[]): Problem[] {
  const kinds = new Map<string, { isGreedy: boolean; part: string; path: string }>();
  const shapes = new Map<string, string>();
  const refuse = (path: string, message: string): Problem => ({
    ...source.atKey(["paths"], path),
    code: "path-parameters-differ",
    message: `${path}: ${message}`,
  });
  return paths.flatMap((path) => {
    const shape = shapeOf(path);
    const twin = shapes.get(shape);
    if (twin !== undefined) {
      return [refuse(path, `is the same path as ${twin}. Move its operations there.`)];
    }
    shapes.set(shape, path);
    const parts = path.split("/");
    return parts.flatMap((part, index): Problem[] => {
      if (!part.startsWith("{")) return [];
      const place = shapeOf(parts.slice(0, index).join("/"));
      const isGreedy = part.endsWith("+}");
      const sibling = kinds.get(place);
      if (!sibling) kinds.set(place, { isGreedy, part, path });
      if (!sibling || sibling.isGreedy === isGreedy) return [];
      return [
        refuse(
          path,
          `API Gateway takes one parameter in a place, here ${part} and in ${sibling.path} ${sibling.part}. Use one of them.`,
        ),
      ];
    });
  });
}

/** A path without the names of its parameters. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{[^}]*?(\+?)\}/g, "{$1}");
}

function checkOperationIds(source: Source, items: readonly PathItem[]): Problem[] {
  const first = new Map<unknown, string>();
  return items.flatMap(({ path, item }) =>
    operationMethods.flatMap((method): Problem[] => {
      const operation = item[method];
      const id = isRecord(operation) ? operation.operationId : undefined;
      if (typeof id !== "string") return [];
      const route = `${method.toUpperCase()} ${path}`;
      const other = first.get(id);
      if (other === undefined) first.set(id, route);
      if (other === undefined) return [];
      const message = `${route}: operationId: "${id}" is also the operationId of ${other}. Rename one.`;
      return [{ ...source.at(["paths", path, method, "operationId"]), code: "operation-id-twice", message }];
    }),
  );
}
