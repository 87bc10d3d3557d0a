// Whether an operation's backend may get encoded slashes in path parameters: `x-encoded-slashes` of the operation.
import { intersects } from "#authorizer/pattern";
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { listPathParameters } from "./paths";

const extension = "x-encoded-slashes";

/** `allow`, or nothing, which denies them. */
export function readEncodedSlashes(
  source: Source,
  path: string,
  method: string,
): { encodedSlashes?: true; problems: Problem[] } {
  const route = `${method.toUpperCase()} ${path}`;
  const given = asRecord(asRecord(asRecord(asRecord(source.value).paths)[path])[method])[extension];
  if (given === undefined) return { problems: [] };
  const refuse = (message: string): { problems: Problem[] } => ({
    problems: [
      {
        ...source.at(["paths", path, method, extension]),
        code: "encoded-slashes-invalid",
        message: `${route}: ${extension}: ${message}`,
      },
    ],
  });
  if (given !== "allow")
    return refuse('must be "allow". Leave it out to deny requests with encoded slashes.');
  if (listPathParameters(path).length === 0) return refuse("the path has no parameter. Remove it.");
  return { encodedSlashes: true, problems: [] };
}

/** A path has operations with backends that differ, and so has a document. */
export function checkEncodedSlashesPlaces(source: Source): Problem[] {
  const document = asRecord(source.value);
  const remedy = "belongs to operations. Move it to those whose backends take encoded slashes.";
  const ofPaths = Object.entries(asRecord(document.paths))
    .filter(([, item]) => asRecord(item)[extension] !== undefined)
    .map(
      ([path]): Problem => ({
        ...source.atKey(["paths", path], extension),
        code: "encoded-slashes-invalid",
        message: `${path}: ${extension}: ${remedy}`,
      }),
    );
  if (document[extension] === undefined) return ofPaths;
  const ofDocument: Problem = {
    ...source.atKey([], extension),
    code: "encoded-slashes-invalid",
    message: `${extension}: ${remedy}`,
  };
  return [ofDocument, ...ofPaths];
}

/** The part of an operation that decides whether its path may reach another. */
interface ReachableOperation {
  method: string;
  path: string;
  pathParameters: readonly string[];
  security: readonly unknown[];
  encodedSlashes?: true;
}

/** No authorizer looks at a public operation's path; its backend may read it as that of an operation which needs a token. */
export function findPublicDetours({ operations }: { operations: readonly ReachableOperation[] }): string[] {
  const guarded = operations.filter(({ security }) => security.length > 0);
  return operations
    .filter(({ security, encodedSlashes }) => security.length === 0 && !encodedSlashes)
    .flatMap((open) =>
      guarded
        .filter((other) => other.method === open.method && isWithin(other, open))
        .map((other) => `${nameOf(open)} needs no token, and ${nameOf(other)} within its path does`),
    );
}

/** Whether an encoded path of the outer operation may be read as one of the inner. */
function isWithin(inner: ReachableOperation, outer: ReachableOperation): boolean {
  const template = (path: string, one: string) =>
    path.replace(/\{[^}]*\+\}/g, "*").replace(/\{[^}]*\}/g, one);
  return outer.pathParameters.length > 0 && intersects(template(outer.path, "*"), template(inner.path, "+"));
}

function nameOf({ method, path }: ReachableOperation): string {
  return `${method} ${path}`;
}
