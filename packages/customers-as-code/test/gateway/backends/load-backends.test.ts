// The backends of a stack: where their problems are. And what the program declares for them, for checks and for browsers.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "../../../../../test/support/run-program";
import { variants } from "../../../../../test/support/variants";
import { loadBackends } from "../../../src/gateway/backends/load-backends";
import { formatProblem } from "../../../src/problems/problem";

describe("a problem of the settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function problemsOf(file: string) {
    jest.spyOn(pulumi, "getProject").mockReturnValue("customers-as-code");
    jest.spyOn(pulumi, "getRootDirectory").mockReturnValue(folder);
    const backends = { reports: { kind: "http" } };
    const settings = { file, backends, backendUrl: "https://a.example", apiType: "rest" as const };
    const wanted = [{ route: "GET /", name: { value: "reports", place: { file: "", line: 1, column: 1 } } }];
    const { problems, files } = loadBackends(settings, { wanted });
    return { problems: problems.map(formatProblem), files };
  }

  it("has its place in the stack's file", () => {
    const text = "config:\n  aws:region: x\n  customers-as-code:backends:\n    reports:\n      kind: http\n";
    writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    expect(problemsOf("Pulumi.dev.yaml")).toEqual({
      problems: ['Pulumi.dev.yaml:5:7  backends.reports.url is missing, which the kind "http" needs'],
      files: ["Pulumi.dev.yaml"],
    });
  });

  it("names the file alone where that is elsewhere", () => {
    expect(problemsOf("Pulumi.prod.yaml").problems).toEqual([
      'Pulumi.prod.yaml  backends.reports.url is missing, which the kind "http" needs',
    ]);
  });
});

describe.each([
  ["a REST API that logs to CloudWatch", "aws:apigateway/restApi:RestApi"],
  ["an HTTP API with everything", "aws:apigatewayv2/api:Api"],
])("%s", (variant, api) => {
  let recording: Awaited<ReturnType<typeof runProgram>>["recording"];

  beforeAll(async () => {
    ({ recording } = await runProgram(variants[variant]));
  }, 60_000);

  it("has a VPC link for the backend in a VPC, which its body names", () => {
    const { inputs } = recording.find("aws:apigatewayv2/vpcLink:VpcLink", "gateway-warehouse");
    expect(inputs).toMatchObject({
      subnetIds: ["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
      securityGroupIds: ["sg-0a1b2c3d"],
    });
    const { paths } = JSON.parse(String(recording.find(api, "gateway").inputs.body));
    expect(paths["/stock"].get["x-amazon-apigateway-integration"]).toMatchObject({
      connectionType: "VPC_LINK",
      connectionId: "gateway-warehouse-id",
    });
    expect(paths["/mails"].post["x-amazon-apigateway-integration"]).toMatchObject({
      type: "aws_proxy",
      timeoutInMillis: 5000,
    });
    expect(paths["/orders"].get["x-amazon-apigateway-integration"]).toMatchObject({
      uri: "https://backend.example.com/orders",
    });
  });

  it("answers browsers, and a REST API checks requests", () => {
    const { body, corsConfiguration } = recording.find(api, "gateway").inputs;
    const document = JSON.parse(String(body));
    if (variant.startsWith("a REST API")) {
      expect(document.paths["/orders"].options).toMatchObject({ security: [] });
      expect(document["x-amazon-apigateway-request-validator"]).toBe("requests");
      expect(document["x-amazon-apigateway-gateway-responses"].DEFAULT_4XX.responseParameters).toMatchObject({
        "gatewayresponse.header.Access-Control-Allow-Origin": "'https://app.example.com'",
      });
    } else {
      expect(corsConfiguration).toMatchObject({
        allowOrigins: ["https://app.example.com", "http://localhost:3000"],
      });
    }
  });

  it("may call the alias that the settings name, and no other API may by this", () => {
    expect(recording.find("aws:lambda/permission:Permission", "gateway-mailer").inputs).toEqual({
      function: "arn:aws:lambda:eu-central-1:123456789012:function:mailer",
      qualifier: "live",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:gateway/v1/*",
    });
  });
});
