// How a type of resource is made, changed, read and removed through the AWS SDK: a row for each, by service in services/.
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { z } from "zod";
import type { Properties } from "../../src/engine/provider";
import { difference } from "./difference";

export const region = "us-east-1";

/** The SDK's clients of the account that moto is. */
export interface Clients {
  apiGateway: APIGatewayClient;
  apiGatewayV2: ApiGatewayV2Client;
  cloudWatch: CloudWatchClient;
  firehose: FirehoseClient;
  iam: IAMClient;
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  s3: S3Client;
  secretsManager: SecretsManagerClient;
  ssm: SSMClient;
}

export function clientsOf(endpoint: string): Clients {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: "moto", secretAccessKey: "moto" },
    // An error is a finding, which another try would only put off.
    maxAttempts: 1,
  };
  return {
    apiGateway: new APIGatewayClient(options),
    apiGatewayV2: new ApiGatewayV2Client(options),
    cloudWatch: new CloudWatchClient(options),
    firehose: new FirehoseClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secretsManager: new SecretsManagerClient(options),
    ssm: new SSMClient(options),
  };
}

/** What a resource has become: its id, and what AWS answers beyond what it was asked for. */
interface Made {
  id: string;
  outputs: Properties;
}

/** Of a type with the inputs of the schema `S`, whose names are Pulumi's. */
export interface Row<S extends z.ZodObject, I = z.output<S>> {
  /** Strict: a property that it does not name fails the resource, so that none goes past the check. */
  inputs: S;
  create(inputs: I, aws: Clients): Promise<Made>;
  /** Missing where every change makes a new resource. */
  update?(id: string, inputs: I, old: I, aws: Clients): Promise<Properties | undefined>;
  delete(id: string, inputs: I, aws: Clients): Promise<unknown>;
  /** The resource as moto has it, in the inputs' terms; `inputs` are what was asked for last. */
  read(id: string, inputs: I, aws: Clients): Promise<Partial<Record<keyof I, unknown>>>;
  /** Of the inputs, those that moto takes and forgets, or that are no part of the resource; each with the reason. */
  unread?: Partial<Record<keyof I, string>>;
  /** Everything of this type in the account, however it came about. */
  list(aws: Clients): Promise<(string | undefined)[]>;
}

/** A row for whoever has what the engine has; inputs are checked, outputs may hold more. */
export interface AnyRow {
  create(inputs: Properties, aws: Clients): Promise<Made>;
  update(id: string, inputs: Properties, oldOutputs: Properties, aws: Clients): Promise<Properties>;
  delete(id: string, outputs: Properties, aws: Clients): Promise<unknown>;
  /** Names and values of inputs that moto has otherwise than it was asked for. */
  differences(id: string, inputs: Properties, aws: Clients): Promise<string[]>;
  list(aws: Clients): Promise<(string | undefined)[]>;
}

export function row<S extends z.ZodObject>({ inputs: schema, ...typed }: Row<S>): AnyRow {
  const isInput = ([name]: [string, unknown]) => name in schema.shape;
  const inputsOf = (outputs: Properties) =>
    schema.parse(Object.fromEntries(Object.entries(outputs).filter(isInput)));
  return {
    create: (inputs, aws) => typed.create(schema.parse(inputs), aws),
    async update(id, inputs, oldOutputs, aws) {
      if (!typed.update) throw new Error(`${id} cannot be changed in place`);
      const changed = await typed.update(id, schema.parse(inputs), inputsOf(oldOutputs), aws);
      const computed = Object.entries(oldOutputs).filter((output) => !isInput(output));
      return { ...Object.fromEntries(computed), ...inputs, ...changed };
    },
    delete: (id, outputs, aws) => typed.delete(id, inputsOf(outputs), aws),
    async differences(id, inputs, aws) {
      const found = new Map<string, unknown>(Object.entries(await typed.read(id, schema.parse(inputs), aws)));
      const unread = Object.keys(typed.unread ?? {});
      return Object.entries(inputs).flatMap(([name, value]) =>
        unread.includes(name) ? [] : difference(name, value, found.get(name)),
      );
    },
    list: typed.list,
  };
}

/** What every regional resource may have. */
export const common = { region: z.string().optional() };
export const tagged = { ...common, tags: z.record(z.string(), z.string()).optional() };

/** Tags as lists of keys and values, in which many services have them. */
export function tagList(tags: Record<string, string> | undefined) {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

export function tagMap(tags: { Key?: string; Value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Names of the tags that are no longer wanted. */
export function droppedTags(old: Record<string, string> = {}, tags: Record<string, string> = {}): string[] {
  return Object.keys(old).filter((key) => !(key in tags));
}

/** A value that AWS always answers. */
export function given<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`moto's answer has no ${what}`);
  return value;
}
