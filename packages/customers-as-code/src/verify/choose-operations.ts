// Which operations of the document are called. Only GET: it changes nothing at the backend, even if a refusal fails.
import type { Operation } from "../openapi/document";
import type { NamedOperation, NotTried, StackUnderTest } from "./claim";
import { noOperation } from "./judge";

type Known = Pick<StackUnderTest, "operations" | "customer" | "marker" | "given">;

/** One that the customer's token allows. */
export function chooseAllowed(stack: Known): NamedOperation | undefined {
  const allowed = readable(stack).filter((operation) => allows(operation, stack.customer.scopes));
  return callable(allowed[0], stack.marker);
}

/** One that the customer's token, or a token with one of its scopes, does not allow. */
export function chooseDenied(stack: Known): (NamedOperation & { scope?: string }) | undefined {
  const { scopes } = stack.customer;
  const secured = readable(stack);
  const denied = callable(
    secured.find((operation) => !allows(operation, scopes)),
    stack.marker,
  );
  if (denied) return denied;
  for (const scope of scopes) {
    const narrowed = callable(
      secured.find((operation) => !allows(operation, [scope])),
      stack.marker,
    );
    if (narrowed) return { ...narrowed, scope };
  }
  return undefined;
}

/**
 * Path up to the last parameter of an operation that the customer's token allows, such as `/orders/`. Where encoded slashes are
 * declared, or a greedy parameter takes them, they are no way around a scope.
 */
export function chooseItem(stack: Known): string | undefined {
  const item = readable(stack).find(
    ({ path, encodedSlashes, ...operation }) =>
      /\/\{[^}+]+\}$/.test(path) && !encodedSlashes && allows(operation, stack.customer.scopes),
  );
  return item && fillPath(item.path.replace(/\{[^}]+\}$/, ""), stack.marker);
}

export const headersNotShown =
  "the backend does not show the headers that it gets: --shows-headers names an operation that does";

/** An operation whose answer shows whom the backend took for the caller. */
export function chooseShowing(stack: StackUnderTest): NamedOperation | NotTried {
  if (stack.given.showsHeaders) return stack.given.showsHeaders;
  const operation = chooseAllowed(stack);
  if (!operation) return noOperation(stack, "that allows");
  return stack.showsCaller ? operation : { notTried: headersNotShown };
}

/** GET operations that need a token and no parameters of the query or header, those without path parameters first. */
function readable({ operations, given: { tooSlow } }: Known): Operation[] {
  const isReady = ({ method, path, security, request }: Operation) =>
    method === "GET" &&
    security.length > 0 &&
    !request?.parameters.some(({ required }) => required) &&
    path !== tooSlow?.path;
  return operations
    .filter(isReady)
    .sort((a, b) => Math.sign(a.pathParameters.length) - Math.sign(b.pathParameters.length));
}

function allows({ security }: Pick<Operation, "security">, scopes: readonly string[]): boolean {
  return security.some((alternative) => alternative.every((scope) => scopes.includes(scope)));
}

function callable(operation: Operation | undefined, marker: string): NamedOperation | undefined {
  return operation && { method: operation.method, path: fillPath(operation.path, marker) };
}

function fillPath(path: string, marker: string): string {
  return path.replace(/\{[^}]+\}/g, marker);
}
