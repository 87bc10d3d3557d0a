// Which backend an operation wants: `x-backend` of its own or of its path.
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import type { Place, Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";

/** What `x-backend` says: a name, or a map with `name` and `timeoutMs`. */
export interface BackendChoice {
  /** Undefined for the default backend. */
  name?: string;
  /** Instead of the backend's own. */
  timeoutMs?: number;
}

/** The same with the places in the document. */
export interface WantedBackend {
  /** `GET /orders` */
  route: string;
  name?: { value: string; place: Place };
  timeoutMs?: { value: number; place: Place };
}

const extension = "x-backend";
const keys = ["name", "timeoutMs"];

/** What the operation says itself wins over what its path says, key by key. */
export function readBackendChoice(
  source: Source,
  path: string,
  method: string,
): { wanted: WantedBackend; problems: Problem[] } {
  const route = `${method.toUpperCase()} ${path}`;
  const ofPath = read(source, ["paths", path], path);
  const own = read(source, ["paths", path, method], route);
  return {
    wanted: { route, ...ofPath.wanted, ...own.wanted },
    problems: [...ofPath.problems, ...own.problems],
  };
}

/** A document has many backends, so that it cannot choose one as a whole: the settings have the default one. */
export function checkDocumentChoice(source: Source): Problem[] {
  if (asRecord(source.value)[extension] === undefined) return [];
  const message = `${extension}: belongs to paths and operations. For all others, set the backend "default" in the config key "backends".`;
  return [{ ...source.atKey([], extension), code: "backend-choice-invalid", message }];
}

function read(
  source: Source,
  at: readonly string[],
  where: string,
): { wanted: Omit<WantedBackend, "route">; problems: Problem[] } {
  const element = at.reduce<unknown>((inner, key) => asRecord(inner)[key], source.value);
  const given = asRecord(element)[extension];
  if (given === undefined) return { wanted: {}, problems: [] };
  const place = (key?: string) => source.at(key === undefined ? [...at, extension] : [...at, extension, key]);
  const refuse = (message: string, key?: string): Problem => ({
    ...place(key),
    code: "backend-choice-invalid",
    message: `${where}: ${extension}${key === undefined ? "" : `.${key}`}: ${message}`,
  });
  if (typeof given === "string") return { wanted: { name: { value: given, place: place() } }, problems: [] };
  if (!isRecord(given)) {
    const message = "must be the name of a backend, or a map with name and timeoutMs";
    return { wanted: {}, problems: [refuse(message)] };
  }
  const { name, timeoutMs } = given;
  const problems: Problem[] = Object.keys(given)
    .filter((key) => !keys.includes(key))
    .map((key) => ({
      ...source.atKey([...at, extension], key),
      code: "backend-choice-invalid",
      message: `${where}: ${extension}: "${key}" is not a known key. ${suggestCandidates(key, keys)}`,
    }));
  if (name !== undefined && typeof name !== "string") problems.push(refuse("must be a string", "name"));
  if (timeoutMs !== undefined && !Number.isInteger(timeoutMs)) {
    problems.push(refuse("must be a whole number of milliseconds", "timeoutMs"));
  }
  return {
    wanted: {
      ...(typeof name === "string" && { name: { value: name, place: place("name") } }),
      ...(typeof timeoutMs === "number" && { timeoutMs: { value: timeoutMs, place: place("timeoutMs") } }),
    },
    problems,
  };
}
