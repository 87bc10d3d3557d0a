// S3: buckets and what is set on them.

import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../account";
import { flag, list, number, object, policy, type Rule, tags, text } from "../property";
import { AwsError, type ResourceType, region, tagsOf, textOf } from "../resource-type";

export const bucketType = "aws:s3/bucket:Bucket";

/** Where a bucket's objects are, as files. */
export function bucketDirectory(account: Account, bucket: string): string {
  return join(account.directory, "s3", bucket);
}

const lifecycleRule = object({
  id: text({ required: true, maxLength: 255 }),
  status: text({ required: true, values: ["Enabled", "Disabled"] }),
  filter: object({ prefix: text() }),
  expiration: object({ days: number({ min: 1 }), expiredObjectDeleteMarker: flag() }),
  noncurrentVersionExpiration: object({
    noncurrentDays: number({ min: 1 }),
    newerNoncurrentVersions: number(),
  }),
  abortIncompleteMultipartUpload: object({ daysAfterInitiation: number({ min: 1 }) }),
});

const encryptionRule = object({
  applyServerSideEncryptionByDefault: object({
    sseAlgorithm: text({ required: true, values: ["AES256", "aws:kms", "aws:kms:dsse"] }),
    kmsMasterKeyId: text(),
  }),
  bucketKeyEnabled: flag(),
});

export const s3: Record<string, ResourceType> = {
  [bucketType]: {
    title: "S3 Bucket",
    properties: {
      bucket: text({
        replace: true,
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        pattern:
          /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        hint: "3 to 63 lower-case letters, digits, '-' and '.', with a letter or digit at both ends, and none of S3's own prefixes and suffixes",
      }),
      forceDestroy: flag({ default: false }),
      region: region(),
      tags: tags(),
    },
    autoName: { property: "bucket", maxLength: 63, lowerCase: true },
    computed: [
      "arn",
      "bucketDomainName",
      "bucketRegion",
      "bucketRegionalDomainName",
      "hostedZoneId",
      "tagsAll",
    ],
    apply(inputs, account) {
      const id = textOf(inputs.bucket);
      return {
        id,
        outputs: {
          arn: account.arn("s3", id, { regional: false, owned: false }),
          bucketDomainName: `${id}.s3.amazonaws.com`,
          bucketRegion: account.region,
          bucketRegionalDomainName: `${id}.s3.${account.region}.amazonaws.com`,
          region: account.region,
          ...tagsOf(inputs),
        },
      };
    },
    async remove({ id, inputs }, account) {
      const directory = bucketDirectory(account, id);
      const isEmpty = !existsSync(directory) || readdirSync(directory).length === 0;
      if (!isEmpty && !inputs.forceDestroy) {
        throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty.");
      }
      await rm(directory, { recursive: true, force: true });
    },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting("S3 Bucket Public Access Block", {
    blockPublicAcls: flag({ default: false }),
    blockPublicPolicy: flag({ default: false }),
    ignorePublicAcls: flag({ default: false }),
    restrictPublicBuckets: flag({ default: false }),
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "S3 Bucket Server-side Encryption Configuration",
    { rules: list(encryptionRule, { required: true }) },
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "S3 Bucket Lifecycle Configuration",
    { rules: list(lifecycleRule, { required: true }) },
  ),
  "aws:s3/bucketVersioning:BucketVersioning": setting("S3 Bucket Versioning", {
    versioningConfiguration: object(
      { status: text({ required: true, values: ["Enabled", "Suspended", "Disabled"] }) },
      { required: true },
    ),
  }),
  "aws:s3/bucketPolicy:BucketPolicy": setting("S3 Bucket Policy", {
    policy: policy("resource", { required: true }),
  }),
};

/** One of its kind for a bucket, and so with the bucket's id. */
function setting(title: string, properties: Record<string, Rule>): ResourceType {
  return {
    title,
    properties: { bucket: text({ required: true, replace: true }), region: region(), ...properties },
    exclusive: true,
    computed: [],
    apply(inputs, account) {
      const bucket = textOf(inputs.bucket);
      if (!account.get(bucketType, bucket)) {
        throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`);
      }
      return { id: bucket, outputs: {} };
    },
  };
}
