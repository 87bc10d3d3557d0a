// Where Firehose puts what it could not deliver: a bucket for nobody else, encrypted, and emptied after a time.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "../../pulumi/aws";

export interface BackupBucketArgs {
  /** Days after which objects are deleted. */
  retentionDays: number;
  /** Key that encrypts the objects; default: a key of S3's own. */
  kmsKeyArn: string | undefined;
}

/** The bucket with its settings. */
export class BackupBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: BackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:BackupBucket", name, {}, opts);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(name, {}, parent);
    const block = new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: bucket.id, rules: [encryptionRule(args.kmsKeyArn)] },
      parent,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          { id: "expire", status: "Enabled", filter: {}, expiration: { days: args.retentionDays } },
          // Parts of an upload that never ended are no objects, and would stay for ever.
          {
            id: "abort",
            status: "Enabled",
            filter: {},
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      name,
      { bucket: bucket.id, policy: denyPlainHttp(bucket.arn) },
      // S3 refuses two changes of a bucket's access at the same time.
      { ...parent, dependsOn: block },
    );
    this.arn = bucket.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** The bucket key spares a call of KMS for each object. */
function encryptionRule(kmsMasterKeyId: string | undefined) {
  return kmsMasterKeyId === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
        bucketKeyEnabled: true,
      };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html */
function denyPlainHttp(bucketArn: pulumi.Output<string>) {
  return {
    Version: "2012-10-17" as const,
    Statement: [
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny" as const,
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
