// Which operations of the API anyone may call without a token.
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { operationsOf } from "./gateway-operations";

export const publicRoutes: ResourceValidationPolicy = {
  name: "public-routes",
  description:
    "Only routes that are listed here may be called without a token. Give the operation a security requirement in the OpenAPI document; or, if anyone may call it, add it to public-routes.allowed in policy/STACK.json.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      allowed: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: 'Such as "GET /health".',
      },
    },
  },
  validateResource: ({ type, props, getConfig }, report) => {
    if (type !== "aws:apigateway/restApi:RestApi" && type !== "aws:apigatewayv2/api:Api") return;
    const { allowed } = getConfig<{ allowed: string[] }>();
    const body: unknown = props.body;
    if (typeof body !== "string") return report("The API has no body, so that its routes cannot be checked.");
    for (const { route, isPublic } of operationsOf(body)) {
      if (isPublic && !allowed.some((one) => withoutNames(one) === withoutNames(route)))
        report(`${route} is public, and not allowed to be.`);
    }
  },
};

/** API Gateway may get other names of path parameters than the document has. */
function withoutNames(route: string): string {
  return route.replaceAll(/\{[^}]*?(\+?)\}/g, "{$1}");
}
