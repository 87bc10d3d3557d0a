// S3: buckets and what is set on them.

import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../account";
import {
  booleanRule,
  listRule,
  numberRule,
  objectRule,
  type PropertyRule,
  policyRule,
  stringRule,
  tagsRule,
} from "../property";
import { AwsError, type ResourceType, regionRule, tagsOf, textOf } from "../resource-type";

export const bucketType = "aws:s3/bucket:Bucket";

/** Where a bucket's objects are, as files. */
export function bucketDirectory(account: Account, bucket: string): string {
  return join(account.directory, "s3", bucket);
}

const lifecycleRule = objectRule({
  id: stringRule({ required: true, maxLength: 255 }),
  status: stringRule({ required: true, values: ["Enabled", "Disabled"] }),
  filter: objectRule({ prefix: stringRule() }),
  expiration: objectRule({ days: numberRule({ min: 1 }), expiredObjectDeleteMarker: booleanRule() }),
  noncurrentVersionExpiration: objectRule({
    noncurrentDays: numberRule({ min: 1 }),
    newerNoncurrentVersions: numberRule(),
  }),
  abortIncompleteMultipartUpload: objectRule({ daysAfterInitiation: numberRule({ min: 1 }) }),
});

const encryptionRule = objectRule({
  applyServerSideEncryptionByDefault: objectRule({
    sseAlgorithm: stringRule({ required: true, values: ["AES256", "aws:kms", "aws:kms:dsse"] }),
    kmsMasterKeyId: stringRule(),
  }),
  bucketKeyEnabled: booleanRule(),
});

export const s3Types: Record<string, ResourceType> = {
  [bucketType]: {
    title: "S3 Bucket",
    properties: {
      bucket: stringRule({
        replace: true,
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        pattern:
          /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        hint: "3 to 63 lower-case letters, digits, '-' and '.', with a letter or digit at both ends, and none of S3's own prefixes and suffixes",
      }),
      forceDestroy: booleanRule({ default: false }),
      region: regionRule(),
      tags: tagsRule(),
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
    blockPublicAcls: booleanRule({ default: false }),
    blockPublicPolicy: booleanRule({ default: false }),
    ignorePublicAcls: booleanRule({ default: false }),
    restrictPublicBuckets: booleanRule({ default: false }),
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting(
    "S3 Bucket Server-side Encryption Configuration",
    { rules: listRule(encryptionRule, { required: true }) },
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
    "S3 Bucket Lifecycle Configuration",
    { rules: listRule(lifecycleRule, { required: true }) },
  ),
  "aws:s3/bucketVersioning:BucketVersioning": setting("S3 Bucket Versioning", {
    versioningConfiguration: objectRule(
      { status: stringRule({ required: true, values: ["Enabled", "Suspended", "Disabled"] }) },
      { required: true },
    ),
  }),
  "aws:s3/bucketPolicy:BucketPolicy": setting("S3 Bucket Policy", {
    policy: policyRule("resource", { required: true }),
  }),
};

/** One of its kind for a bucket, and so with the bucket's id. */
function setting(title: string, properties: Record<string, PropertyRule>): ResourceType {
  return {
    title,
    properties: {
      bucket: stringRule({ required: true, replace: true }),
      region: regionRule(),
      ...properties,
    },
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
