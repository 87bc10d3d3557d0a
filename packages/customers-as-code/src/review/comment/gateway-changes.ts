// What a plan does to the API's routes: a pure function from its steps to sentences in Markdown.
import { type GatewayOperation, operationsOf } from "../../policy/gateway-operations";
import type { Plan, State } from "../../stacks/plan";
import { grave, type Meaning, notable } from "../changes/declared-change";
import type { PlannedChange } from "../changes/resources";
import { inlineCode } from "../markdown";

const apiTypes = ["aws:apigateway/restApi:RestApi", "aws:apigatewayv2/api:Api"];

/** None where the document is known only once something else is deployed. */
export function describeRoutes({ steps }: Plan): PlannedChange[] {
  return steps
    .filter(({ type }) => apiTypes.includes(type))
    .flatMap((step) => {
      const before = operationsIn(step.old);
      const after = operationsIn(step.new);
      return before && after ? compareRoutes(before, after) : [];
    });
}

const anyone = "**anyone may call it, without a token**";

function compareRoutes(
  before: readonly GatewayOperation[],
  after: readonly GatewayOperation[],
): PlannedChange[] {
  const old = new Map(before.map((operation) => [operation.route, operation]));
  const kept = new Set(after.map(({ route }) => route));
  const changes = after.flatMap(({ route, isPublic }) => {
    const wasPublic = old.get(route)?.isPublic;
    const shown = inlineCode(route);
    if (wasPublic === undefined) {
      const meaning = isPublic ? grave("gains", anyone) : notable();
      return [changeOf(route, `adds the route ${shown}`, meaning)];
    }
    if (isPublic === wasPublic) return [];
    return [
      isPublic
        ? changeOf(route, `makes ${shown} public`, grave("gains", anyone))
        : changeOf(route, `requires a token for ${shown}`, grave("cutOff", "anyone may call it until now")),
    ];
  });
  const removed = before.filter(({ route }) => !kept.has(route));
  const cutOff = grave("cutOff", "whoever calls it is refused");
  return [
    ...changes,
    ...removed.map(({ route }) => changeOf(route, `removes the route ${inlineCode(route)}`, cutOff)),
  ];
}

function changeOf(route: string, does: string, meaning: Meaning): PlannedChange {
  return {
    at: `plan: ${route}`,
    name: inlineCode(route),
    does,
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    from: [`document: ${route}`],
    ...meaning,
  };
}

function operationsIn(state: State | undefined): GatewayOperation[] | undefined {
  const body = state?.inputs.body;
  return typeof body === "string" ? operationsOf(body) : undefined;
}
