// Where the stage's access log goes: through Firehose to Moesif, or to CloudWatch.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLogFormat } from "./log-format";
import { ServiceRole } from "./service-role";

export interface AccessLogsArgs {
  /** Where Moesif takes in the log; without it, the log goes to CloudWatch. */
  moesif?: {
    /** URL of Moesif's Firehose endpoint for API Gateway logs. */
    ingestUrl: string;
    /** Application id, secret; sent as the access key. */
    applicationId: pulumi.Input<string>;
  };
  logRetentionDays: number;
}

/** The destination of the access log. */
export class AccessLogs extends pulumi.ComponentResource {
  readonly destinationArn: pulumi.Output<string>;
  readonly format = accessLogFormat;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:AccessLogs", name, {}, opts);
    this.destinationArn = args.moesif
      ? this.createStream(name, args.moesif, args.logRetentionDays)
      : this.createLogGroup(name, args.logRetentionDays);
    this.registerOutputs({ destinationArn: this.destinationArn });
  }

  private createLogGroup(name: string, retentionInDays: number): pulumi.Output<string> {
    return new aws.cloudwatch.LogGroup(name, { retentionInDays }, { parent: this }).arn;
  }

  private createStream(
    name: string,
    { ingestUrl, applicationId }: NonNullable<AccessLogsArgs["moesif"]>,
    retentionInDays: number,
  ): pulumi.Output<string> {
    const parent = { parent: this };
    const backup = new aws.s3.Bucket(name, {}, parent);
    new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: backup.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: backup.id,
        rules: [{ id: "expire", status: "Enabled", filter: {}, expiration: { days: retentionInDays } }],
      },
      parent,
    );
    const logGroup = new aws.cloudwatch.LogGroup(name, { retentionInDays }, parent);
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
          { actions: ["logs:PutLogEvents"], resource: pulumi.interpolate`${logGroup.arn}:*` },
        ],
      },
      parent,
    );
    const stream = new aws.kinesis.FirehoseDeliveryStream(
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
        serverSideEncryption: { enabled: true },
      },
      parent,
    );
    return stream.arn;
  }
}
