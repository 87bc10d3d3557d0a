import { type Row, required, type World } from "./row";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b";
const truststore = { truststoreUri: "s3://world-bucket/clients.pem" };
const tls13 = "SecurityPolicy_TLS13_1_3_2025_09";

const name = (domainName: string) => ({
  domainName,
  regionalCertificateArn: certificateArn,
  endpointConfiguration: { types: "REGIONAL" },
});
const httpName = (domainName: string, more: Record<string, unknown> = {}) => ({
  domainName,
  domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2", ...more },
});

export const domainNames: Row[] = [
  {
    type: "apigateway/domainName",
    inputs: () => ({ ...name("row.example.com"), securityPolicy: "TLS_1_2" }),
    change: { mutualTlsAuthentication: truststore },
    replaced: ["domainName"],
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html": [
        ["domainName", "Row.example.com", /in lower case/],
        ["regionalCertificateArn", undefined, /required/],
        [
          "regionalCertificateArn",
          "arn:aws:iam::123456789012:server-certificate/row",
          /a certificate in ACM/,
        ],
        ...required("domainName"),
        ["endpointAccessMode", "other", /BASIC, STRICT, not/],
        [
          "ownershipVerificationCertificateArn",
          "arn:aws:iam::123456789012:server-certificate/row",
          /a certificate in ACM/,
        ],
        { given: { domainName: "http.example.com" }, message: /The domain name you provided already exists/ },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html": [
        {
          given: { mutualTlsAuthentication: { truststoreUri: "s3://nowhere/clients.pem" } },
          message: /BadRequestException: Unable to read the truststore/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html": [
        ["securityPolicy", "TLS_1_3", /SecurityPolicy_TLS13_1_3_2025_09/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html": [
        { given: { securityPolicy: tls13 }, property: "endpointAccessMode", message: /is required/ },
        ["endpointAccessMode", "STRICT", /SecurityPolicy_ only/],
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html":
        [
          {
            given: {
              securityPolicy: tls13,
              endpointAccessMode: "STRICT",
              mutualTlsAuthentication: truststore,
            },
            property: "mutualTlsAuthentication",
            message: /mutual TLS needs a legacy security policy/,
          },
        ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_MutualTlsAuthentication.html": [
        {
          given: { mutualTlsAuthentication: { truststoreUri: "https://world-bucket/clients.pem" } },
          property: "mutualTlsAuthentication.truststoreUri",
          message: /s3:\/\/bucket\/key/,
        },
        ...required("mutualTlsAuthentication.truststoreUri"),
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html":
        [
          {
            given: { regionalCertificateArn: certificateArn.replace("eu-central-1", "us-east-1") },
            message: /BadRequestException: Certificate .* is not in eu-central-1/,
          },
        ],
      "https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html": [
        ...required("endpointConfiguration.types"),
        ["endpointConfiguration.ipAddressType", "other", /ipv4, dualstack, not/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["endpointConfiguration.types", "other", /REGIONAL, not/],
      ],
    },
  },
  {
    type: "apigateway/basePathMapping",
    inputs: ({ domainName, stage }) => ({
      domainName: domainName.id,
      restApi: stage.inputs.restApi,
      stageName: stage.inputs.stageName,
      basePath: "row",
    }),
    change: undefined,
    replaced: ["domainName"],
    refused: {
      "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html": [
        ["basePath", "orders/v1", /no slash/],
        ["restApi", undefined, /required/],
        { given: { domainName: "nowhere.example.com" }, message: /NotFoundException: Invalid domain name/ },
        { given: { restApi: "nowhere" }, message: /Invalid REST API identifier/ },
        { given: { stageName: "nowhere" }, message: /Invalid stage identifier/ },
        {
          given: ({ domainName }: World) => ({ domainName: domainName.id, basePath: "taken" }),
          message: /ConflictException: Base path already exists/,
        },
        ...required("domainName", "stageName"),
      ],
    },
  },
  {
    type: "apigatewayv2/domainName",
    inputs: () => httpName("row.example.com"),
    change: { mutualTlsAuthentication: truststore },
    replaced: ["domainName"],
    refused: {
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames.html": [
        ["domainName", "example", /such as api.example.com/],
        ["domainNameConfiguration", undefined, /required/],
        ...required(
          "domainName",
          "domainNameConfiguration.certificateArn",
          "domainNameConfiguration.endpointType",
          "domainNameConfiguration.securityPolicy",
          "mutualTlsAuthentication.truststoreUri",
        ),
        [
          "domainNameConfiguration.certificateArn",
          "arn:aws:iam::123456789012:server-certificate/row",
          /a certificate in ACM/,
        ],
        ["domainNameConfiguration.ipAddressType", "other", /ipv4, dualstack, not/],
        [
          "domainNameConfiguration.ownershipVerificationCertificateArn",
          "arn:aws:iam::123456789012:server-certificate/row",
          /a certificate in ACM/,
        ],
        ["mutualTlsAuthentication.truststoreUri", "https://world-bucket/clients.pem", /s3:\/\/bucket\/key/],
        {
          given: { domainName: "rest.example.com" },
          message: /The domain name you provided already exists/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html": [
        {
          given: { mutualTlsAuthentication: { truststoreUri: "s3://nowhere/clients.pem" } },
          message: /Unable to read the truststore/,
        },
      ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html":
        [
          {
            given: httpName("row.example.com", { securityPolicy: tls13 }),
            property: "domainNameConfiguration.securityPolicy",
            message: /TLS_1_2/,
          },
        ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html": [
        {
          given: httpName("row.example.com", {
            certificateArn: certificateArn.replace("eu-central-1", "us-east-1"),
          }),
          message: /is not in eu-central-1/,
        },
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["domainNameConfiguration.endpointType", "other", /REGIONAL, not/],
      ],
    },
  },
  {
    type: "apigatewayv2/apiMapping",
    inputs: ({ httpDomainName, httpStage }) => ({
      apiId: httpStage.inputs.apiId,
      domainName: httpDomainName.id,
      stage: httpStage.inputs.name,
      apiMappingKey: "row/v1",
    }),
    change: undefined,
    replaced: ["apiId", "domainName"],
    importedAs: ({ id, inputs }) => `${id.split("/")[1]}/${inputs.domainName}`,
    refused: {
      "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname-apimappings.html":
        [
          // aws/aws-cdk#8983 has AWS's words.
          ["apiMappingKey", "/", /only letters, numbers and/],
          ["stage", undefined, /required/],
          { given: { domainName: "nowhere.example.com" }, message: /NotFoundException: Invalid domain name/ },
          { given: { apiId: "nowhere" }, message: /BadRequestException: Invalid API identifier/ },
          { given: { stage: "nowhere" }, message: /Invalid stage identifier/ },
          ...required("apiId", "domainName"),
        ],
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html":
        [
          {
            given: ({ domainName }: World) => ({ domainName: domainName.id, apiMappingKey: "row" }),
            message: /An HTTP API cannot be mapped to a domain name with SecurityPolicy_TLS13/,
          },
        ],
    },
  },
];

/** The names of the world, of which one is for REST APIs alone, with a mapping. */
export async function createDomainNames({
  fixture,
  stage,
}: Pick<World, "fixture" | "stage">): Promise<Pick<World, "domainName" | "httpDomainName">> {
  const domainName = await fixture.create("apigateway/domainName", {
    ...name("rest.example.com"),
    securityPolicy: tls13,
    endpointAccessMode: "STRICT",
  });
  const httpDomainName = await fixture.create("apigatewayv2/domainName", httpName("http.example.com"));
  // By the other of the two interfaces, so that it is the path that is taken and not the mapping's id.
  await fixture.create("apigatewayv2/apiMapping", {
    apiId: stage.inputs.restApi,
    domainName: domainName.id,
    stage: stage.inputs.stageName,
    apiMappingKey: "taken",
  });
  return { domainName, httpDomainName };
}
