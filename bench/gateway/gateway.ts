// The local gateway with the example's API, as the program renders it, the real authorizer and an access log. Prints the
// URL of its stage and a token, as JSON.
import { readFileSync } from "node:fs";
import { authorizerFiles } from "../../authorizer/build/bundle";
import { singleBackend } from "../../packages/customers-as-code/src/gateway/backends/backend";
import { accessLogFormat } from "../../packages/customers-as-code/src/gateway/observability/log-format";
import { renderRestApiBody } from "../../packages/customers-as-code/src/gateway/rest/rest-api-body";
import { readDocument } from "../../packages/customers-as-code/src/openapi/document";
import { parseSource } from "../../packages/customers-as-code/src/problems/source";
import { Fixture } from "../../packages/local-cloud/test/aws/fixture";
import { authorizerConfig, generateSigningKey, signToken } from "../authorizer/tokens";

async function main(backendUrl: string): Promise<void> {
  const key = generateSigningKey();
  const { api } = readDocument(
    parseSource("openapi.yaml", readFileSync("openapi.yaml", "utf8")),
    ["GET /health"],
    (file) => {
      throw new Error(`${file} is not part of the document`);
    },
  );
  const fixture = await Fixture.start();
  const authorizer = await fixture.function(authorizerFiles(authorizerConfig(key)));
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const body = renderRestApiBody(api, {
    authorizerUri: String(authorizer.outputs.invokeArn),
    authorizerCacheSeconds: 3600,
    backends: singleBackend(backendUrl),
  });
  const log = await fixture.accessLog(accessLogFormat);
  const { url } = await fixture.deploy(JSON.parse(body), log.settings);
  process.on("SIGTERM", () => {
    void fixture.close().then(() => process.exit());
  });
  console.log(JSON.stringify({ url, token: signToken(key) }));
}

void main(process.argv[2] ?? "");
