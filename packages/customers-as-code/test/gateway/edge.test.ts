// The domain name, the alarms and the dashboard as the program declares them.
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { runProgram } from "../../../../test/support/run-program";

const settings = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `customers-as-code:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b";
const customDomain = { name: "api.example.com", certificateArn };
const topicArns = ["arn:aws:sns:eu-central-1:123456789012:on-call"];

test("a REST API's name takes TLS 1.3 only, as does the API behind it, whose own endpoint is off", async () => {
  const { recording, outputs } = await runProgram(
    settings({ customDomain: { ...customDomain, hostedZoneId: "Z0123456789ABCDEFGHIJ", basePath: "shop" } }),
  );
  const security = { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "STRICT" };
  expect(recording.find("aws:apigateway/domainName:DomainName", "gateway-domain").inputs).toMatchObject({
    domainName: "api.example.com",
    regionalCertificateArn: certificateArn,
    endpointConfiguration: { types: "REGIONAL" },
    ...security,
  });
  expect(recording.find("aws:apigateway/restApi:RestApi", "gateway").inputs).toMatchObject({
    ...security,
    disableExecuteApiEndpoint: true,
  });
  expect(recording.find("aws:apigateway/deployment:Deployment", "gateway").inputs.triggers).toMatchObject({
    defaultEndpoint: "off",
    securityPolicy: security.securityPolicy,
  });
  expect(recording.find("aws:apigateway/basePathMapping:BasePathMapping", "gateway-domain").inputs).toEqual({
    domainName: "api.example.com",
    restApi: "gateway-id",
    stageName: "v1",
    basePath: "shop",
  });
  expect(recording.find("aws:route53/record:Record", "gateway-domain").inputs).toEqual({
    zoneId: "Z0123456789ABCDEFGHIJ",
    name: "api.example.com",
    type: "A",
    aliases: [
      {
        name: "d-gateway-domain.execute-api.eu-central-1.amazonaws.com",
        zoneId: "Z1U9ULNL0V5AJ3",
        evaluateTargetHealth: false,
      },
    ],
  });
  expect(outputs.url).toBe("https://api.example.com/shop");
});

test("with mutual TLS it takes TLS 1.2 too, and asks for certificates of the truststore", async () => {
  const mutualTls = {
    truststoreUri: "s3://truststore/clients.pem",
    truststoreVersion: "7",
    ownershipCertificateArn: certificateArn,
  };
  const { recording, outputs } = await runProgram(settings({ customDomain: { ...customDomain, mutualTls } }));
  const { inputs } = recording.find("aws:apigateway/domainName:DomainName", "gateway-domain");
  expect(inputs).toMatchObject({
    securityPolicy: "TLS_1_2",
    mutualTlsAuthentication: { truststoreUri: "s3://truststore/clients.pem", truststoreVersion: "7" },
    ownershipVerificationCertificateArn: certificateArn,
  });
  expect(inputs).not.toHaveProperty("endpointAccessMode");
  const api = recording.find("aws:apigateway/restApi:RestApi", "gateway").inputs;
  expect(api).toMatchObject({ securityPolicy: "TLS_1_2", disableExecuteApiEndpoint: true });
  expect(recording.resources.map(({ type }) => type)).not.toContain("aws:route53/record:Record");
  expect(outputs.url).toBe("https://api.example.com");
});

test("the API's own endpoint stays open where the settings say so; a change of either deploys the API again", async () => {
  const { recording } = await runProgram(
    settings({ customDomain: { ...customDomain, defaultEndpoint: true, minimumTls: "1.2" } }),
  );
  const { inputs } = recording.find("aws:apigateway/restApi:RestApi", "gateway");
  expect(inputs).toMatchObject({ disableExecuteApiEndpoint: false, securityPolicy: "TLS_1_2" });
  expect(recording.find("aws:apigateway/deployment:Deployment", "gateway").inputs.triggers).toMatchObject({
    defaultEndpoint: "on",
    securityPolicy: "TLS_1_2",
  });
});

// Also where there was one before: the provider leaves what is unset as it was, but for the access mode.
test("a REST API without a name says so of all that one would change, and takes TLS 1.2 too", async () => {
  const { recording } = await runProgram(settings({}));
  const { inputs } = recording.find("aws:apigateway/restApi:RestApi", "gateway");
  expect(inputs).toMatchObject({ disableExecuteApiEndpoint: false, securityPolicy: "TLS_1_2" });
  expect(inputs).not.toHaveProperty("endpointAccessMode");
  expect(recording.find("aws:apigateway/deployment:Deployment", "gateway").inputs.triggers).toMatchObject({
    defaultEndpoint: "on",
    securityPolicy: "TLS_1_2",
  });
});

test("an HTTP API's name takes TLS 1.2 and 1.3", async () => {
  const mutualTls = { truststoreUri: "s3://truststore/clients.pem" };
  const { recording, outputs } = await runProgram(
    settings({ apiType: "http", customDomain: { ...customDomain, basePath: "shop", mutualTls } }),
  );
  expect(recording.find("aws:apigatewayv2/domainName:DomainName", "gateway-domain").inputs).toMatchObject({
    domainName: "api.example.com",
    domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    mutualTlsAuthentication: mutualTls,
  });
  expect(recording.find("aws:apigatewayv2/apiMapping:ApiMapping", "gateway-domain").inputs).toMatchObject({
    domainName: "api.example.com",
    apiId: "gateway-id",
    apiMappingKey: "shop",
  });
  const api = recording.find("aws:apigatewayv2/api:Api", "gateway").inputs;
  expect(api.disableExecuteApiEndpoint).toBe(true);
  expect(api.body).toContain('{"disableExecuteApiEndpoint":true}');
  // Otherwise the import and the program would set them by turns.
  expect(JSON.parse(String(api.body)).info).toEqual({ title: api.name, version: api.version });
  expect(outputs.url).toBe("https://api.example.com/shop");
});

test("alarms notify the topics of beginning and end, keep quiet where nobody calls, and are on the dashboard", async () => {
  const { recording } = await runProgram(settings({ alarms: { topicArns }, dashboard: true }));
  const alarms = recording.resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
  const names = [
    "gateway-server-errors",
    "gateway-authorizer-faults",
    "gateway-authorizer-throttles",
    "gateway-keys-age",
  ];
  expect(alarms.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const { inputs } of alarms) {
    expect(inputs).toMatchObject({
      alarmActions: topicArns,
      okActions: topicArns,
      treatMissingData: "notBreaching",
    });
  }
  const { inputs } = recording.find("aws:cloudwatch/dashboard:Dashboard", "gateway");
  expect(inputs.dashboardName).toBe("customers-as-code-test");
  const { widgets } = JSON.parse(String(inputs.dashboardBody));
  expect(widgets[1].properties.alarms).toEqual(
    names.map((name) => `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`),
  );
  expect(JSON.stringify(widgets)).toContain('"Api","Orders API (test)"');
  // By the name that the authorizer is given, so that the alarms are on what it emits.
  const { code } = recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  const { assets } = code as { assets: Promise<Record<string, { text: Promise<string> }>> };
  const files = await assets;
  expect(JSON.parse((await files["config.json"]?.text) ?? "").name).toBe("Orders API (test)");
});

// https://github.com/hashicorp/terraform-provider-aws/pull/42226: its deletion takes the role from all APIs of the region.
test("the region's role for logs outlives the stack, and nothing else does", async () => {
  const registered = jest.spyOn(MockMonitor.prototype, "registerResource");
  await runProgram(settings({ manageCloudWatchRole: true }));
  const retained = registered.mock.calls.flatMap(([request]) =>
    request.getRetainondelete() ? [`${request.getType()} ${request.getName()}`] : [],
  );
  expect(retained.sort()).toEqual([
    "aws:apigateway/account:Account gateway",
    "aws:iam/role:Role gateway-cloudwatch",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment gateway-cloudwatch",
  ]);
});
