// Which parameters a method of a REST API declares: AWS takes a name in one place only, the path, the query or the headers.
import type { Operation } from "../../openapi/document";
import type { RequestShape } from "../../openapi/requests";

type Parameter = RequestShape["parameters"][number];

/** Whether API Gateway refuses requests without their required parameters. */
export function checksParameters({ validateRequests }: { validateRequests?: string }): boolean {
  return validateRequests === "parameters" || validateRequests === "all";
}

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

/** For a preview to show, since AWS doesn't say whether it compares the names of required headers by case. */
export function describeRequiredHeaders(operations: readonly Operation[]): string[] {
  const names = operations
    .flatMap((operation) => selectParameters(operation).declared)
    .filter(({ in: place, required }) => place === "header" && required)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const list = [...new Set(names)].sort().join(", ");
  return [
    `validateRequests: API Gateway may compare the names of required headers by case (${list}), while clients with HTTP/2 send them in lower case. Try it before customers do: docs/reference/gateway.md#to-try-once-on-aws.`,
  ];
}
