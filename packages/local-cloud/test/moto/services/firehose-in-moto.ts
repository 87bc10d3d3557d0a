// Amazon Data Firehose: delivery streams to an HTTP endpoint.
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from "@aws-sdk/client-firehose";
import { z } from "zod";
import { type AnyRow, type Clients, droppedTags, given, row, tagged, tagList, tagMap } from "../type";

const httpEndpoint = z.strictObject({
  accessKey: z.string().optional(),
  bufferingInterval: z.number(),
  bufferingSize: z.number(),
  cloudwatchLoggingOptions: z.strictObject({
    enabled: z.boolean(),
    logGroupName: z.string(),
    logStreamName: z.string(),
  }),
  name: z.string(),
  requestConfiguration: z.strictObject({ contentEncoding: z.enum(["NONE", "GZIP"]) }),
  retryDuration: z.number(),
  roleArn: z.string(),
  s3BackupMode: z.enum(["FailedDataOnly", "AllData"]),
  s3Configuration: z.strictObject({
    bucketArn: z.string(),
    compressionFormat: z.enum(["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"]),
    roleArn: z.string(),
  }),
  url: z.string(),
});

const encryption = z.strictObject({
  enabled: z.boolean(),
  keyType: z.enum(["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"]),
  keyArn: z.string().optional(),
});

export const firehose: Record<string, AnyRow> = {
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": row({
    inputs: z.strictObject({
      ...tagged,
      destination: z.literal("http_endpoint"),
      httpEndpointConfiguration: httpEndpoint,
      name: z.string(),
      serverSideEncryption: encryption.optional(),
    }),
    unread: { destination: "it is which of the configurations there is" },
    async create({ httpEndpointConfiguration, name, serverSideEncryption, tags }, { firehose }) {
      const { DeliveryStreamARN } = await firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamEncryptionConfigurationInput: encryptionOf(serverSideEncryption),
          DeliveryStreamName: name,
          DeliveryStreamType: "DirectPut",
          HttpEndpointDestinationConfiguration: destinationOf(httpEndpointConfiguration),
          Tags: tagList(tags),
        }),
      );
      const arn = given(DeliveryStreamARN, "DeliveryStreamARN");
      return { id: arn, outputs: { arn } };
    },
    async update(_id, { httpEndpointConfiguration, name, serverSideEncryption, tags }, old, aws) {
      const { firehose } = aws;
      const described = await describe(aws, name);
      const { S3Configuration, ...destination } = destinationOf(httpEndpointConfiguration);
      await firehose.send(
        new UpdateDestinationCommand({
          CurrentDeliveryStreamVersionId: described.VersionId,
          DeliveryStreamName: name,
          DestinationId: described.Destinations?.[0]?.DestinationId,
          HttpEndpointDestinationUpdate: { ...destination, S3Update: S3Configuration },
        }),
      );
      const DeliveryStreamEncryptionConfigurationInput = encryptionOf(serverSideEncryption);
      await firehose.send(
        DeliveryStreamEncryptionConfigurationInput
          ? new StartDeliveryStreamEncryptionCommand({
              DeliveryStreamName: name,
              DeliveryStreamEncryptionConfigurationInput,
            })
          : new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName: name }),
      );
      const TagKeys = droppedTags(old.tags, tags);
      if (TagKeys.length > 0) {
        await firehose.send(new UntagDeliveryStreamCommand({ DeliveryStreamName: name, TagKeys }));
      }
      await firehose.send(new TagDeliveryStreamCommand({ DeliveryStreamName: name, Tags: tagList(tags) }));
      return undefined;
    },
    delete: (_id, { name }, { firehose }) =>
      firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name })),
    async read(_id, { name, httpEndpointConfiguration }, aws) {
      const described = await describe(aws, name);
      const { Tags } = await aws.firehose.send(
        new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: name }),
      );
      const encrypted = described.DeliveryStreamEncryptionConfiguration;
      const destination = given(
        described.Destinations?.[0]?.HttpEndpointDestinationDescription,
        "destination",
      );
      const { EndpointConfiguration, CloudWatchLoggingOptions, S3DestinationDescription, ...found } =
        destination;
      return {
        httpEndpointConfiguration: {
          // AWS never answers with the access key.
          accessKey: httpEndpointConfiguration.accessKey,
          bufferingInterval: found.BufferingHints?.IntervalInSeconds,
          bufferingSize: found.BufferingHints?.SizeInMBs,
          cloudwatchLoggingOptions: {
            enabled: CloudWatchLoggingOptions?.Enabled,
            logGroupName: CloudWatchLoggingOptions?.LogGroupName,
            logStreamName: CloudWatchLoggingOptions?.LogStreamName,
          },
          name: EndpointConfiguration?.Name,
          requestConfiguration: { contentEncoding: found.RequestConfiguration?.ContentEncoding },
          retryDuration: found.RetryOptions?.DurationInSeconds,
          roleArn: found.RoleARN,
          s3BackupMode: found.S3BackupMode,
          s3Configuration: {
            bucketArn: S3DestinationDescription?.BucketARN,
            compressionFormat: S3DestinationDescription?.CompressionFormat,
            roleArn: S3DestinationDescription?.RoleARN,
          },
          url: EndpointConfiguration?.Url,
        },
        name: described.DeliveryStreamName,
        serverSideEncryption: encrypted && {
          enabled: true,
          keyType: encrypted.KeyType,
          keyArn: encrypted.KeyARN,
        },
        tags: tagMap(Tags),
      };
    },
    list: async ({ firehose }) =>
      (await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames ?? [],
  }),
};

function destinationOf(given: z.output<typeof httpEndpoint>) {
  const { cloudwatchLoggingOptions, s3Configuration } = given;
  return {
    BufferingHints: { IntervalInSeconds: given.bufferingInterval, SizeInMBs: given.bufferingSize },
    CloudWatchLoggingOptions: {
      Enabled: cloudwatchLoggingOptions.enabled,
      LogGroupName: cloudwatchLoggingOptions.logGroupName,
      LogStreamName: cloudwatchLoggingOptions.logStreamName,
    },
    EndpointConfiguration: { AccessKey: given.accessKey, Name: given.name, Url: given.url },
    RequestConfiguration: { ContentEncoding: given.requestConfiguration.contentEncoding },
    RetryOptions: { DurationInSeconds: given.retryDuration },
    RoleARN: given.roleArn,
    S3BackupMode: given.s3BackupMode,
    S3Configuration: {
      BucketARN: s3Configuration.bucketArn,
      CompressionFormat: s3Configuration.compressionFormat,
      RoleARN: s3Configuration.roleArn,
    },
  };
}

function encryptionOf(given: z.output<typeof encryption> | undefined) {
  return given?.enabled ? { KeyType: given.keyType, KeyARN: given.keyArn } : undefined;
}

async function describe({ firehose }: Clients, name: string) {
  const found = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }));
  return given(found.DeliveryStreamDescription, "DeliveryStreamDescription");
}
