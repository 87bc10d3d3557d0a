// Amazon Data Firehose: delivery streams to an HTTP endpoint.
import { UNKNOWN } from "../../engine/provider";
import {
  arnRule,
  booleanRule,
  isObject,
  listRule,
  numberRule,
  objectRule,
  stringRule,
  tagsRule,
} from "../property";
import { AwsError, type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";
import { canAssume } from "./iam";
import { bucketType } from "./s3";

export const deliveryStreamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

const cloudwatchLoggingOptions = objectRule({
  enabled: booleanRule(),
  logGroupName: stringRule(),
  logStreamName: stringRule(),
});

const s3Configuration = objectRule(
  {
    bucketArn: arnRule("s3", { required: true }),
    bufferingInterval: numberRule({ min: 0, max: 900 }),
    bufferingSize: numberRule({ min: 1, max: 128 }),
    cloudwatchLoggingOptions,
    compressionFormat: stringRule({
      values: ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"],
      default: "UNCOMPRESSED",
    }),
    errorOutputPrefix: stringRule(),
    prefix: stringRule(),
    roleArn: arnRule("iam", { required: true }),
  },
  { required: true },
);

const httpEndpointConfiguration = objectRule({
  accessKey: stringRule({ maxLength: 4096 }),
  bufferingInterval: numberRule({ min: 0, max: 900, default: 300 }),
  bufferingSize: numberRule({ min: 1, max: 64, default: 5 }),
  cloudwatchLoggingOptions,
  name: stringRule({ pattern: /^\S.{0,255}$/ }),
  requestConfiguration: objectRule({
    commonAttributes: listRule(
      objectRule({
        name: stringRule({ required: true, maxLength: 256 }),
        value: stringRule({ required: true }),
      }),
    ),
    contentEncoding: stringRule({ values: ["NONE", "GZIP"], default: "NONE" }),
  }),
  retryDuration: numberRule({ min: 0, max: 7200, default: 300 }),
  roleArn: arnRule("iam"),
  s3BackupMode: stringRule({ values: ["FailedDataOnly", "AllData"], default: "FailedDataOnly" }),
  s3Configuration,
  // AWS takes https and port 443 only; the local collector listens on the loopback interface without TLS.
  url: stringRule({
    required: true,
    pattern: /^(https:\/\/[^/:]+(:443)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/.*)?$/,
    hint: "Firehose delivers to https URLs on port 443 only",
  }),
});

export const firehoseTypes: Record<string, ResourceType> = {
  [deliveryStreamType]: {
    title: "Kinesis Firehose Delivery Stream",
    properties: {
      destination: stringRule({ required: true, replace: true, values: ["http_endpoint"] }),
      httpEndpointConfiguration,
      name: stringRule({
        replace: true,
        pattern: /^[a-zA-Z0-9_.-]{1,64}$/,
        hint: "up to 64 letters, digits and _.-",
      }),
      region: regionRule(),
      serverSideEncryption: objectRule({
        enabled: booleanRule(),
        keyArn: arnRule("kms"),
        keyType: stringRule({ values: ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"], default: "AWS_OWNED_CMK" }),
      }),
      tags: tagsRule(),
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
