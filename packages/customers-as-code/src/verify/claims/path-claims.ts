// Slashes that a gateway, its authorizer and a backend may read differently.
import { identityHeaders } from "../../gateway/backends/identity-headers";
import { chooseAllowed, chooseDenied, chooseItem, chooseShowing } from "../choose-operations";
import type { ApiKind, Claim, StackUnderTest, TokenSource } from "../claim";
import {
  type ExpectedRefusal,
  judgeRefusals,
  missingScope,
  noOperation,
  printAnswer,
  printRefusal,
  saysNothing,
} from "../judge";

const notFound: ExpectedRefusal = { status: 404, error: "Not Found" };

/**
 * An HTTP API decodes the path once before anybody looks at it, so a backslash is one of the id there, and its JWT authorizer looks at no
 * path at all (docs/reference/gateway.md).
 */
const encodedSlashes: Record<ApiKind, readonly string[]> = {
  rest: ["%2F", "%2f", "%252F", "%5C"],
  http: ["%2F", "%2f", "%252F"],
  jwt: ["%2F", "%2f"],
};

export const pathClaims: readonly Claim[] = [
  {
    id: "double-slash",
    claim: "Two slashes in a row are no way around a scope.",
    ...{ page: "docs/explanation/authorizer.md#the-policy-and-why-it-may-be-cached", guardsCustomers: true },
    plan: (stack) => attemptDenied(stack, (path) => `/${path}`),
  },
  {
    id: "double-slash-allowed",
    claim: "Two slashes in a row are refused, whatever the token's scopes.",
    ...{ page: "docs/reference/gateway.md#to-try-once-on-aws", guardsCustomers: false },
    plan(stack) {
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const refusals = refusalsOf(stack);
      return {
        expected: refusals.map(printRefusal).join(" or "),
        questions: [{ to: "gateway", ...operation, path: `/${operation.path}`, token: { of: "customer" } }],
        judge: (answers) => judgeRefusals(answers, refusals),
      };
    },
  },
  {
    id: "slash-at-the-end",
    claim: "A slash at the end is no way around a scope.",
    ...{ page: "docs/explanation/authorizer.md#a-slash-at-the-end", guardsCustomers: true },
    plan: (stack) => attemptDenied(stack, (path) => `${path}/`),
  },
  {
    id: "slash-at-the-end-identity",
    claim: "With a slash at the end, a caller's identity headers do not reach the backend either.",
    ...{ page: "docs/reference/gateway.md#to-try-once-on-aws", guardsCustomers: true },
    plan(stack) {
      const operation = chooseShowing(stack);
      if ("notTried" in operation) return operation;
      const value = `org_lie${stack.marker}`;
      const [name] = Object.keys(identityHeaders);
      return {
        expected: "403, 404, or an answer without the caller's value",
        questions: [undefined, { of: "customer" as const }].map((token) => ({
          to: "gateway" as const,
          ...operation,
          path: `${operation.path}/`,
          ...(token && { token }),
          headers: [[name ?? "", value] as const],
        })),
        judge(answers) {
          const seen = [...new Set(answers.map(printAnswer))].join(", ");
          if (answers.some(({ body }) => body.includes(value)))
            return { verdict: "fails", seen: `${seen}: the caller's value` };
          return { verdict: answers.some(saysNothing) ? "unclear" : "holds", seen };
        },
      };
    },
  },
  {
    id: "encoded-slash",
    claim: "An encoded slash in a path parameter is refused.",
    ...{
      page: "docs/explanation/authorizer.md#paths-that-a-backend-may-read-differently",
      guardsCustomers: true,
    },
    plan(stack) {
      const slashes = encodedSlashes[stack.kind];
      return attemptItem(
        stack,
        slashes.map((slash) => `${stack.marker}${slash}${stack.marker}`),
      );
    },
  },
  {
    id: "dot-segments",
    claim: "A path parameter that is a dot segment is refused, encoded or not.",
    ...{
      page: "docs/explanation/authorizer.md#paths-that-a-backend-may-read-differently",
      guardsCustomers: true,
    },
    plan(stack) {
      if (stack.kind !== "rest")
        return {
          notTried:
            "an HTTP API decodes the path before it chooses the operation (docs/reference/gateway.md)",
        };
      return attemptItem(stack, ["..", "%2e%2e", "%2E", `..%2F${stack.marker}`]);
    },
  },
];

/** An HTTP API has no resource of such a path. */
function refusalsOf({ kind }: StackUnderTest): ExpectedRefusal[] {
  return kind === "rest" ? [missingScope.rest] : [missingScope[kind], notFound];
}

function attemptDenied(stack: StackUnderTest, change: (path: string) => string): ReturnType<Claim["plan"]> {
  const denied = chooseDenied(stack);
  if (!denied) return noOperation(stack, "that forbids a token of");
  const { method, path, scope } = denied;
  const token: TokenSource = { of: "customer", ...(scope !== undefined && { scope }) };
  const refusals = refusalsOf(stack);
  return {
    expected: refusals.map(printRefusal).join(" or "),
    questions: [{ to: "gateway", method, path: change(path), token }],
    judge: (answers) => judgeRefusals(answers, refusals),
  };
}

function attemptItem(stack: StackUnderTest, ids: readonly string[]): ReturnType<Claim["plan"]> {
  const folder = chooseItem(stack);
  if (folder === undefined)
    return noOperation(stack, "with a path parameter at the end, without x-encoded-slashes, that allows");
  const refusals = refusalsOf(stack);
  return {
    expected: refusals.map(printRefusal).join(" or "),
    questions: ids.map((id) => ({
      to: "gateway" as const,
      method: "GET",
      path: folder + id,
      token: { of: "customer" as const },
    })),
    judge: (answers) => judgeRefusals(answers, refusals),
  };
}
