// A document of 300 operations, as long as those that large companies publish.
import { stringify } from "yaml";

/** A hundred resources with three operations each, with the schemas, parameters and answers that they share. */
export function largeDocument(): Record<string, unknown> {
  const resources = Array.from({ length: 100 }, (_, index) => `resource-${index}`);
  return {
    openapi: "3.0.3",
    info: { title: "Large API", version: "12.0.1", description: "Three hundred operations." },
    security: [{ customers: ["read:all"] }],
    paths: Object.fromEntries(resources.flatMap(pathsOf)),
    components: {
      securitySchemes: {
        customers: {
          type: "oauth2",
          flows: {
            clientCredentials: {
              tokenUrl: "https://example.eu.auth0.com/oauth/token",
              scopes: Object.fromEntries(
                ["read:all", ...resources.map((name) => `write:${name}`)].map((scope) => [
                  scope,
                  `May ${scope}`,
                ]),
              ),
            },
          },
        },
      },
      parameters: {
        id: { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
        cursor: { name: "cursor", in: "query", schema: { type: "string" } },
      },
      responses: {
        problem: {
          description: "What went wrong.",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      schemas: {
        Problem: {
          type: "object",
          properties: { title: { type: "string" }, cause: { $ref: "#/components/schemas/Problem" } },
        },
        ...Object.fromEntries(resources.map((name) => [name, schemaOf(name)])),
      },
    },
  };
}

export function largeYaml(): string {
  return stringify(largeDocument(), { aliasDuplicateObjects: false });
}

function pathsOf(name: string): [string, unknown][] {
  const schema = { $ref: `#/components/schemas/${name}` };
  const problem = { $ref: "#/components/responses/problem" };
  const content = (type: unknown) => ({ "application/json": { schema: type } });
  const id = { $ref: "#/components/parameters/id" };
  return [
    [
      `/${name}`,
      {
        get: {
          operationId: `list-${name}`,
          summary: `Lists every ${name}`,
          tags: [name],
          parameters: [{ $ref: "#/components/parameters/cursor" }],
          responses: {
            200: { description: "A page", content: content({ type: "array", items: schema }) },
            default: problem,
          },
        },
      },
    ],
    [
      `/${name}/{id}`,
      {
        parameters: [id],
        get: {
          operationId: `get-${name}`,
          summary: `Gets a ${name}`,
          tags: [name],
          responses: { 200: { description: "It", content: content(schema) }, default: problem },
        },
        put: {
          operationId: `put-${name}`,
          summary: `Replaces a ${name}`,
          tags: [name],
          security: [{ customers: [`write:${name}`] }],
          requestBody: { required: true, content: content(schema) },
          responses: { 200: { description: "The new one", content: content(schema) }, default: problem },
        },
      },
    ],
  ];
}

function schemaOf(name: string): unknown {
  return {
    type: "object",
    description: `A ${name}, with what belongs to it.`,
    required: ["id"],
    properties: {
      id: { type: "string", format: "uuid" },
      name: { type: "string", minLength: 1, maxLength: 200, example: `The first ${name}` },
      createdAt: { type: "string", format: "date-time" },
      amount: { type: "number", minimum: 0, exclusiveMinimum: true },
      state: { type: "string", enum: ["open", "closed", "archived"] },
      parent: { $ref: `#/components/schemas/${name}` },
      labels: { type: "object", additionalProperties: { type: "string" } },
    },
  };
}
