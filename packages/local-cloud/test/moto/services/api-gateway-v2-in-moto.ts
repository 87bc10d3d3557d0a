// API Gateway v2: HTTP APIs by the import of their document, and their stages.
import {
  CreateApiCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetStageCommand,
  GetStagesCommand,
  ReimportApiCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
} from "@aws-sdk/client-apigatewayv2";
import { z } from "zod";
import { compareWithHttpDocument, finishHttpImport, restoreStages } from "../http-import";
import { type AnyRow, type Clients, droppedTags, given, region, row, tagged } from "../type";

const accountId = "123456789012";

const apisOf = async ({ apiGatewayV2 }: Clients) =>
  ((await apiGatewayV2.send(new GetApisCommand({}))).Items ?? []).map(({ ApiId }) => given(ApiId, "ApiId"));

const stageInputs = z.strictObject({
  ...tagged,
  accessLogSettings: z.strictObject({ destinationArn: z.string(), format: z.string() }),
  apiId: z.string(),
  autoDeploy: z.boolean(),
  name: z.string(),
});

export const apiGatewayV2: Record<string, AnyRow> = {
  "aws:apigatewayv2/api:Api": row({
    inputs: z.strictObject({
      ...tagged,
      body: z.string(),
      description: z.string(),
      disableExecuteApiEndpoint: z.boolean(),
      failOnWarnings: z.boolean(),
      ipAddressType: z.literal("ipv4"),
      name: z.string(),
      protocolType: z.literal("HTTP"),
      version: z.string(),
    }),
    unread: {
      body: "AWS answers with what it has made of it, which is compared here after each change",
      failOnWarnings: "it is how the body is imported",
      ipAddressType: "moto takes it and forgets it",
    },
    async create({ body, failOnWarnings, name, tags, ...others }, aws) {
      const made = await aws.apiGatewayV2.send(
        new CreateApiCommand({ Name: name, ProtocolType: others.protocolType, Tags: tags }),
      );
      const id = given(made.ApiId, "ApiId");
      await importBody(aws, id, { body, failOnWarnings, name, ...others });
      return {
        id,
        outputs: {
          apiEndpoint: given(made.ApiEndpoint, "ApiEndpoint"),
          arn: apiArn(id),
          executionArn: `arn:aws:execute-api:${region}:${accountId}:${id}`,
        },
      };
    },
    async update(id, { tags, ...inputs }, old, aws) {
      await importBody(aws, id, inputs);
      const ResourceArn = apiArn(id);
      const TagKeys = droppedTags(old.tags, tags);
      if (TagKeys.length > 0) await aws.apiGatewayV2.send(new UntagResourceCommand({ ResourceArn, TagKeys }));
      await aws.apiGatewayV2.send(new TagResourceCommand({ ResourceArn, Tags: tags ?? {} }));
      return undefined;
    },
    delete: (ApiId, _inputs, { apiGatewayV2 }) => apiGatewayV2.send(new DeleteApiCommand({ ApiId })),
    async read(ApiId, _inputs, { apiGatewayV2 }) {
      const found = await apiGatewayV2.send(new GetApiCommand({ ApiId }));
      return {
        description: found.Description,
        disableExecuteApiEndpoint: found.DisableExecuteApiEndpoint,
        name: found.Name,
        protocolType: found.ProtocolType,
        tags: found.Tags,
        version: found.Version,
      };
    },
    list: apisOf,
  }),

  "aws:apigatewayv2/stage:Stage": row({
    inputs: stageInputs,
    async create(inputs, aws) {
      await createStage(aws, inputs);
      const { apiId, name } = inputs;
      const invokeUrl = `https://${apiId}.execute-api.${region}.amazonaws.com/${name}`;
      return { id: `${apiId}/${name}`, outputs: { arn: `${apiArn(apiId)}/stages/${name}`, invokeUrl } };
    },
    // moto has no UpdateStage.
    async update(_id, inputs, { apiId, name }, aws) {
      await aws.apiGatewayV2.send(new DeleteStageCommand({ ApiId: apiId, StageName: name }));
      await createStage(aws, inputs);
      return undefined;
    },
    delete: (_id, { apiId, name }, { apiGatewayV2 }) =>
      apiGatewayV2.send(new DeleteStageCommand({ ApiId: apiId, StageName: name })),
    async read(_id, { apiId, name }, { apiGatewayV2 }) {
      const found = await apiGatewayV2.send(new GetStageCommand({ ApiId: apiId, StageName: name }));
      return {
        accessLogSettings: {
          destinationArn: found.AccessLogSettings?.DestinationArn,
          format: found.AccessLogSettings?.Format,
        },
        apiId,
        autoDeploy: found.AutoDeploy,
        name: found.StageName,
        tags: found.Tags,
      };
    },
    async list(aws) {
      const lists = (await apisOf(aws)).map((ApiId) =>
        aws.apiGatewayV2.send(new GetStagesCommand({ ApiId })),
      );
      return (await Promise.all(lists)).flatMap(({ Items = [] }) => Items.map(({ StageName }) => StageName));
    },
  }),
};

async function createStage({ apiGatewayV2 }: Clients, inputs: z.output<typeof stageInputs>): Promise<void> {
  const { destinationArn, format } = inputs.accessLogSettings;
  await apiGatewayV2.send(
    new CreateStageCommand({
      AccessLogSettings: { DestinationArn: destinationArn, Format: format },
      ApiId: inputs.apiId,
      AutoDeploy: inputs.autoDeploy,
      StageName: inputs.name,
      Tags: inputs.tags,
    }),
  );
}

interface ApiInputs {
  body: string;
  description: string;
  disableExecuteApiEndpoint: boolean;
  failOnWarnings: boolean;
  name: string;
  version: string;
}

/** The import sets name and version to the document's: what the program wants is set after it, as the official provider does. */
async function importBody(aws: Clients, ApiId: string, inputs: ApiInputs): Promise<void> {
  const { body: Body, description, disableExecuteApiEndpoint, failOnWarnings, name, version } = inputs;
  const { Items: stages = [] } = await aws.apiGatewayV2.send(new GetStagesCommand({ ApiId }));
  await aws.apiGatewayV2.send(new ReimportApiCommand({ ApiId, Body, FailOnWarnings: failOnWarnings }));
  await restoreStages(aws.apiGatewayV2, ApiId, stages);
  await finishHttpImport(aws.apiGatewayV2, ApiId, Body);
  await compareWithHttpDocument(aws.apiGatewayV2, ApiId, Body);
  await aws.apiGatewayV2.send(
    new UpdateApiCommand({
      ApiId,
      Description: description,
      DisableExecuteApiEndpoint: disableExecuteApiEndpoint,
      Name: name,
      Version: version,
    }),
  );
}

const apiArn = (id: string) => `arn:aws:apigateway:${region}::/apis/${id}`;
