// IAM's evaluation of a policy, as AWS documents it, and independent of the code that writes policies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import type { PolicyDocument, Statement } from "../src/policy";

/** An explicit deny wins over any allow; what no statement allows is denied. */
export function isAllowed({ Statement }: PolicyDocument, arn: string): boolean {
  const effects = Statement.filter((statement) => applies(statement, arn)).map(({ Effect }) => Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function applies({ Resource, NotResource }: Statement, arn: string): boolean {
  if (Resource && NotResource) throw new Error("a statement has Resource or NotResource, not both");
  if (Resource) return Resource.some((pattern) => matches(pattern, arn));
  if (NotResource) return !NotResource.some((pattern) => matches(pattern, arn));
  throw new Error("a statement needs Resource or NotResource");
}

/** `*` is any text, `?` any one character, slashes and all; the parts of an ARN are matched each by itself. */
function matches(pattern: string, arn: string): boolean {
  const [patterns, parts] = [split(pattern), split(arn)];
  return parts.every((part, index) => glob(patterns[index] ?? "").test(part));
}

const globs = new Map<string, RegExp>();

function glob(pattern: string): RegExp {
  let expression = globs.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".");
    expression = new RegExp(`^${source}$`, "s");
    globs.set(pattern, expression);
  }
  return expression;
}

/** `arn:partition:service:region:account:resource`, of which the resource may have colons. */
function split(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
