// The local gateway with the example's API, as the program renders it, the real authorizer and an access log. Prints the
// URL of its stage and a token, as JSON.
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssetArchive, StringAsset } from "@pulumi/pulumi/asset";
import { authorizerFiles } from "../../authorizer/build/bundle";
import { authorizerConfig, generateSigningKey, signToken } from "../../authorizer/testing/auth0-tokens";
import { singleBackend } from "../../packages/customers-as-code/src/gateway/backends/backend";
import { accessLogFormat } from "../../packages/customers-as-code/src/gateway/observability/log-format";
import { renderRestApiBody } from "../../packages/customers-as-code/src/gateway/rest/rest-api-body";
import { readDocument } from "../../packages/customers-as-code/src/openapi/document";
import { parseSource } from "../../packages/customers-as-code/src/problems/source";
import { startAws } from "../../packages/local-cloud/src/aws/start-aws";
import type { Properties } from "../../packages/local-cloud/src/engine/provider";

async function main(backendUrl: string): Promise<void> {
  const key = generateSigningKey();
  const { api } = readDocument(
    parseSource("openapi.yaml", readFileSync("openapi.yaml", "utf8")),
    ["GET /health"],
    (file) => {
      throw new Error(`${file} is not part of the document`);
    },
  );
  const directory = mkdtempSync(join(tmpdir(), "aws-"));
  const aws = await startAws({ directory });
  /** Checks and creates a resource, as the engine does. @param type without its module, such as `lambda/function:Function` */
  const create = async (type: string, given: Properties) => {
    const token = `aws:${type}`;
    const { inputs } = await aws.provider.check(token, given, `urn:pulumi:s::p::${token}::bench`, undefined);
    return aws.provider.create(token, inputs, false);
  };
  const createRole = (name: string, service: string) =>
    create("iam/role:Role", {
      name,
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
      },
    });
  const files = Object.entries(authorizerFiles(authorizerConfig(key)));
  const authorizer = await create("lambda/function:Function", {
    name: "authorizer",
    role: (await createRole("authorizer", "lambda.amazonaws.com")).outputs.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new AssetArchive(Object.fromEntries(files.map(([path, text]) => [path, new StringAsset(text)]))),
  });
  await create("lambda/permission:Permission", {
    function: authorizer.id,
    action: "lambda:InvokeFunction",
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn:aws:execute-api:*:*:*/authorizers/*",
  });
  const logWriter = await createRole("log-writer", "apigateway.amazonaws.com");
  await create("apigateway/account:Account", { cloudwatchRoleArn: logWriter.outputs.arn });
  const logGroup = await create("cloudwatch/logGroup:LogGroup", { name: "access-log" });
  const body = renderRestApiBody(api, {
    authorizerUri: String(authorizer.outputs.invokeArn),
    authorizerCacheSeconds: 3600,
    backends: singleBackend(backendUrl),
  });
  const restApi = await create("apigateway/restApi:RestApi", { body });
  const deployment = await create("apigateway/deployment:Deployment", { restApi: restApi.id });
  const stage = await create("apigateway/stage:Stage", {
    restApi: restApi.id,
    deployment: deployment.id,
    stageName: "v1",
    accessLogSettings: { destinationArn: logGroup.outputs.arn, format: accessLogFormat },
  });
  process.on("SIGTERM", () => {
    void aws
      .close()
      .then(() => rm(directory, { recursive: true, force: true }))
      .then(() => process.exit());
  });
  console.log(JSON.stringify({ url: String(stage.outputs.invokeUrl), token: signToken(key) }));
}

void main(process.argv[2] ?? "");
