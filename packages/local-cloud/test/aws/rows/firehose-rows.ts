import { isObject } from "../../../src/aws/property";
import type { Properties } from "../../../src/engine/provider";
import { type Refusal, type Row, required, type World } from "./row";

export const firehose: Row[] = [
  {
    type: "kinesis/firehoseDeliveryStream",
    inputs: (world) => ({ name: "row-stream", ...streamInputs(world) }),
    change: { tags: { team: "api" } },
    replaced: ["name", "destination"],
    refused: {
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html": [
        ["name", "a stream", /up to 64/],
        {
          given: (world) =>
            streamInputs(world, {
              s3Configuration: { ...backupOf(world), bucketArn: "arn:aws:s3:::nowhere" },
            }),
          message: /bucket arn:aws:s3:::nowhere does not exist/,
        },
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointConfiguration.html": [
        refusedEndpoint({ url: "http://api.moesif.net" }, "url", /https URLs on port 443/),
        refusedEndpoint({ url: "https://api.moesif.net:8443" }, "url", /https URLs on port 443/),
        refusedEndpoint({ url: undefined }, "url", /required/),
        ["httpEndpointConfiguration.name", "", /not valid/],
        refusedEndpoint({ accessKey: "x".repeat(4097) }, "accessKey", /at most 4096/),
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointDestinationConfiguration.html":
        [
          refusedEndpoint({ s3Configuration: undefined }, "s3Configuration", /required/),
          refusedEndpoint({ s3BackupMode: "Failed" }, "s3BackupMode", /FailedDataOnly, AllData/),
          [
            "httpEndpointConfiguration.roleArn",
            "arn:aws:sns:eu-central-1:123456789012:row",
            /ARN of a resource of iam/,
          ],
        ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointBufferingHints.html": [
        refusedEndpoint({ bufferingInterval: 901 }, "bufferingInterval", /0 to 900/),
        refusedEndpoint({ bufferingSize: 65 }, "bufferingSize", /1 to 64/),
        ["httpEndpointConfiguration.bufferingInterval", -1, /from 0 to 900/],
        ["httpEndpointConfiguration.bufferingSize", 0, /from 1 to 64/],
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointRetryOptions.html": [
        refusedEndpoint({ retryDuration: 7201 }, "retryDuration", /0 to 7200/),
        ["httpEndpointConfiguration.retryDuration", -1, /from 0 to 7200/],
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointRequestConfiguration.html": [
        refusedEndpoint(
          { requestConfiguration: { contentEncoding: "BROTLI" } },
          "requestConfiguration.contentEncoding",
          /NONE, GZIP/,
        ),
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeliveryStreamEncryptionConfigurationInput.html":
        [
          {
            given: { serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK" } },
            property: "serverSideEncryption.keyArn",
            message: /required/,
          },
          {
            given: {
              serverSideEncryption: { enabled: true, keyArn: "arn:aws:kms:eu-central-1:123456789012:key/1" },
            },
            property: "serverSideEncryption.keyArn",
            message: /AWS owns/,
          },
          [
            "serverSideEncryption.keyArn",
            "arn:aws:sns:eu-central-1:123456789012:row",
            /ARN of a resource of kms/,
          ],
          ["serverSideEncryption.keyType", "other", /AWS_OWNED_CMK, CUSTOMER_MANAGED_CMK, not/],
        ],
      "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html": [
        {
          given: (world) => streamInputs(world, { roleArn: world.lambdaRole.outputs.arn }),
          message: /InvalidArgumentException: Firehose is unable to assume role .*lambda/,
        },
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointCommonAttribute.html": [
        ...required(
          "httpEndpointConfiguration.requestConfiguration.commonAttributes[0].name",
          "httpEndpointConfiguration.requestConfiguration.commonAttributes[0].value",
        ),
        [
          "httpEndpointConfiguration.requestConfiguration.commonAttributes[0].name",
          "x".repeat(257),
          /at most 256/,
        ],
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_S3DestinationConfiguration.html": [
        ...required(
          "httpEndpointConfiguration.s3Configuration.bucketArn",
          "httpEndpointConfiguration.s3Configuration.roleArn",
        ),
        [
          "httpEndpointConfiguration.s3Configuration.bucketArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of s3/,
        ],
        [
          "httpEndpointConfiguration.s3Configuration.compressionFormat",
          "other",
          /UNCOMPRESSED, GZIP, ZIP, Snappy, HADOOP_SNAPPY, not/,
        ],
        [
          "httpEndpointConfiguration.s3Configuration.roleArn",
          "arn:aws:sns:eu-central-1:123456789012:row",
          /ARN of a resource of iam/,
        ],
      ],
      "https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html": [
        ["httpEndpointConfiguration.s3Configuration.bufferingInterval", -1, /from 0 to 900/],
        ["httpEndpointConfiguration.s3Configuration.bufferingInterval", 901, /from 0 to 900/],
        ["httpEndpointConfiguration.s3Configuration.bufferingSize", 0, /from 1 to 128/],
        ["httpEndpointConfiguration.s3Configuration.bufferingSize", 129, /from 1 to 128/],
      ],
      "local: of the values that AWS takes, those that the local cloud serves": [
        ["destination", "s3", /http_endpoint/],
        ...required("destination"),
      ],
      "local: the AWS provider's schema has it so": [["httpEndpointConfiguration", undefined, /required/]],
    },
  },
];

export function streamInputs(
  world: Pick<World, "bucket" | "firehoseRole">,
  endpoint: Properties = {},
): Properties {
  return {
    destination: "http_endpoint",
    httpEndpointConfiguration: {
      url: "https://api.moesif.net/logs",
      roleArn: world.firehoseRole.outputs.arn,
      s3Configuration: backupOf(world),
      ...endpoint,
    },
  };
}

function backupOf({ firehoseRole, bucket }: Pick<World, "bucket" | "firehoseRole">): Properties {
  return { roleArn: firehoseRole.outputs.arn, bucketArn: bucket.outputs.arn };
}

function refusedEndpoint(endpoint: Properties, property: string, message: RegExp): Refusal {
  return {
    given: (world) => {
      const { httpEndpointConfiguration } = streamInputs(world, endpoint);
      if (!isObject(httpEndpointConfiguration)) throw new TypeError("no endpoint");
      return { httpEndpointConfiguration };
    },
    property: `httpEndpointConfiguration.${property}`,
    message,
  };
}
