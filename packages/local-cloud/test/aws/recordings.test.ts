// What AWS was recorded to answer, and what the local AWS answers to the same.
import type { ServerResponse } from "node:http";
import { Firehose } from "../../src/aws/firehose-delivery";
import type { Properties } from "../../src/engine/provider";
import {
  type Answer,
  type Backend,
  type Created,
  call,
  Fixture,
  proxied,
  startBackend,
} from "../../testing/fixture";
import { deployHttp, httpAuthorizer, invoking } from "../../testing/http-fixture";
import { streamInputs } from "./rows/firehose-rows";

const snapshots = "localstack/localstack, tests/aws/services";
const lambdaProxy = `${snapshots}/apigateway/test_apigateway_lambda, test_lambda_aws_proxy_integration`;
const functionFormat = `${snapshots}/apigateway/test_apigateway_lambda, test_aws_proxy_response_payload_format_validation`;
const remapping = `${snapshots}/apigateway/test_apigateway_integrations, test_apigateway_header_remapping_http`;
const domains = "floci-io/floci, ApiGatewayV2DomainNameIntegrationTest";

let fixture: Fixture;
let backend: Backend;
let answer: ((response: ServerResponse) => void) | undefined;
let fn: Created;
let rest: Awaited<ReturnType<Fixture["deploy"]>>;
let url: string;

const parameter = (name: string, place: string, required = true) => ({ name, in: place, required });
const operation = (integration: Properties, more: Properties = {}): Properties => ({
  ...more,
  "x-amazon-apigateway-integration": integration,
});
const mock = (template = '{"statusCode": 200}', text = "mock") =>
  operation({
    type: "mock",
    requestTemplates: { "application/json": template },
    responses: { default: { statusCode: "200", responseTemplates: { "application/json": text } } },
  });
const any = (given: Properties) => ({ "x-amazon-apigateway-any-method": given });

beforeAll(async () => {
  fixture = await Fixture.start({ fetchIssuer: async () => new Response("", { status: 404 }) });
  backend = await startBackend((request, response) => {
    if (answer) return answer(response);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ headers: request.headers, rawHeaders: request.rawHeaders }));
  });
  fn = await fixture.function(
    `export const handler = async (event) => {
      const { answer } = event.queryStringParameters ?? {};
      return answer ? JSON.parse(answer) : { statusCode: 200, body: JSON.stringify(event) };
    };`,
    { name: "backend" },
  );
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
  const authorizer = await fixture.function(
    `export const handler = async ({ authorizationToken, methodArn }) => ({
      principalId: "a",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: authorizationToken, Action: "execute-api:Invoke", Resource: methodArn }],
      },
    });`,
  );
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const toFunction = operation({ type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn });
  const toBackend = (integration: Properties = {}, more: Properties = {}) =>
    proxied(`${backend.url}/`, { httpMethod: "POST", ...integration }, more);
  rest = await fixture.deploy({
    openapi: "3.0.1",
    paths: {
      "/f/{proxy+}": any(toFunction),
      "/{proxy+}": any(toFunction),
      "/hardcoded": any(toFunction),
      "/get": any(operation({ type: "aws_proxy", httpMethod: "GET", uri: fn.outputs.invokeArn })),
      "/http": any(toBackend()),
      "/length": any(
        toBackend({ requestParameters: { "integration.request.header.Content-Length": "'4'" } }),
      ),
      "/mock": any(mock()),
      "/unquoted": any(mock("{statusCode: 200}")),
      "/users/me": { patch: mock(undefined, "patched") },
      "/users/{userId}": { get: mock(undefined, "a user") },
      "/secured": any({ ...mock(), security: [{ customers: [] }] }),
      "/required": {
        get: {
          ...mock(),
          parameters: [parameter("qs1", "query"), parameter("x-header-param", "header")],
          "x-amazon-apigateway-request-validator": "all",
        },
      },
    },
    components: {
      securitySchemes: {
        customers: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: authorizer.outputs.invokeArn },
        },
      },
    },
    "x-amazon-apigateway-request-validators": { all: { validateRequestParameters: true } },
  });
  url = rest.url;
});

afterEach(() => {
  answer = undefined;
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

interface Recording {
  what: string;
  source: string;
  local(): unknown;
  recorded: unknown;
}

interface ProxyEvent {
  path: string;
  headers: Record<string, string>;
  pathParameters: Record<string, string> | null;
  requestContext: { path: string; identity: object };
}

async function eventOf(path: string, options: Parameters<typeof call>[1] = {}): Promise<ProxyEvent> {
  const { json } = await call(path.startsWith("http") ? path : url + path, options);
  return json as unknown as ProxyEvent;
}

async function pathsOf(path: string) {
  const { path: ofEvent, pathParameters, requestContext } = await eventOf(path);
  return [ofEvent, pathParameters?.proxy ?? null, requestContext.path];
}

const functionAnswers = (given: unknown, headers = {}): Promise<Answer> =>
  call(`${url}/hardcoded?answer=${encodeURIComponent(JSON.stringify(given))}`, { headers });
const ownHeaders = ({ headers }: Answer) =>
  Object.keys(headers)
    .filter((name) => /^(content-type|x-amzn?-)/.test(name))
    .sort();
const refusalOf = (made: Promise<unknown>) =>
  made.then(
    () => "accepted",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
const createApi = (paths: Properties, more: Properties = {}) =>
  fixture.create("apigateway/restApi", { body: JSON.stringify({ openapi: "3.0.1", paths, ...more }) });
const remove = (short: "apigateway/restApi" | "apigatewayv2/api", { id, outputs }: Created) =>
  fixture.aws.provider.delete(
    short === "apigateway/restApi" ? "aws:apigateway/restApi:RestApi" : "aws:apigatewayv2/api:Api",
    id,
    outputs,
  );
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/a";
const domainOf = (domainName: string) =>
  fixture.create("apigateway/domainName", {
    domainName,
    regionalCertificateArn: certificateArn,
    endpointConfiguration: { types: "REGIONAL" },
  });
const httpDomainOf = (domainName: string) =>
  fixture.create("apigatewayv2/domainName", {
    domainName,
    domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
  });
const httpPaths = () => ({ openapi: "3.0.1", paths: { "/a": { get: invoking(fn) } } });

const requests: Recording[] = [
  {
    what: "two slashes within a greedy path",
    source: lambdaProxy,
    local: () => pathsOf("/proxy-value//double-slash"),
    recorded: ["/proxy-value//double-slash", "proxy-value//double-slash", "/v1/proxy-value//double-slash"],
  },
  {
    what: "two slashes after the stage, greedy",
    source: lambdaProxy,
    local: () => pathsOf("//proxy-value"),
    recorded: ["/proxy-value", "proxy-value", "/v1//proxy-value"],
  },
  {
    what: "two slashes after the stage, fixed resource",
    source: lambdaProxy,
    local: () => pathsOf("//hardcoded"),
    recorded: ["/hardcoded", null, "/v1//hardcoded"],
  },
  {
    what: "a slash at the end, greedy",
    source: lambdaProxy,
    local: () => pathsOf("/proxy-value/"),
    recorded: ["/proxy-value/", "proxy-value", "/v1/proxy-value/"],
  },
  {
    what: "two slashes before the stage",
    source: lambdaProxy,
    local: () => {
      const headers = { Host: `${rest.restApi.id}.execute-api.eu-central-1.amazonaws.com` };
      const { origin } = new URL(url);
      return eventOf(`${origin}//v1/proxy-value`, { headers }).then(
        ({ requestContext }) => requestContext.path,
      );
    },
    recorded: "/v1/proxy-value",
  },
  {
    what: "an encoded plus in a path parameter",
    source: lambdaProxy,
    local: () => pathsOf("/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com"),
    recorded: [
      "/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      "/v1/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
    ],
  },
  {
    what: "headers of a function's event",
    source: lambdaProxy,
    local: () =>
      eventOf("/f/a", { headers: { Accept: "*/*", "tEsT-HEADeR": "aValUE", Connection: "keep-alive" } }).then(
        ({ headers }) => Object.keys(headers).sort(),
      ),
    recorded: [
      "Accept",
      "Host",
      "X-Amzn-Trace-Id",
      "X-Forwarded-For",
      "X-Forwarded-Port",
      "X-Forwarded-Proto",
      "tEsT-HEADeR",
    ],
  },
  {
    what: "keys of requestContext without an authorizer",
    source: lambdaProxy,
    local: () => eventOf("/f/a").then(({ requestContext }) => Object.keys(requestContext).sort()),
    recorded:
      `accountId apiId deploymentId domainName domainPrefix extendedRequestId httpMethod identity path protocol
      requestId requestTime requestTimeEpoch resourceId resourcePath stage`.split(/\s+/),
  },
  {
    what: "keys of requestContext.identity",
    source: lambdaProxy,
    local: () => eventOf("/f/a").then(({ requestContext }) => Object.keys(requestContext.identity).sort()),
    recorded:
      `accessKey accountId caller cognitoAuthenticationProvider cognitoAuthenticationType cognitoIdentityId
      cognitoIdentityPoolId principalOrgId sourceIp user userAgent userArn`.split(/\s+/),
  },
  {
    what: "a function that is called with GET",
    source: `${snapshots}/apigateway/test_apigateway_lambda, test_lambda_aws_proxy_integration_non_post_method`,
    local: () => call(`${url}/get`).then(({ status }) => status),
    recorded: 500,
  },
  {
    what: "a literal that lacks the method, beside a path parameter",
    source: "floci-io/floci, pull 3399 and 3547 (captured against a real REST API)",
    local: () => call(`${url}/users/me`).then(({ status, text }) => [status, text]),
    recorded: [200, "a user"],
  },
  {
    what: "a mock's template with an unquoted key",
    source: `${snapshots}/apigateway/test_apigateway_integrations, test_integration_mock_with_path_param`,
    local: () => call(`${url}/unquoted`).then(({ status }) => status),
    recorded: 200,
  },
  {
    what: "several missing parameters",
    source: `${snapshots}/apigateway/test_apigateway_common, test_api_gateway_request_validator`,
    local: () => call(`${url}/required`).then(({ text }) => text),
    recorded: '{"message":"Missing required request parameters: [x-header-param, qs1]"}',
  },
  {
    what: "a denial",
    source: `${snapshots.replace("tests/aws/services", "localstack-core")}, gateway_exception.py, and two answers of 2026`,
    local: () =>
      call(`${url}/secured`, { headers: { Authorization: "Deny" } }).then(({ status, headers, json }) => [
        status,
        headers["x-amzn-errortype"],
        json,
      ]),
    recorded: [
      403,
      "AccessDeniedException",
      {
        Message:
          "User is not authorized to access this resource with an explicit deny in an identity-based policy",
      },
    ],
  },
];

const answers: Recording[] = [
  {
    what: "headers: null of a function",
    source: functionFormat,
    local: () => functionAnswers({ statusCode: 200, headers: null }).then(({ status }) => status),
    recorded: 200,
  },
  {
    what: "an unknown key of a function's answer",
    source: functionFormat,
    local: () =>
      functionAnswers({ statusCode: 200, wrongValue: "a" }).then(({ status, text }) => [status, text]),
    recorded: [502, '{"message":"Internal server error"}'],
  },
  {
    what: "Base64 of a function without binary media types",
    source: functionFormat,
    local: () =>
      functionAnswers({ statusCode: 200, body: "dGVzdC1kYXRh", isBase64Encoded: true }).then(
        ({ text }) => text,
      ),
    recorded: "dGVzdC1kYXRh",
  },
  {
    what: "a header in both maps",
    source: functionFormat,
    local: () =>
      functionAnswers({
        statusCode: 200,
        headers: { test: "value-solo" },
        multiValueHeaders: { test: ["value-multi"] },
      }).then(({ headers }) => headers.test),
    recorded: "value-multi, value-solo",
  },
  {
    what: "multiValueHeaders that is no list",
    source: functionFormat,
    local: () =>
      functionAnswers({ statusCode: 200, multiValueHeaders: { test: "value" } }).then(({ status }) => status),
    recorded: 502,
  },
  {
    what: "request headers that reach a backend unmapped",
    source: `${remapping}[HTTP_PROXY]`,
    local: async () => {
      const names =
        `Accept Accept-Charset Accept-Encoding Age Authorization Content-Encoding Content-MD5 Content-Type Date
        Max-Forwards Pragma Range Referer Server TE User-Agent Via Warn WWW-Authenticate`.split(/\s+/);
      const headers = Object.fromEntries(names.map((name) => [name, "a"]));
      const { json } = await call(`${url}/http`, { headers });
      const arrived = (json.rawHeaders as string[]).filter((_, index) => index % 2 === 0);
      return names.filter((name) => arrived.includes(name));
    },
    recorded:
      `Accept Accept-Charset Accept-Encoding Age Authorization Content-Type Date Pragma Range Referer User-Agent
      Warn`.split(/\s+/),
  },
  {
    what: "answer headers that get other names",
    source: `${remapping}[HTTP_PROXY]`,
    local: async () => {
      answer = (response) => {
        const headers = { Date: "a", Server: "b", "WWW-Authenticate": "c", "X-Amzn-RequestId": "d" };
        response.writeHead(200, { ...headers, Connection: "close", "Content-Length": "2" }).end("{}");
      };
      const { headers } = await call(`${url}/http`);
      return Object.keys(headers)
        .filter((name) => name.startsWith("x-amzn-remapped-"))
        .sort();
    },
    recorded: [
      "x-amzn-remapped-connection",
      "x-amzn-remapped-content-length",
      "x-amzn-remapped-date",
      "x-amzn-remapped-server",
      "x-amzn-remapped-www-authenticate",
      "x-amzn-remapped-x-amzn-requestid",
    ],
  },
  {
    what: "a trace id of the backend's",
    source: `${snapshots}/apigateway/test_apigateway_http, test_http_integration_with_lambda[HTTP_PROXY]`,
    local: async () => {
      answer = (response) => response.setHeader("X-Amzn-Trace-Id", "Root=1-backend").end("{}");
      return (await call(`${url}/http`)).headers["x-amzn-trace-id"];
    },
    recorded: "Root=1-backend",
  },
  {
    what: "a mapping to Content-Length",
    source: `${remapping}[HTTP_PROXY]`,
    local: () =>
      call(`${url}/length`).then(({ status, headers, json }) => [status, headers["x-amzn-errortype"], json]),
    recorded: [500, "InternalServerErrorException", { message: "Internal server error" }],
  },
  {
    what: "headers of an error of the gateway's own",
    source: `${remapping}[HTTP_PROXY]`,
    local: () => call(`${url}/length`).then(ownHeaders),
    recorded: ["content-type", "x-amz-apigw-id", "x-amzn-errortype", "x-amzn-requestid"],
  },
  {
    what: "headers of a mock's answer",
    source: `${snapshots}/apigateway/test_apigateway_common, test_invocation_trace_id`,
    local: () => call(`${url}/mock`).then(ownHeaders),
    recorded: ["content-type", "x-amz-apigw-id", "x-amzn-requestid"],
  },
  {
    what: "bytes that are no UTF-8, without binary media types",
    source: `${snapshots}/apigateway/test_apigateway_s3, test_apigw_s3_binary_support_response_no_content_handling`,
    local: async () => {
      answer = (response) => response.end(Buffer.from([0x1f, 0x8b, 0xff]));
      return (await call(`${url}/http`)).text;
    },
    recorded: "\u001f\ufffd\ufffd",
  },
];

const imports: Recording[] = [
  {
    what: "a body that is no JSON",
    source: `${snapshots}/apigateway/test_apigateway_import, test_import_api_bad_file`,
    local: () => refusalOf(fixture.create("apigateway/restApi", { body: "{" })),
    recorded: "body BadRequestException: Invalid OpenAPI input.",
  },
  {
    what: "one name in the path and in the query of a method",
    source: `${snapshots}/apigateway/test_apigateway_api, test_method_request_parameters`,
    local: () =>
      refusalOf(
        createApi({
          "/{id}": { get: { ...mock(), parameters: [parameter("id", "path"), parameter("id", "query")] } },
        }),
      ),
    recorded:
      "body BadRequestException: GET /{id}: Parameter names must be unique across querystring, header and path",
  },
  {
    what: "a parameter's name with a colon",
    source: "floci-io/floci, pull 3549 (measured in September 2026)",
    local: () =>
      refusalOf(createApi({ "/a": { get: { ...mock(), parameters: [parameter("a:b", "query")] } } })),
    recorded: "accepted",
  },
  {
    what: "binary media types in the document",
    source: `${snapshots}/apigateway/test_apigateway_import, test_put_rest_api_mode_binary_media_types[overwrite]`,
    local: () =>
      createApi({ "/a": { get: mock() } }, { "x-amazon-apigateway-binary-media-types": ["image/png"] }).then(
        ({ outputs }) => outputs.binaryMediaTypes,
      ),
    recorded: ["image/png"],
  },
  {
    what: "variables of the access log that only HTTP APIs have",
    source: "DataBiosphere/azul, issue 4348 (log lines of 2024-07-10)",
    local: async () => {
      const log = await fixture.accessLog(
        "$context.requestId $context.routeKey $context.dataProcessed $context.awsEndpointRequestId2",
      );
      const { url: at } = await fixture.deploy(
        { openapi: "3.0.1", paths: { "/a": { get: mock() } } },
        log.settings,
      );
      await call(`${at}/a`);
      return (await log.lines()).at(-1)?.split(" ").slice(1);
    },
    recorded: ["-", "-", "-"],
  },
  {
    what: "variables of the access log that an HTTP API does not have",
    source: "usdigitalresponse/usdr-gost, pull 3497",
    local: async () => {
      const { api } = await deployHttp(fixture, httpPaths());
      const accessLogSettings = {
        destinationArn: "arn:aws:logs:eu-central-1:123456789012:log-group:a",
        format: "$context.requestId $context.resourcePath $context.xrayTraceId",
      };
      const stage = { apiId: api.id, name: "v2", autoDeploy: true, accessLogSettings };
      return (await refusalOf(fixture.create("apigatewayv2/stage", stage))).match(/(?<=\$context\.)\w+/g);
    },
    recorded: ["resourcePath", "xrayTraceId"],
  },
  {
    what: "warnings of imports that fail on them",
    source: "hashicorp/terraform-provider-aws, the tests FailOnWarnings and OpenAPI_failOnWarnings",
    local: async () => {
      const schema = { $ref: "#/components/schemas/Missing" };
      const content = { "application/json": { schema } };
      const get = { ...invoking(fn), responses: { "200": { description: "a", content } } };
      const strange = { components: { models: {} } };
      return [
        await refusalOf(deployHttp(fixture, { openapi: "3.0.1", paths: { "/a": { get } } })),
        await refusalOf(createApi({ "/a": { get: mock() } }, strange)).then((made) => made === "accepted"),
        await refusalOf(
          fixture.create("apigateway/restApi", {
            body: JSON.stringify({ openapi: "3.0.1", paths: { "/a": { get: mock() } }, ...strange }),
            failOnWarnings: true,
          }),
        ),
      ];
    },
    recorded: [
      "body BadRequestException: Warnings found during import: there is nothing at #/components/schemas/Missing",
      true,
      "body BadRequestException: Warnings found during import: attribute components.models is unexpected",
    ],
  },
  {
    what: "a JWT issuer that is out of reach",
    source: "haandol/cognito-kakao-example, issue 1",
    local: () => {
      const jwtConfiguration = { issuer: "https://issuer.example", audience: ["a"] };
      const components = httpAuthorizer({ type: "jwt", jwtConfiguration });
      return refusalOf(deployHttp(fixture, { ...httpPaths(), components })).then(withoutPlace);
    },
    recorded:
      "BadRequestException: Caught exception when connecting to https://issuer.example/.well-known/openid-configuration for issuer https://issuer.example. Please try again later. Error: Invalid issuer: https://issuer.example. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'",
  },
  {
    what: "headers of an HTTP API's event",
    source: "aws/aws-lambda-go, apigw-v2-request-no-authorizer.json",
    local: async () => {
      const { url: at } = await deployHttp(fixture, httpPaths());
      const { json } = await call(`${at}/a`, { headers: { Accept: "*/*", "User-Agent": "a" } });
      return Object.keys(json.headers ?? {}).sort();
    },
    recorded: `accept content-length host user-agent x-amzn-trace-id x-forwarded-for x-forwarded-port
      x-forwarded-proto`.split(/\s+/),
  },
];

const resources: Recording[] = [
  {
    what: "a usage plan with a stage that is not there",
    source: `${snapshots}/apigateway/test_apigateway_common, test_usage_plan_crud`,
    local: () =>
      refusalOf(
        fixture.create("apigateway/usagePlan", { apiStages: [{ apiId: rest.restApi.id, stage: "none" }] }),
      ).then(codeOf),
    recorded: "NotFoundException",
  },
  {
    what: "an access log to a log group that is not there",
    source: `${snapshots}/apigateway/test_apigateway_api, test_stage_access_log_settings`,
    local: async () => {
      const { settings } = await fixture.accessLog("$context.requestId");
      const { destinationArn } = settings.accessLogSettings;
      const accessLogSettings = { ...settings.accessLogSettings, destinationArn: `${destinationArn}-none` };
      const { url: at } = await fixture.deploy(
        { openapi: "3.0.1", paths: { "/a": { get: mock() } } },
        { accessLogSettings },
      );
      return (await call(`${at}/a`)).status;
    },
    recorded: 200,
  },
  {
    what: "headers of a delivery by Firehose",
    source: "vectordotdev/vector, tests of aws_kinesis_firehose, and a captured trace id",
    local: async () => {
      let names: string[] = [];
      const endpoint = await startBackend(({ headers }, response) => {
        names = Object.keys(headers);
        response.end();
      });
      const firehoseRole = await fixture.role("firehose.amazonaws.com", "firehose");
      const bucket = await fixture.create("s3/bucket", { bucket: "recorded" });
      const given = streamInputs({ bucket, firehoseRole });
      const httpEndpointConfiguration = {
        ...(given.httpEndpointConfiguration as Properties),
        url: endpoint.url,
        accessKey: "a",
        retryDuration: 0,
        requestConfiguration: { contentEncoding: "GZIP", commonAttributes: [{ name: "a", value: "b" }] },
      };
      const stream = await fixture.create("kinesis/firehoseDeliveryStream", {
        name: "recorded",
        ...given,
        httpEndpointConfiguration,
      });
      const { account, metrics } = fixture.aws;
      const firehose = new Firehose(account, metrics);
      firehose.put(stream.id, "a");
      await firehose.close();
      await endpoint.close();
      return names.filter((name) => !/^(connection|content-length)$/.test(name)).sort();
    },
    recorded:
      `content-encoding content-type host user-agent x-amz-firehose-access-key x-amz-firehose-common-attributes
      x-amz-firehose-protocol-version x-amz-firehose-request-id x-amz-firehose-source-arn x-amzn-trace-id`.split(
        /\s+/,
      ),
  },
  {
    what: "a secret that exists",
    source: `${snapshots}/secretsmanager/test_secretsmanager, test_secret_exists_snapshots`,
    local: async () => {
      // AWS's list of characters has the exclamation mark (test_invalid_secret_name).
      await fixture.create("secretsmanager/secret", { name: "recorded!" });
      return codeOf(await refusalOf(fixture.create("secretsmanager/secret", { name: "recorded!" })));
    },
    recorded: "ResourceExistsException",
  },
  {
    what: "a log group that exists",
    source: `${snapshots}/logs/test_logs_groups, test_create_log_group_duplicate_error`,
    local: async () => {
      await fixture.create("cloudwatch/logGroup", { name: "recorded" });
      return codeOf(await refusalOf(fixture.create("cloudwatch/logGroup", { name: "recorded" })));
    },
    recorded: "ResourceAlreadyExistsException",
  },
  {
    what: "a domain name that exists",
    source: domains,
    local: async () => {
      await domainOf("rest.recorded.example");
      await httpDomainOf("http.recorded.example");
      const again = [domainOf("rest.recorded.example"), httpDomainOf("http.recorded.example")];
      return Promise.all(again.map((made) => refusalOf(made).then(codeOf)));
    },
    recorded: ["BadRequestException", "BadRequestException"],
  },
  {
    what: "mappings of an HTTP API: to none, the same twice, and the deletion of the API",
    source: `${domains}; gruntwork-io/cloud-nuke, issue 370`,
    local: async () => {
      const { api } = await deployHttp(fixture, httpPaths());
      const { id: domainName } = await httpDomainOf("mapped-http.recorded.example");
      const map = (apiId: string) =>
        fixture.create("apigatewayv2/apiMapping", { apiId, domainName, stage: "v1" });
      const ofNone = await refusalOf(map("abcdefghij"));
      await map(api.id);
      const removal = await refusalOf(remove("apigatewayv2/api", api));
      const again = await refusalOf(map(api.id));
      return [codeOf(ofNone), codeOf(again), withoutPlace(removal).replaceAll(api.id, "XYZ")];
    },
    recorded: [
      "BadRequestException",
      "ConflictException",
      "BadRequestException: Deleting API XYZ failed. Please remove all API mappings for the API from your custom domain names.",
    ],
  },
  {
    what: "the deletion of a REST API that a domain name is mapped to",
    source: "amplify-education/serverless-domain-manager, issue 406; Miserlou/Zappa, issue 264",
    local: async () => {
      const { restApi } = await fixture.deploy({ openapi: "3.0.1", paths: { "/a": { get: mock() } } });
      const { id: domainName } = await domainOf("mapped-rest.recorded.example");
      await fixture.create("apigateway/basePathMapping", {
        restApi: restApi.id,
        domainName,
        stageName: "v1",
      });
      const removal = await refusalOf(remove("apigateway/restApi", restApi));
      return withoutPlace(removal).replaceAll(restApi.id, "XYZ");
    },
    recorded:
      "BadRequestException: Deleting RestApi XYZ failed. Please remove all base path mappings related to the RestApi in your domains.",
  },
];

/** Without what the provider says before AWS's own words. */
function withoutPlace(refusal: string): string {
  return refusal.replace(/^\w+ing [^:]+: /, "");
}

function codeOf(refusal: string): string | undefined {
  return /\b\w+Exception\b/.exec(refusal)?.[0];
}

// Recorded: each row has its source.
it.each([...requests, ...answers, ...imports, ...resources])(
  "$what: as recorded by $source",
  async ({ local, recorded }) => {
    expect(await local()).toEqual(recorded);
  },
);
