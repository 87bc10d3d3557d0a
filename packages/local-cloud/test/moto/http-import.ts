// What API Gateway makes of an imported HTTP API's document, compared with what moto has made of it:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
import {
  type ApiGatewayV2Client,
  CreateAuthorizerCommand,
  CreateStageCommand,
  GetAuthorizerCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  type Stage,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
} from "@aws-sdk/client-apigatewayv2";
import { z } from "zod";
import { compare } from "./difference";
import { given } from "./type";

const operation = z.strictObject({
  operationId: z.string().optional(),
  parameters: z.array(z.unknown()),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  "x-amazon-apigateway-integration": z.strictObject({
    type: z.literal("http_proxy"),
    httpMethod: z.string(),
    uri: z.string(),
    payloadFormatVersion: z.literal("1.0"),
    timeoutInMillis: z.number(),
    requestParameters: z.record(z.string(), z.string()),
  }),
});

const requestAuthorizer = z.strictObject({
  type: z.literal("request"),
  authorizerUri: z.string(),
  authorizerPayloadFormatVersion: z.literal("2.0"),
  authorizerResultTtlInSeconds: z.number(),
  enableSimpleResponses: z.boolean(),
  identitySource: z.string(),
});

const jwtAuthorizer = z.strictObject({
  type: z.literal("jwt"),
  jwtConfiguration: z.strictObject({ issuer: z.string(), audience: z.array(z.string()) }),
  identitySource: z.string(),
});

/** Strict: new output of the program is not passed over. */
const documentSchema = z.strictObject({
  openapi: z.string(),
  info: z.strictObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.object({
        type: z.enum(["apiKey", "oauth2"]),
        "x-amazon-apigateway-authorizer": z.discriminatedUnion("type", [requestAuthorizer, jwtAuthorizer]),
      }),
    ),
  }),
});

type Document = z.output<typeof documentSchema>;

/**
 * moto's import makes routes and integrations, without their parameters. What AWS makes besides is made here by calls of
 * its own, with the document's values: authorizers, what they secure, parameters and time limits of integrations.
 */
export async function finishHttpImport(
  client: ApiGatewayV2Client,
  ApiId: string,
  body: string,
): Promise<void> {
  const document = documentSchema.parse(JSON.parse(body));
  const authorizers = await createAuthorizers(client, ApiId, document);
  for (const { declared, route, integrationId } of await routesOf(client, ApiId, document)) {
    const secured = securityOf(declared);
    const authorizer = secured && given(authorizers.get(secured.scheme), secured.scheme);
    await client.send(
      new UpdateRouteCommand({
        ApiId,
        RouteId: route.RouteId,
        AuthorizationType: authorizer?.type ?? "NONE",
        AuthorizationScopes: secured?.scopes,
        AuthorizerId: authorizer?.id,
        OperationName: declared.operationId,
      }),
    );
    const { requestParameters, timeoutInMillis } = declared["x-amazon-apigateway-integration"];
    await client.send(
      new UpdateIntegrationCommand({
        ApiId,
        IntegrationId: integrationId,
        RequestParameters: requestParameters,
        TimeoutInMillis: timeoutInMillis,
      }),
    );
  }
}

async function createAuthorizers(client: ApiGatewayV2Client, ApiId: string, document: Document) {
  const made = new Map<string, { id: string; type: "CUSTOM" | "JWT" }>();
  for (const [Name, scheme] of Object.entries(document.components.securitySchemes)) {
    const settings = scheme["x-amazon-apigateway-authorizer"];
    const common = { ApiId, Name, IdentitySource: [settings.identitySource] };
    const { AuthorizerId } = await client.send(
      new CreateAuthorizerCommand(
        settings.type === "jwt"
          ? {
              ...common,
              AuthorizerType: "JWT",
              JwtConfiguration: {
                Issuer: settings.jwtConfiguration.issuer,
                Audience: settings.jwtConfiguration.audience,
              },
            }
          : {
              ...common,
              AuthorizerType: "REQUEST",
              AuthorizerUri: settings.authorizerUri,
              AuthorizerPayloadFormatVersion: settings.authorizerPayloadFormatVersion,
              AuthorizerResultTtlInSeconds: settings.authorizerResultTtlInSeconds,
              EnableSimpleResponses: settings.enableSimpleResponses,
            },
      ),
    );
    const type = settings.type === "jwt" ? "JWT" : "CUSTOM";
    made.set(Name, { id: given(AuthorizerId, "AuthorizerId"), type });
  }
  return made;
}

/** Every operation of the document with its route. @throws unless moto has just the same */
async function routesOf(client: ApiGatewayV2Client, ApiId: string, document: Document) {
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, declared]) => ({
      key: `${method.toUpperCase()} ${path}`,
      declared,
    })),
  );
  compare(
    "the routes",
    operations.map(({ key }) => key).sort(),
    routes.map(({ RouteKey }) => RouteKey).sort(),
  );
  return operations.map(({ key, declared }) => {
    const route = given(
      routes.find(({ RouteKey }) => RouteKey === key),
      key,
    );
    return {
      key,
      declared,
      route,
      integrationId: given(route.Target, "Target").replace(/^integrations\//, ""),
    };
  });
}

function securityOf({ security }: z.output<typeof operation>) {
  const [secured] = security.flatMap((requirement) => Object.entries(requirement));
  return secured && { scheme: secured[0], scopes: secured[1] };
}

/** @throws with the first part of the API that is not as the document has it */
export async function compareWithHttpDocument(
  client: ApiGatewayV2Client,
  ApiId: string,
  body: string,
): Promise<void> {
  const document = documentSchema.parse(JSON.parse(body));
  const routes = await routesOf(client, ApiId, document);
  // moto has no GetAuthorizers.
  const ids = new Set(routes.flatMap(({ route }) => route.AuthorizerId ?? []));
  const authorizers = await Promise.all(
    [...ids].map((AuthorizerId) => client.send(new GetAuthorizerCommand({ ApiId, AuthorizerId }))),
  );
  compare(
    "the authorizers",
    Object.entries(document.components.securitySchemes).map(([name, scheme]) => {
      const { identitySource, ...settings } = scheme["x-amazon-apigateway-authorizer"];
      return { name, ...settings, type: settings.type.toUpperCase(), identitySource: [identitySource] };
    }),
    authorizers.map((found) => ({
      name: found.Name,
      type: found.AuthorizerType,
      identitySource: found.IdentitySource,
      ...(found.AuthorizerType === "JWT"
        ? {
            jwtConfiguration: {
              issuer: found.JwtConfiguration?.Issuer,
              audience: found.JwtConfiguration?.Audience,
            },
          }
        : {
            authorizerUri: found.AuthorizerUri,
            authorizerPayloadFormatVersion: found.AuthorizerPayloadFormatVersion,
            authorizerResultTtlInSeconds: found.AuthorizerResultTtlInSeconds,
            enableSimpleResponses: found.EnableSimpleResponses,
          }),
    })),
  );
  const { Items: integrations = [] } = await client.send(new GetIntegrationsCommand({ ApiId }));
  for (const { key, declared, route, integrationId } of routes) {
    const secured = securityOf(declared);
    const found = integrations.find(({ IntegrationId }) => IntegrationId === integrationId);
    const { type, ...integration } = declared["x-amazon-apigateway-integration"];
    compare(
      key,
      {
        authorizer: secured?.scheme,
        scopes: secured?.scopes ?? [],
        operationName: declared.operationId,
        integration: { type: type.toUpperCase(), ...integration },
      },
      {
        authorizer: authorizers.find(({ AuthorizerId }) => AuthorizerId === route.AuthorizerId)?.Name,
        scopes: route.AuthorizationScopes ?? [],
        operationName: route.OperationName,
        integration: {
          type: found?.IntegrationType?.toUpperCase(),
          httpMethod: found?.IntegrationMethod,
          uri: found?.IntegrationUri,
          payloadFormatVersion: found?.PayloadFormatVersion,
          timeoutInMillis: found?.TimeoutInMillis,
          requestParameters: found?.RequestParameters,
        },
      },
    );
  }
}

/** moto's import takes the API's stages away, which AWS leaves. */
export async function restoreStages(
  client: ApiGatewayV2Client,
  ApiId: string,
  stages: Stage[],
): Promise<void> {
  for (const { AccessLogSettings, AutoDeploy, StageName, Tags } of stages) {
    await client.send(new CreateStageCommand({ ApiId, AccessLogSettings, AutoDeploy, StageName, Tags }));
  }
}
