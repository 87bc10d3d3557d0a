import { isObject } from "../../../../local/aws/property";
import type { Properties } from "../../../../local/engine/provider";
import type { Row, World } from "./row";

export const firehose: Row[] = [
  {
    type: "kinesis/firehoseDeliveryStream",
    inputs: (world) => ({ name: "row-stream", ...streamInputs(world) }),
    change: { tags: { team: "api" } },
    replaced: ["name", "destination"],
    refused: [
      { given: { destination: "s3" }, property: "destination", message: /http_endpoint/ },
      {
        given: { httpEndpointConfiguration: undefined },
        property: "httpEndpointConfiguration",
        message: /required/,
      },
      { given: { name: "a stream" }, property: "name", message: /up to 64/ },
      // https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointConfiguration.html
      refusedEndpoint({ url: "http://api.moesif.net" }, "url", /https URLs on port 443/),
      refusedEndpoint({ url: "https://api.moesif.net:8443" }, "url", /https URLs on port 443/),
      refusedEndpoint({ url: undefined }, "url", /required/),
      refusedEndpoint({ s3Configuration: undefined }, "s3Configuration", /required/),
      // https://docs.aws.amazon.com/firehose/latest/APIReference/API_HttpEndpointBufferingHints.html
      refusedEndpoint({ bufferingInterval: 901 }, "bufferingInterval", /0 to 900/),
      refusedEndpoint({ bufferingSize: 65 }, "bufferingSize", /1 to 64/),
      refusedEndpoint({ retryDuration: 7201 }, "retryDuration", /0 to 7200/),
      refusedEndpoint({ s3BackupMode: "Failed" }, "s3BackupMode", /FailedDataOnly, AllData/),
      refusedEndpoint({ accessKey: "x".repeat(4097) }, "accessKey", /at most 4096/),
      refusedEndpoint(
        { requestConfiguration: { contentEncoding: "BROTLI" } },
        "requestConfiguration.contentEncoding",
        /NONE, GZIP/,
      ),
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
      {
        given: (world) => streamInputs(world, { roleArn: world.lambdaRole.outputs.arn }),
        message: /InvalidArgumentException: Firehose is unable to assume role .*lambda/,
      },
      {
        given: (world) =>
          streamInputs(world, { s3Configuration: { ...backupOf(world), bucketArn: "arn:aws:s3:::nowhere" } }),
        message: /bucket arn:aws:s3:::nowhere does not exist/,
      },
    ],
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

function refusedEndpoint(endpoint: Properties, property: string, message: RegExp): Row["refused"][number] {
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
