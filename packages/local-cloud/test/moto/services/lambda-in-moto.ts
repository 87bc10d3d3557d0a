// Lambda: functions and who may call them.

import { createHash, randomUUID } from "node:crypto";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  ListFunctionsCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { Archive } from "@pulumi/pulumi/asset";
import { z } from "zod";
import { readArchive } from "../../../src/aws/code-archive";
import { type AnyRow, type Clients, common, droppedTags, given, region, row, tagged } from "../type";
import { zip } from "../zip";

const functionsOf = async ({ lambda }: Clients) =>
  ((await lambda.send(new ListFunctionsCommand({}))).Functions ?? []).map(({ FunctionName }) =>
    given(FunctionName, "FunctionName"),
  );

const zipped = async (code: Archive) => zip(await readArchive(code));
const isArchive = (value: unknown): value is Archive => Archive.isInstance(value);

export const lambda: Record<string, AnyRow> = {
  "aws:lambda/function:Function": row({
    inputs: z.strictObject({
      ...tagged,
      architectures: z.array(z.enum(["arm64", "x86_64"])),
      code: z.custom<Archive>(isArchive, "must be an archive"),
      description: z.string().optional(),
      environment: z.strictObject({ variables: z.record(z.string(), z.string()) }).optional(),
      handler: z.string(),
      loggingConfig: z.strictObject({ logFormat: z.enum(["JSON", "Text"]), logGroup: z.string() }).optional(),
      memorySize: z.number(),
      name: z.string(),
      packageType: z.literal("Zip"),
      reservedConcurrentExecutions: z.literal(-1),
      role: z.string(),
      runtime: z.enum(["nodejs22.x", "nodejs24.x"]),
      timeout: z.number(),
      tracingConfig: z.strictObject({ mode: z.enum(["Active", "PassThrough"]) }).optional(),
    }),
    unread: {
      code: "AWS answers with the hash of the archive only, which is compared here after each change",
      loggingConfig: "moto takes it and forgets it",
      reservedConcurrentExecutions: "-1 is none",
      tracingConfig: "moto takes it on creation only",
    },
    async create({ code, name, packageType, architectures, tags, ...configuration }, aws) {
      const ZipFile = await zipped(code);
      const made = await aws.lambda.send(
        new CreateFunctionCommand({
          ...configurationOf(name, configuration),
          Architectures: architectures,
          Code: { ZipFile },
          PackageType: packageType,
          Tags: tags,
        }),
      );
      compareCode(ZipFile, made.CodeSha256);
      const arn = given(made.FunctionArn, "FunctionArn");
      const invokeArn = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
      return { id: name, outputs: { arn, invokeArn, version: made.Version } };
    },
    async update(FunctionName, { code, name, architectures, tags, ...configuration }, old, { lambda }) {
      const ZipFile = await zipped(code);
      const made = await lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Architectures: architectures }),
      );
      compareCode(ZipFile, made.CodeSha256);
      await lambda.send(new UpdateFunctionConfigurationCommand(configurationOf(name, configuration)));
      const Resource = given(made.FunctionArn, "FunctionArn");
      const TagKeys = droppedTags(old.tags, tags);
      if (TagKeys.length > 0) await lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
      await lambda.send(new TagResourceCommand({ Resource, Tags: tags ?? {} }));
      return undefined;
    },
    delete: (FunctionName, _inputs, { lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
    async read(FunctionName, _inputs, { lambda }) {
      const { Configuration, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      const { Environment, ...found } = given(Configuration, "Configuration");
      return {
        architectures: found.Architectures,
        description: found.Description,
        environment: Environment && { variables: Environment.Variables },
        handler: found.Handler,
        memorySize: found.MemorySize,
        name: found.FunctionName,
        packageType: found.PackageType,
        role: found.Role,
        runtime: found.Runtime,
        tags: Tags,
        timeout: found.Timeout,
      };
    },
    list: functionsOf,
  }),

  "aws:lambda/permission:Permission": row({
    inputs: z.strictObject({
      ...common,
      action: z.string(),
      function: z.string(),
      principal: z.string(),
      sourceArn: z.string().optional(),
    }),
    async create({ action, function: FunctionName, principal, sourceArn }, { lambda }) {
      const StatementId = `terraform-${randomUUID()}`;
      await lambda.send(
        new AddPermissionCommand({
          Action: action,
          FunctionName,
          Principal: principal,
          SourceArn: sourceArn,
          StatementId,
        }),
      );
      return { id: StatementId, outputs: { statementId: StatementId } };
    },
    delete: (StatementId, { function: FunctionName }, { lambda }) =>
      lambda.send(new RemovePermissionCommand({ FunctionName, StatementId })),
    async read(id, { function: name }, aws) {
      const statement = (await statementsOf(aws, name)).find(({ Sid }) => Sid === id);
      return {
        action: statement?.Action,
        function: statement?.Resource.split(":").at(-1),
        principal: statement?.Principal.Service,
        sourceArn: statement?.Condition?.ArnLike["AWS:SourceArn"],
      };
    },
    async list(aws) {
      const lists = (await functionsOf(aws)).map((name) => statementsOf(aws, name));
      return (await Promise.all(lists)).flat().map(({ Sid }) => Sid);
    },
  }),
};

interface Configuration {
  description?: string | undefined;
  environment?: { variables: Record<string, string> } | undefined;
  handler: string;
  loggingConfig?: { logFormat: "JSON" | "Text"; logGroup: string } | undefined;
  memorySize: number;
  role: string;
  runtime: "nodejs22.x" | "nodejs24.x";
  timeout: number;
  tracingConfig?: { mode: "Active" | "PassThrough" } | undefined;
}

function configurationOf(name: string, given: Configuration) {
  const { environment, loggingConfig, tracingConfig } = given;
  return {
    FunctionName: name,
    Description: given.description,
    Environment: environment && { Variables: environment.variables },
    Handler: given.handler,
    LoggingConfig: loggingConfig && {
      LogFormat: loggingConfig.logFormat,
      LogGroup: loggingConfig.logGroup,
    },
    MemorySize: given.memorySize,
    Role: given.role,
    Runtime: given.runtime,
    Timeout: given.timeout,
    TracingConfig: tracingConfig && { Mode: tracingConfig.mode },
  };
}

function compareCode(zipFile: Uint8Array, hash: string | undefined): void {
  if (createHash("sha256").update(zipFile).digest("base64") === hash) return;
  throw new Error("moto has other code of the function than it was given");
}

/** https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
const policySchema = z.object({
  Statement: z.array(
    z.object({
      Sid: z.string(),
      Action: z.string(),
      Principal: z.object({ Service: z.string() }),
      Resource: z.string(),
      Condition: z.object({ ArnLike: z.object({ "AWS:SourceArn": z.string() }) }).optional(),
    }),
  ),
});

async function statementsOf({ lambda }: Clients, FunctionName: string) {
  try {
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return policySchema.parse(JSON.parse(given(Policy, "Policy"))).Statement;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return [];
    throw error;
  }
}
