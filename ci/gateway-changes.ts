// What a plan does to the API's routes: a pure function from its steps to sentences in Markdown.
import { type GatewayOperation, operationsOf } from "../policy/operations";
import { code } from "./markdown";
import type { Plan, State } from "./plan";

const apiTypes = ["aws:apigateway/restApi:RestApi", "aws:apigatewayv2/api:Api"];

/** None where the document is known only once something else is deployed. */
export function describeRoutes({ steps }: Plan): string[] {
  return steps
    .filter(({ type }) => apiTypes.includes(type))
    .flatMap((step) => {
      const before = operationsIn(step.old);
      const after = operationsIn(step.new);
      return before && after ? compareRoutes(before, after) : [];
    });
}

function compareRoutes(before: readonly GatewayOperation[], after: readonly GatewayOperation[]): string[] {
  const old = new Map(before.map((operation) => [operation.route, operation]));
  const kept = new Set(after.map(({ route }) => route));
  const sentences = after.flatMap(({ route, isPublic }) => {
    const wasPublic = old.get(route)?.isPublic;
    if (wasPublic === undefined) {
      return [
        isPublic
          ? `adds the route ${code(route)}, **which anyone may call**`
          : `adds the route ${code(route)}`,
      ];
    }
    if (isPublic === wasPublic) return [];
    return [
      isPublic
        ? `makes ${code(route)} public: **anyone may call it without a token**`
        : `demands a token for ${code(route)}, which anyone may call until now`,
    ];
  });
  const removed = before.filter(({ route }) => !kept.has(route));
  return [...sentences, ...removed.map(({ route }) => `removes the route ${code(route)}`)];
}

function operationsIn(state: State | undefined): GatewayOperation[] | undefined {
  const body = state?.inputs.body;
  return typeof body === "string" ? operationsOf(body) : undefined;
}
