// Says in a person's words what the schema found, at its place in the file.
import type { ProblemCode } from "../problems/codes";
import type { Problem } from "../problems/problem";
import type { Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { printPath } from "../problems/words";
import { describeIssues, explainIssue, type Issue, type IssueKind, readValue } from "../problems/zod-issue";
import { clientFile, clientOverride, customerFile, deliverySchema, overrideFile } from "./customer-schema";
import { tokenQuota } from "./plans";

/** The problems that the issues stand for, at their places. */
export function explainIssues(source: Source, issues: readonly Issue[]): Problem[] {
  return issues
    .flatMap((issue) => explainIssue(issue, source.value))
    .map(({ kind, path, key, issue }): Problem => {
      const prefix = path.length === 0 ? "" : `${printPath(path)}: `;
      const code = codes[kind];
      if (key === undefined && path.length === 0) {
        const message = `the file must hold a map with the keys ${knownKeys([]).join(", ")}`;
        return { ...source.at([]), code: "customer-file-not-map", path, message };
      }
      if (key === undefined) {
        const message = prefix + describeIssues([issue], readValue(source.value, path));
        return { ...source.at(path), code, path, message };
      }
      if (issue.code === "invalid_key") {
        const message = `${printPath([...path, key])}: the name "${key}" ${describeIssues(issue.issues, key)}`;
        return { ...source.atKey(path, key), code, path, message };
      }
      const message = `${prefix}"${key}" is not a known key. ${suggestCandidates(key, knownKeys(path))}`;
      return { ...source.atKey(path, key), code, path, message };
    });
}

const codes = {
  unknownKey: "customer-file-unknown-key",
  missingValue: "customer-file-missing-value",
  wrongType: "customer-file-wrong-type",
  invalidKey: "customer-file-invalid-key",
  invalidValue: "customer-file-invalid-value",
} as const satisfies Record<IssueKind, ProblemCode>;

function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path.at(-1) === "tokenQuota") return Object.keys(tokenQuota.shape);
  const [first, , ...within] = path;
  const isOfStack = first === "stacks" && path.length > 1;
  const [key] = isOfStack ? within : path;
  if (key === "delivery") return Object.keys(deliverySchema.shape);
  if (key === "clients") return Object.keys(isOfStack ? clientOverride.shape : clientFile.shape);
  return Object.keys(isOfStack ? overrideFile.shape : customerFile.shape);
}
