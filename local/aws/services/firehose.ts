// Amazon Data Firehose: delivery streams to an HTTP endpoint.
import { UNKNOWN } from "../../engine/provider";
import { arn, flag, isObject, list, number, object, tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";
import { canAssume } from "./iam";
import { bucketType } from "./s3";

export const deliveryStreamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

const cloudwatchLoggingOptions = object({
  enabled: flag(),
  logGroupName: text(),
  logStreamName: text(),
});

const s3Configuration = object(
  {
    bucketArn: arn("s3", { required: true }),
    bufferingInterval: number({ min: 0, max: 900 }),
    bufferingSize: number({ min: 1, max: 128 }),
    cloudwatchLoggingOptions,
    compressionFormat: text({
      values: ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"],
      default: "UNCOMPRESSED",
    }),
    errorOutputPrefix: text(),
    prefix: text(),
    roleArn: arn("iam", { required: true }),
  },
  { required: true },
);

const httpEndpointConfiguration = object({
  accessKey: text({ maxLength: 4096 }),
  bufferingInterval: number({ min: 0, max: 900, default: 300 }),
  bufferingSize: number({ min: 1, max: 64, default: 5 }),
  cloudwatchLoggingOptions,
  name: text({ pattern: /^\S.{0,255}$/ }),
  requestConfiguration: object({
    commonAttributes: list(
      object({ name: text({ required: true, maxLength: 256 }), value: text({ required: true }) }),
    ),
    contentEncoding: text({ values: ["NONE", "GZIP"], default: "NONE" }),
  }),
  retryDuration: number({ min: 0, max: 7200, default: 300 }),
  roleArn: arn("iam"),
  s3BackupMode: text({ values: ["FailedDataOnly", "AllData"], default: "FailedDataOnly" }),
  s3Configuration,
  // AWS takes https and port 443 only; the local collector listens on the loopback interface without TLS.
  url: text({
    required: true,
    pattern: /^(https:\/\/[^/:]+(:443)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/.*)?$/,
    hint: "Firehose delivers to https URLs on port 443 only",
  }),
});

export const firehose: Record<string, ResourceType> = {
  [deliveryStreamType]: {
    title: "Kinesis Firehose Delivery Stream",
    properties: {
      destination: text({ required: true, replace: true, values: ["http_endpoint"] }),
      httpEndpointConfiguration,
      name: text({
        replace: true,
        pattern: /^[a-zA-Z0-9_.-]{1,64}$/,
        hint: "up to 64 letters, digits and _.-",
      }),
      region: region(),
      serverSideEncryption: object({
        enabled: flag(),
        keyArn: arn("kms"),
        keyType: text({ values: ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"], default: "AWS_OWNED_CMK" }),
      }),
      tags: tags(),
    },
    autoName: { property: "name", maxLength: 64 },
    check({ httpEndpointConfiguration: endpoint, serverSideEncryption }, report) {
      if (endpoint === undefined)
        report("httpEndpointConfiguration", 'is required for destination "http_endpoint"');
      if (!isObject(serverSideEncryption)) return;
      const { keyType, keyArn } = serverSideEncryption;
      if (keyType === "CUSTOMER_MANAGED_CMK" && keyArn === undefined) {
        report("serverSideEncryption.keyArn", "is required for a customer managed key");
      }
      if (keyType === "AWS_OWNED_CMK" && keyArn !== undefined && keyArn !== UNKNOWN) {
        report("serverSideEncryption.keyArn", "has no place beside a key that AWS owns");
      }
    },
    computed: ["arn", "destinationId", "versionId", "tagsAll"],
    recomputed: ["versionId"],
    apply(inputs, account, current) {
      const { httpEndpointConfiguration: endpoint } = inputs;
      if (!isObject(endpoint) || !isObject(endpoint.s3Configuration)) throw new TypeError("unchecked inputs");
      const { roleArn, bucketArn } = endpoint.s3Configuration;
      for (const role of [roleArn, endpoint.roleArn ?? roleArn]) {
        if (canAssume(role, "firehose.amazonaws.com", account)) continue;
        throw new AwsError(
          "InvalidArgumentException",
          `Firehose is unable to assume role ${role}. Please check the role provided.`,
        );
      }
      if (!account.findByArn(bucketType, textOf(bucketArn))) {
        throw new AwsError("InvalidArgumentException", `The bucket ${bucketArn} does not exist.`);
      }
      const arnOfStream = account.arn("firehose", `deliverystream/${inputs.name}`);
      return {
        id: arnOfStream,
        outputs: {
          arn: arnOfStream,
          destinationId: "destinationId-000000000001",
          versionId: String(Number(current?.outputs.versionId ?? 0) + 1),
          ...tagsOf(inputs),
        },
      };
    },
  },
};
