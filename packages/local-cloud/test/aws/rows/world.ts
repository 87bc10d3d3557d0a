// What other resources need to exist.
import { type Fixture, proxied } from "../../../testing/fixture";
import { createDomainNames } from "./domain-names-rows";
import { streamInputs } from "./firehose-rows";
import type { World } from "./row";

export async function createWorld(fixture: Fixture): Promise<World> {
  const lambdaRole = await fixture.role("lambda.amazonaws.com", "lambda");
  const firehoseRole = await fixture.role("firehose.amazonaws.com", "firehose");
  const gatewayRole = await fixture.role("apigateway.amazonaws.com", "gateway");
  const bucket = await fixture.create("s3/bucket", { bucket: "world-bucket" });
  const logGroup = await fixture.create("cloudwatch/logGroup", { name: "world" });
  const httpApi = await fixture.create("apigatewayv2/api", { protocolType: "HTTP" });
  const body = { openapi: "3.0.1", paths: { "/a": { get: proxied("http://127.0.0.1:9") } } };
  const deployed = await fixture.deploy(body);
  return {
    fixture,
    lambdaRole,
    firehoseRole,
    gatewayRole,
    bucket,
    logGroup,
    function: await fixture.function("export const handler = async () => null;", { name: "world" }),
    stream: await fixture.create("kinesis/firehoseDeliveryStream", {
      name: "amazon-apigateway-world",
      ...streamInputs({ bucket, firehoseRole }),
    }),
    httpApi,
    httpStage: await fixture.create("apigatewayv2/stage", {
      apiId: httpApi.id,
      name: "v1",
      autoDeploy: true,
    }),
    secret: await fixture.create("secretsmanager/secret", { name: "world" }),
    apiKey: await fixture.create("apigateway/apiKey", {}),
    usagePlan: await fixture.create("apigateway/usagePlan", {}),
    ...deployed,
    ...(await createDomainNames({ fixture, stage: deployed.stage })),
    ...(await fixture.deploy(body)),
  };
}
