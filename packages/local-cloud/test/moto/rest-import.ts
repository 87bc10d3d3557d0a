// What API Gateway makes of an imported OpenAPI document (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html),
// compared with what moto has made of it.
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  DeleteGatewayResponseCommand,
  GatewayResponseType,
  GetAuthorizersCommand,
  GetGatewayResponsesCommand,
  GetResourcesCommand,
  type PatchOperation,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  type Resource,
  UpdateAuthorizerCommand,
} from "@aws-sdk/client-api-gateway";
import { z } from "zod";
import { compare } from "./difference";
import { given } from "./type";

const integration = z.strictObject({
  type: z.enum(["http_proxy"]),
  httpMethod: z.string(),
  uri: z.string(),
  passthroughBehavior: z.enum(["when_no_match"]),
  timeoutInMillis: z.number(),
  requestParameters: z.record(z.string(), z.string()),
});

const operation = z.strictObject({
  operationId: z.string().optional(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(["path"]),
      required: z.boolean(),
      schema: z.strictObject({ type: z.string() }),
    }),
  ),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  "x-amazon-apigateway-integration": integration,
});

const authorizer = z.strictObject({
  type: z.literal("apiKey"),
  name: z.string(),
  in: z.literal("header"),
  "x-amazon-apigateway-authtype": z.literal("custom"),
  "x-amazon-apigateway-authorizer": z.strictObject({
    type: z.literal("token"),
    authorizerUri: z.string(),
    authorizerResultTtlInSeconds: z.number(),
    identityValidationExpression: z.string(),
  }),
});

const gatewayResponse = z.strictObject({
  statusCode: z.string().optional(),
  responseParameters: z.record(z.string(), z.string()).optional(),
  responseTemplates: z.record(z.string(), z.string()),
});

/** Strict: new output of the program is not passed over. */
const documentSchema = z.strictObject({
  openapi: z.string(),
  info: z.strictObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.strictObject({ securitySchemes: z.record(z.string(), authorizer) }),
  "x-amazon-apigateway-gateway-responses": z.record(z.string(), gatewayResponse),
});

type Document = z.output<typeof documentSchema>;

/**
 * moto's import makes resources, methods and integrations. What AWS makes besides is made here by calls of its own, with
 * the document's values: authorizers, what they secure, gateway responses.
 */
export async function finishImport(client: APIGatewayClient, restApiId: string, body: string): Promise<void> {
  const document = documentSchema.parse(JSON.parse(body));
  const authorizers = await createAuthorizers(client, restApiId, document);
  for (const { resourceId, method, declared } of await methodsOf(client, restApiId, document)) {
    const [scheme] = declared.security.flatMap((requirement) => Object.keys(requirement));
    const authorizerId = scheme === undefined ? undefined : given(authorizers.get(scheme), scheme);
    await client.send(
      new PutMethodCommand({
        restApiId,
        resourceId,
        httpMethod: method,
        authorizationType: authorizerId === undefined ? "NONE" : "CUSTOM",
        authorizerId,
        operationName: declared.operationId,
        requestParameters: requestParametersOf(declared),
      }),
    );
    // The method is a new one for moto, without the integration that was imported.
    const { httpMethod, type, passthroughBehavior, ...settings } =
      declared["x-amazon-apigateway-integration"];
    await client.send(
      new PutIntegrationCommand({
        restApiId,
        resourceId,
        httpMethod: method,
        integrationHttpMethod: httpMethod,
        passthroughBehavior: passthroughBehavior.toUpperCase(),
        type: type === "http_proxy" ? "HTTP_PROXY" : type,
        ...settings,
      }),
    );
  }
  await putGatewayResponses(client, restApiId, document);
}

async function createAuthorizers(client: APIGatewayClient, restApiId: string, document: Document) {
  const { items = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  for (const { id } of items) await client.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: id }));
  const made = new Map<string, string>();
  for (const [name, scheme] of Object.entries(document.components.securitySchemes)) {
    const { type: _, ...settings } = scheme["x-amazon-apigateway-authorizer"];
    const identitySource = `method.request.header.${scheme.name}`;
    const { id } = await client.send(
      new CreateAuthorizerCommand({
        restApiId,
        name,
        type: "TOKEN",
        authType: scheme["x-amazon-apigateway-authtype"],
        identitySource,
        ...settings,
      }),
    );
    const authorizerId = given(id, "id");
    made.set(name, authorizerId);
    // moto forgets it on creation.
    const value = settings.identityValidationExpression;
    const patchOperations: PatchOperation[] = [
      { op: "replace", path: "/identityValidationExpression", value },
    ];
    await client.send(new UpdateAuthorizerCommand({ restApiId, authorizerId, patchOperations }));
  }
  return made;
}

async function putGatewayResponses(client: APIGatewayClient, restApiId: string, document: Document) {
  const { items = [] } = await client.send(new GetGatewayResponsesCommand({ restApiId }));
  for (const { responseType } of items) {
    await client.send(new DeleteGatewayResponseCommand({ restApiId, responseType }));
  }
  for (const [responseType, response] of Object.entries(document["x-amazon-apigateway-gateway-responses"])) {
    const known = responseTypes.parse(responseType);
    await client.send(new PutGatewayResponseCommand({ restApiId, responseType: known, ...response }));
  }
}

const responseTypes = z.enum(GatewayResponseType);

/** Every operation of the document with its resource. @throws unless moto has just the same */
async function methodsOf(client: APIGatewayClient, restApiId: string, document: Document) {
  const { items: resources = [] } = await client.send(
    new GetResourcesCommand({ restApiId, embed: ["methods"], limit: 500 }),
  );
  const found = resources.flatMap(({ path = "", resourceMethods = {} }: Resource) =>
    Object.keys(resourceMethods).map((method) => `${method} ${path}`),
  );
  const methods = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, declared]) => ({
      path,
      method: method.toUpperCase(),
      declared,
      resource: resources.find((resource) => resource.path === path),
    })),
  );
  compare("the methods", methods.map(({ method, path }) => `${method} ${path}`).sort(), found.sort());
  return methods.map(({ resource, ...one }) => ({
    ...one,
    resourceId: given(resource?.id, `resource ${one.path}`),
    has: given(resource?.resourceMethods?.[one.method], `${one.method} ${one.path}`),
  }));
}

/** @throws with the first part of the API that is not as the document has it */
export async function compareWithDocument(
  client: APIGatewayClient,
  restApiId: string,
  body: string,
): Promise<void> {
  const document = documentSchema.parse(JSON.parse(body));
  const { items: authorizers = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  compare(
    "the authorizers",
    Object.entries(document.components.securitySchemes).map(([name, scheme]) => {
      const settings = scheme["x-amazon-apigateway-authorizer"];
      const identitySource = `method.request.header.${scheme.name}`;
      return { name, ...settings, type: settings.type.toUpperCase(), authType: "custom", identitySource };
    }),
    authorizers.map(({ id: _, ...settings }) => settings),
  );
  for (const { path, method, declared, has } of await methodsOf(client, restApiId, document)) {
    const scheme = declared.security.flatMap((requirement) => Object.keys(requirement))[0];
    const wanted = declared["x-amazon-apigateway-integration"];
    compare(
      `${method} ${path}`,
      {
        authorizer: scheme,
        operationName: declared.operationId,
        parameters: requestParametersOf(declared),
        integration: {
          ...wanted,
          type: wanted.type.toUpperCase(),
          passthroughBehavior: wanted.passthroughBehavior.toUpperCase(),
        },
      },
      {
        authorizer: authorizers.find(({ id }) => id === has.authorizerId)?.name,
        operationName: has.operationName,
        parameters: has.requestParameters,
        integration: {
          type: has.methodIntegration?.type,
          httpMethod: has.methodIntegration?.httpMethod,
          uri: has.methodIntegration?.uri,
          passthroughBehavior: has.methodIntegration?.passthroughBehavior,
          timeoutInMillis: has.methodIntegration?.timeoutInMillis,
          requestParameters: has.methodIntegration?.requestParameters,
        },
      },
    );
  }
  const { items: responses = [] } = await client.send(new GetGatewayResponsesCommand({ restApiId }));
  compare(
    "the gateway responses",
    document["x-amazon-apigateway-gateway-responses"],
    Object.fromEntries(
      responses.map(({ responseType, statusCode, responseParameters, responseTemplates }) => [
        responseType,
        { statusCode, responseParameters, responseTemplates },
      ]),
    ),
  );
}

function requestParametersOf({ parameters }: z.output<typeof operation>): Record<string, boolean> {
  return Object.fromEntries(
    parameters.map(({ name, in: place, required }) => [`method.request.${place}.${name}`, required]),
  );
}
