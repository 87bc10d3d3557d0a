// The backends of the settings, checked together with the document that chooses among them.
import type { WantedBackend } from "../../openapi/backend-choice";
import type { ProblemCode } from "../../problems/codes";
import type { Problem } from "../../problems/problem";
import { isRecord } from "../../problems/record";
import type { Source } from "../../problems/source";
import { suggestCandidates } from "../../problems/suggestion";
import { printPath } from "../../problems/words";
import { explainIssue, type Issue, type IssueKind } from "../../problems/zod-issue";
import type { ApiTypeSettings } from "./backend";
import {
  type Backend,
  type Backends,
  backendShapes,
  defaultBackend,
  maxTimeoutMs,
  minTimeoutMs,
  type VpcLinkBackend,
} from "./backend";

export interface CheckBackendsArgs {
  /** The config key `backends`, as the engine gives it. */
  given: Readonly<Record<string, unknown>>;
  /** Empty where it is not set. */
  backendUrl: string;
  apiType: ApiTypeSettings["apiType"];
  /** What the operations of the document want. */
  wanted: readonly WantedBackend[];
  /** Places of the stack's settings, by paths under `backends`. */
  places: Pick<Source, "at" | "atKey"> | { file: string };
}

export interface CheckedBackends {
  /** To be used only where there is no problem. */
  backends: Backends;
  problems: Problem[];
}

export function checkBackends(args: CheckBackendsArgs): CheckedBackends {
  const { given, backendUrl, apiType, wanted } = args;
  const backends: Record<string, Backend> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const read = readBackend(args, name, value);
    problems.push(...read.problems);
    if (read.backend) backends[name] = read.backend;
  }
  if (backendUrl !== "") {
    if (given[defaultBackend] === undefined) backends[defaultBackend] = { kind: "http", url: backendUrl };
    else {
      const message = "is what backendUrl sets already. Unset one of them.";
      problems.push(problemAt(args, "backend-conflict", [defaultBackend], message));
    }
  }
  const names = [...Object.keys(given), ...(backends[defaultBackend] ? [defaultBackend] : [])];
  problems.push(
    ...wanted.flatMap((choice) => checkChoice(choice, backends, [...new Set(names)], apiType)),
    ...checkUse(args, backends),
  );
  return { backends, problems };
}

function readBackend(
  args: CheckBackendsArgs,
  name: string,
  value: unknown,
): { backend?: Backend; problems: Problem[] } {
  const refuse = (code: ProblemCode, message: string, ...path: PropertyKey[]) =>
    problemAt(args, code, [name, ...path], message);
  // The name is in those of resources.
  if (!/^[A-Za-z][\w-]{0,39}$/.test(name)) {
    const message = "must have a name of up to 40 letters, digits, '-' and '_' that begins with a letter.";
    return { problems: [refuse("backend-invalid-name", message)] };
  }
  if (!isRecord(value)) return { problems: [refuse("backend-wrong-type", "must be a map with a kind")] };
  const { kind } = value;
  const kinds = Object.keys(backendShapes);
  if (typeof kind !== "string" || !isKind(kind)) {
    const known =
      typeof kind === "string" ? `"${kind}" is not a kind of backend. ${suggestCandidates(kind, kinds)}` : "";
    const message = known || `is missing; it is one of ${kinds.join(", ")}`;
    return { problems: [refuse("backend-unknown-kind", message, "kind")] };
  }
  const parsed = backendShapes[kind].safeParse(value);
  const wrong = (parsed.error?.issues ?? []).flatMap((issue) => explain(args, name, kind, value, issue));
  const refused =
    kind === "mock" && args.apiType === "http" ? [refuse("api-type-unsupported", noMock, "kind")] : [];
  if (!parsed.success) return { problems: [...refused, ...wrong] };
  const backend = parsed.data;
  return { backend, problems: [...refused, ...checkRules(args.apiType, backend, refuse)] };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html */
const noMock = '"mock": HTTP APIs have no mock integrations. Set apiType to rest, or choose another kind.';

function isKind(kind: string): kind is keyof typeof backendShapes {
  return Object.hasOwn(backendShapes, kind);
}

function explain(
  args: CheckBackendsArgs,
  name: string,
  kind: keyof typeof backendShapes,
  value: Record<string, unknown>,
  issue: Issue,
): Problem[] {
  return explainIssue(issue, value).map(({ kind: found, path, key, message }) => {
    const code = codes[found];
    if (key !== undefined) {
      const known = suggestCandidates(key, Object.keys(backendShapes[kind].shape));
      return problemAt(args, code, [name, ...path, key], `is not a key of the kind "${kind}". ${known}`);
    }
    const [first] = path;
    const isMissing = path.length === 1 && first !== undefined && value[String(first)] === undefined;
    const predicate = isMissing ? `is missing, which the kind "${kind}" needs` : message;
    return problemAt(args, code, [name, ...path], predicate);
  });
}

const codes = {
  unknownKey: "backend-unknown-key",
  missingValue: "backend-missing-value",
  wrongType: "backend-wrong-type",
  // A backend has the keys of its kind and no others.
  invalidKey: "backend-unknown-key",
  invalidValue: "backend-invalid-value",
} as const satisfies Record<IssueKind, ProblemCode>;

type Refuse = (code: ProblemCode, message: string, ...path: PropertyKey[]) => Problem;

/** What several keys, or one and the kind of API, demand together. */
function checkRules(apiType: ApiTypeSettings["apiType"], backend: Backend, refuse: Refuse): Problem[] {
  const problems: Problem[] = [];
  if (backend.kind === "mock") return problems;
  const limit = checkTimeout(backend.timeoutMs, apiType);
  if (limit !== undefined) problems.push(refuse("backend-timeout", limit, "timeoutMs"));
  return backend.kind === "vpcLink" ? [...problems, ...checkVpcLink(apiType, backend, refuse)] : problems;
}

function checkTimeout(
  timeoutMs: number | undefined,
  apiType: ApiTypeSettings["apiType"],
): string | undefined {
  const max = maxTimeoutMs[apiType];
  if (timeoutMs === undefined || (timeoutMs >= minTimeoutMs && timeoutMs <= max)) return undefined;
  const kind = apiType === "rest" ? "a REST API" : "an HTTP API";
  return `must be from ${minTimeoutMs} to ${max} milliseconds, which is what ${kind} allows; it is ${timeoutMs}.`;
}

function checkVpcLink(
  apiType: ApiTypeSettings["apiType"],
  { loadBalancerArn, listenerArn, subnetIds, securityGroupIds, vpcLinkId }: VpcLinkBackend,
  refuse: Refuse,
): Problem[] {
  const problems: Problem[] = [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
  if (apiType === "rest" && loadBalancerArn === undefined) {
    const message = "is missing: a REST API names the load balancer itself.";
    problems.push(refuse("backend-missing-value", message, "loadBalancerArn"));
  }
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
  if (apiType === "http" && listenerArn === undefined) {
    const message = "is missing: an HTTP API names the load balancer's listener.";
    problems.push(refuse("backend-missing-value", message, "listenerArn"));
  }
  if (vpcLinkId === undefined && (subnetIds ?? []).length === 0) {
    const message = "is missing: the new VPC link needs it. Or name an existing link with vpcLinkId.";
    problems.push(refuse("backend-missing-value", message, "subnetIds"));
  }
  if (vpcLinkId !== undefined && (subnetIds !== undefined || securityGroupIds !== undefined)) {
    const message =
      "names an existing link, which has its own subnets and security groups. Unset one of them.";
    problems.push(refuse("backend-conflict", message, "vpcLinkId"));
  }
  return problems;
}

function checkChoice(
  { route, name, timeoutMs }: WantedBackend,
  backends: Backends,
  names: readonly string[],
  apiType: ApiTypeSettings["apiType"],
): Problem[] {
  const problems: Problem[] = [];
  if (name && !names.includes(name.value)) {
    const remedy = suggestCandidates(name.value, names) || 'Add it to the config key "backends".';
    const message = `${route}: x-backend: "${name.value}" is not a backend. ${remedy}`;
    problems.push({ ...name.place, code: "backend-unknown", message });
  }
  if (!timeoutMs) return problems;
  const backend = backends[name?.value ?? defaultBackend];
  const limit = backend?.kind === "mock" ? "a mock takes no time." : checkTimeout(timeoutMs.value, apiType);
  if (limit !== undefined) {
    const message = `${route}: x-backend.timeoutMs: ${limit}`;
    problems.push({ ...timeoutMs.place, code: "backend-timeout", message });
  }
  return problems;
}

/** A backend to which nothing goes is mostly one whose name is misspelt elsewhere. */
function checkUse(args: CheckBackendsArgs, backends: Backends): Problem[] {
  const { given, wanted } = args;
  // A document without operations, or that cannot be read, has a problem of its own.
  if (wanted.length === 0) return [];
  const used = new Set(wanted.map(({ name }) => name?.value ?? defaultBackend));
  const problems = Object.keys(given)
    .filter((name) => !used.has(name))
    .map((name) => {
      const of =
        name === defaultBackend
          ? "every operation names another one with x-backend"
          : "no operation names it with x-backend";
      const message = `is not used: ${of}. Remove it, or name it in the document.`;
      return problemAt(args, "backend-unused", [name], message);
    });
  if (
    used.has(defaultBackend) &&
    backends[defaultBackend] === undefined &&
    given[defaultBackend] === undefined
  ) {
    const { route } = wanted.find(({ name }) => (name?.value ?? defaultBackend) === defaultBackend) ?? {};
    const message = `backendUrl is missing, which ${route} needs. Set it with: pulumi config set backendUrl VALUE; or set the backend "${defaultBackend}".`;
    problems.push({ file: fileOf(args), code: "backend-default-missing", message });
  }
  return problems;
}

/** Names the place by its key, and the key by its place. */
function problemAt(
  args: CheckBackendsArgs,
  code: ProblemCode,
  path: readonly PropertyKey[],
  message: string,
): Problem {
  const { places } = args;
  const key = printPath(["backends", ...path]);
  const place = "at" in places ? placeIn(places, path) : places;
  return { ...place, code, message: `${key} ${message}` };
}

/** That of the key itself, since it is the key that is wrong where it is not known. */
function placeIn({ at, atKey }: Pick<Source, "at" | "atKey">, path: readonly PropertyKey[]) {
  const last = path.at(-1);
  return typeof last === "string" ? atKey(path.slice(0, -1), last) : at(path);
}

function fileOf({ places }: CheckBackendsArgs): string {
  return "at" in places ? places.at([]).file : places.file;
}
