// Which parameters a method of a REST API declares: AWS takes a name in one place only, the path, the query or the headers.
import type { Operation } from "../../openapi/document";
import type { RequestShape } from "../../openapi/requests";

type Parameter = RequestShape["parameters"][number];

export interface SelectedParameters {
  /** In the document's order. */
  declared: Parameter[];
  /** Required ones whose name another place has, so that AWS cannot check them. */
  unchecked: Parameter[];
}

/** Those of the path must be declared, required ones are checked; the others change nothing, and give way. */
export function selectParameters({
  pathParameters,
  request,
}: Pick<Operation, "pathParameters" | "request">): SelectedParameters {
  const all = request?.parameters ?? [];
  const taken = new Set(pathParameters);
  const selected = new Set<Parameter>();
  for (const parameter of [...all.filter(({ required }) => required), ...all]) {
    if (taken.has(parameter.name)) continue;
    taken.add(parameter.name);
    selected.add(parameter);
  }
  return {
    declared: all.filter((parameter) => selected.has(parameter)),
    unchecked: all.filter((parameter) => parameter.required && !selected.has(parameter)),
  };
}
