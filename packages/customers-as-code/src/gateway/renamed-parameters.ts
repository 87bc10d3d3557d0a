// Functions see the names of path parameters in their events, and some are not those of the document.
import type { ApiDocument } from "../openapi/document";
import { listPathParameters } from "../openapi/paths";
import type { Backends } from "./backends/backend";
import { chooseBackend } from "./rest/rest-integration";

/** One sentence for each operation whose function gets other names than its path has. */
export function describeRenamedParameters({ operations }: ApiDocument, backends: Backends): string[] {
  return operations.flatMap((operation) => {
    const { method, path, pathParameters, gatewayPath } = operation;
    if (gatewayPath === undefined || chooseBackend(operation, backends).backend.kind !== "lambda") return [];
    const renamed = listPathParameters(path)
      .map((name, index) => [name, pathParameters[index]])
      .filter(([own, given]) => own !== given)
      .map(([own, given]) => `"${own}" as "${given}"`);
    return [
      `${method} ${path}: the event of its function has the path parameter ${renamed.join(" and ")}, since API Gateway takes one name in a place and gets ${gatewayPath}.`,
    ];
  });
}
