// Where the stage's access log goes: through Firehose to Moesif, or to CloudWatch.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../pulumi/aws";
import { ServiceRole } from "../../pulumi/service-role";
import { BackupBucket } from "./backup-bucket";
import { accessLogFormat } from "./log-format";

export interface AccessLogsArgs {
  /** Where Moesif takes in the log; without it, the log goes to CloudWatch. */
  moesif?: {
    /** URL of Moesif's Firehose endpoint for API Gateway logs. */
    ingestUrl: string;
    /** Application id, secret; sent as the access key. */
    applicationId: pulumi.Input<string>;
  };
  logRetentionDays: number;
  /** Key that encrypts log groups, the stream and its backup; default: keys of AWS's own. */
  kmsKeyArn?: string | undefined;
}

/** The destination of the access log. */
export class AccessLogs extends pulumi.ComponentResource {
  readonly destinationArn: pulumi.Output<string>;
  readonly format = accessLogFormat;
  /** Of the access log; with Moesif, of what Firehose could not deliver. */
  readonly logGroupName: pulumi.Output<string>;
  /** Name of the stream to Moesif, where there is one. */
  readonly streamName: pulumi.Output<string> | undefined;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:AccessLogs", name, {}, opts);
    const logGroup = this.createLogGroup(name, args);
    const stream = args.moesif && this.createStream(name, args.moesif, logGroup, args);
    this.destinationArn = stream?.arn ?? logGroup.arn;
    this.logGroupName = logGroup.name;
    this.streamName = stream?.name;
    this.registerOutputs({ destinationArn: this.destinationArn });
  }

  private createLogGroup(name: string, { logRetentionDays, kmsKeyArn }: AccessLogsArgs) {
    return new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: logRetentionDays, kmsKeyId: kmsKeyArn },
      { parent: this },
    );
  }

  private createStream(
    name: string,
    { ingestUrl, applicationId }: NonNullable<AccessLogsArgs["moesif"]>,
    logGroup: aws.cloudwatch.LogGroup,
    args: AccessLogsArgs,
  ): aws.kinesis.FirehoseDeliveryStream {
    const { logRetentionDays: retentionDays, kmsKeyArn } = args;
    const parent = { parent: this };
    const backup = new BackupBucket(name, { retentionDays, kmsKeyArn }, parent);
    const logStream = new aws.cloudwatch.LogStream(name, { logGroupName: logGroup.name }, parent);
    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    const role = new ServiceRole(
      name,
      {
        service: "firehose.amazonaws.com",
        trustCondition: { StringEquals: { "sts:ExternalId": account } },
        allow: [
          {
            actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resource: backup.arn,
          },
          {
            actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            resource: pulumi.interpolate`${backup.arn}/*`,
          },
          // Only this stream: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
          { actions: ["logs:PutLogEvents"], resource: logStream.arn },
          ...(kmsKeyArn ? [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resource: kmsKeyArn }] : []),
        ],
      },
      parent,
    );
    return new aws.kinesis.FirehoseDeliveryStream(
      name,
      {
        // API Gateway writes to streams of this prefix only.
        name: `amazon-apigateway-${pulumi.getProject()}-${pulumi.getStack()}`,
        destination: "http_endpoint",
        httpEndpointConfiguration: {
          name: "Moesif",
          url: ingestUrl,
          accessKey: applicationId,
          roleArn: role.arn,
          bufferingInterval: 60,
          bufferingSize: 1,
          requestConfiguration: { contentEncoding: "GZIP" },
          retryDuration: 300,
          s3BackupMode: "FailedDataOnly",
          s3Configuration: { roleArn: role.arn, bucketArn: backup.arn, compressionFormat: "GZIP" },
          cloudwatchLoggingOptions: {
            enabled: true,
            logGroupName: logGroup.name,
            logStreamName: logStream.name,
          },
        },
        serverSideEncryption: kmsKeyArn
          ? { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: kmsKeyArn }
          : { enabled: true },
      },
      parent,
    );
  }
}
