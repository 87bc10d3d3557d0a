// The local gateway with the example's API, as the program renders it, the real authorizer and an access log. Prints the
// URL of its stage and a token, as JSON.
import { readFileSync } from "node:fs";
import { authorizerFiles } from "../../authorizer/bundle";
import { parseSource } from "../../diagnostics/source";
import { singleBackend } from "../../gateway/backend";
import { readDocument } from "../../gateway/document";
import { accessLogFormat } from "../../gateway/log-format";
import { renderRestApiBody } from "../../gateway/rest-api-body";
import { Fixture } from "../../test/local/aws/fixture";
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
