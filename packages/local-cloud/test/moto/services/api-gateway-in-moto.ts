// API Gateway, REST APIs: the API by the import of its document, deployments, stages and the settings of the account.
import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetAccountCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  type PatchOperation,
  PutRestApiCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { z } from "zod";
import { compareWithDocument, finishImport } from "../rest-import";
import { type AnyRow, type Clients, common, droppedTags, given, region, row, tagged } from "../type";

const accountId = "123456789012";

const restApisOf = async ({ apiGateway }: Clients) =>
  ((await apiGateway.send(new GetRestApisCommand({}))).items ?? []).map(({ id }) => given(id, "id"));

export const apiGateway: Record<string, AnyRow> = {
  "aws:apigateway/restApi:RestApi": row({
    inputs: z.strictObject({
      ...tagged,
      apiKeySource: z.enum(["HEADER", "AUTHORIZER"]),
      body: z.string(),
      description: z.string(),
      // moto has no domain names, for which it is true.
      disableExecuteApiEndpoint: z.literal(false),
      endpointConfiguration: z.strictObject({ types: z.literal("REGIONAL") }),
      name: z.string(),
      putRestApiMode: z.literal("overwrite"),
      securityPolicy: z.literal("TLS_1_2"),
    }),
    unread: {
      body: "AWS answers with what it has made of it, which is compared here after each change",
      putRestApiMode: "it is how the body is imported",
      securityPolicy: "moto does not know it",
      tags: "moto changes the tags of stages only",
    },
    async create({ body, endpointConfiguration, tags, ...others }, aws) {
      const { apiKeySource, description, disableExecuteApiEndpoint, name } = others;
      const { id, rootResourceId } = await aws.apiGateway.send(
        new CreateRestApiCommand({
          apiKeySource,
          description,
          disableExecuteApiEndpoint,
          endpointConfiguration: { types: [endpointConfiguration.types] },
          name,
          tags,
        }),
      );
      const restApiId = given(id, "id");
      await importBody(aws, restApiId, body);
      const executionArn = `arn:aws:execute-api:${region}:${accountId}:${restApiId}`;
      return { id: restApiId, outputs: { arn: restApiArn(restApiId), executionArn, rootResourceId } };
    },
    async update(restApiId, { apiKeySource, body, description, name }, old, aws) {
      await aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId,
          patchOperations: [
            { op: "replace", path: "/apiKeySource", value: apiKeySource },
            { op: "replace", path: "/name", value: name },
            { op: "replace", path: "/description", value: description },
          ],
        }),
      );
      if (body !== old.body) await importBody(aws, restApiId, body);
      return undefined;
    },
    delete: (restApiId, _inputs, { apiGateway }) => apiGateway.send(new DeleteRestApiCommand({ restApiId })),
    async read(restApiId, _inputs, { apiGateway }) {
      const found = await apiGateway.send(new GetRestApiCommand({ restApiId }));
      return {
        apiKeySource: found.apiKeySource,
        description: found.description,
        disableExecuteApiEndpoint: found.disableExecuteApiEndpoint,
        endpointConfiguration: { types: found.endpointConfiguration?.types?.join() },
        name: found.name,
      };
    },
    list: restApisOf,
  }),

  "aws:apigateway/deployment:Deployment": row({
    inputs: z.strictObject({
      ...common,
      restApi: z.string(),
      triggers: z.record(z.string(), z.string()),
    }),
    unread: { triggers: "they are for the engine, and no part of the deployment" },
    async create({ restApi: restApiId }, { apiGateway }) {
      const { id } = await apiGateway.send(new CreateDeploymentCommand({ restApiId }));
      return { id: given(id, "id"), outputs: {} };
    },
    delete: (deploymentId, { restApi: restApiId }, { apiGateway }) =>
      apiGateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId })),
    async read(deploymentId, { restApi: restApiId }, { apiGateway }) {
      await apiGateway.send(new GetDeploymentCommand({ restApiId, deploymentId }));
      return { restApi: restApiId };
    },
    async list(aws) {
      const lists = (await restApisOf(aws)).map((restApiId) =>
        aws.apiGateway.send(new GetDeploymentsCommand({ restApiId })),
      );
      return (await Promise.all(lists)).flatMap(({ items = [] }) => items.map(({ id }) => id));
    },
  }),

  "aws:apigateway/stage:Stage": row({
    inputs: z.strictObject({
      ...tagged,
      accessLogSettings: z.strictObject({ destinationArn: z.string(), format: z.string() }),
      deployment: z.string(),
      restApi: z.string(),
      stageName: z.string(),
      xrayTracingEnabled: z.boolean(),
    }),
    async create(inputs, aws) {
      const { deployment, restApi: restApiId, stageName, tags, xrayTracingEnabled } = inputs;
      await aws.apiGateway.send(
        new CreateStageCommand({
          deploymentId: deployment,
          restApiId,
          stageName,
          tags,
          tracingEnabled: xrayTracingEnabled,
        }),
      );
      await updateStage(aws, inputs);
      return {
        id: `ags-${restApiId}-${stageName}`,
        outputs: {
          arn: stageArn(restApiId, stageName),
          executionArn: `arn:aws:execute-api:${region}:${accountId}:${restApiId}/${stageName}`,
          invokeUrl: `https://${restApiId}.execute-api.${region}.amazonaws.com/${stageName}`,
        },
      };
    },
    async update(_id, inputs, old, aws) {
      await updateStage(aws, inputs);
      await retag(aws, stageArn(inputs.restApi, inputs.stageName), old.tags, inputs.tags);
      return undefined;
    },
    delete: (_id, { restApi: restApiId, stageName }, { apiGateway }) =>
      apiGateway.send(new DeleteStageCommand({ restApiId, stageName })),
    async read(_id, { restApi: restApiId, stageName }, { apiGateway }) {
      const found = await apiGateway.send(new GetStageCommand({ restApiId, stageName }));
      return {
        accessLogSettings: found.accessLogSettings,
        deployment: found.deploymentId,
        restApi: restApiId,
        stageName: found.stageName,
        tags: found.tags,
        xrayTracingEnabled: found.tracingEnabled,
      };
    },
    async list(aws) {
      const lists = (await restApisOf(aws)).map((restApiId) =>
        aws.apiGateway.send(new GetStagesCommand({ restApiId })),
      );
      return (await Promise.all(lists)).flatMap(({ item = [] }) => item.map(({ stageName }) => stageName));
    },
  }),

  "aws:apigateway/account:Account": row({
    inputs: z.strictObject({ ...common, cloudwatchRoleArn: z.string() }),
    async create({ cloudwatchRoleArn }, aws) {
      await setCloudWatchRole(aws, cloudwatchRoleArn);
      return { id: "api-gateway-account", outputs: {} };
    },
    async update(_id, { cloudwatchRoleArn }, _old, aws) {
      await setCloudWatchRole(aws, cloudwatchRoleArn);
      return undefined;
    },
    // There is always one; the official provider leaves the role where it is.
    delete: async () => undefined,
    async read(_id, _inputs, { apiGateway }) {
      const { cloudwatchRoleArn } = await apiGateway.send(new GetAccountCommand({}));
      return { cloudwatchRoleArn };
    },
    list: async () => [],
  }),
};

async function importBody(aws: Clients, restApiId: string, body: string): Promise<void> {
  await aws.apiGateway.send(
    new PutRestApiCommand({ restApiId, mode: "overwrite", body: new TextEncoder().encode(body) }),
  );
  await finishImport(aws.apiGateway, restApiId, body);
  await compareWithDocument(aws.apiGateway, restApiId, body);
}

interface StageInputs {
  accessLogSettings: { destinationArn: string; format: string };
  deployment: string;
  restApi: string;
  stageName: string;
  xrayTracingEnabled: boolean;
}

/** AWS takes the settings of the access log by an update only. */
async function updateStage({ apiGateway }: Clients, inputs: StageInputs): Promise<void> {
  const values: Record<string, string> = {
    "/deploymentId": inputs.deployment,
    "/accessLogSettings/destinationArn": inputs.accessLogSettings.destinationArn,
    "/accessLogSettings/format": inputs.accessLogSettings.format,
    "/tracingEnabled": String(inputs.xrayTracingEnabled),
  };
  const patchOperations = Object.entries(values).map(
    ([path, value]): PatchOperation => ({ op: "replace", path, value }),
  );
  const { restApi: restApiId, stageName } = inputs;
  await apiGateway.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
}

async function setCloudWatchRole({ apiGateway }: Clients, value: string): Promise<void> {
  const patchOperations: PatchOperation[] = [{ op: "replace", path: "/cloudwatchRoleArn", value }];
  await apiGateway.send(new UpdateAccountCommand({ patchOperations }));
}

async function retag(
  { apiGateway }: Clients,
  resourceArn: string,
  old: Record<string, string> | undefined,
  tags: Record<string, string> | undefined,
): Promise<void> {
  const tagKeys = droppedTags(old, tags);
  if (tagKeys.length > 0) await apiGateway.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  await apiGateway.send(new TagResourceCommand({ resourceArn, tags: tags ?? {} }));
}

const restApiArn = (id: string) => `arn:aws:apigateway:${region}::/restapis/${id}`;
const stageArn = (id: string, stage: string) => `${restApiArn(id)}/stages/${stage}`;
