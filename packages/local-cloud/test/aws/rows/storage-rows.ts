import { policyWith, type Row, required } from "./row";

const noBucket = { given: { bucket: "nowhere" }, message: /NoSuchBucket.*nowhere/ };

export const storage: Row[] = [
  {
    type: "s3/bucket",
    inputs: () => ({ bucket: "row-bucket" }),
    change: { tags: { team: "api" } },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html": [
        ["bucket", "Upper", /lower-case/],
        ["bucket", "ab", /3 to 63/],
        ["bucket", "10.0.0.1", /not valid/],
        ["bucket", "two..dots", /not valid/],
        ["bucket", "-edge", /both ends/],
        ["bucket", "xn--row", /not valid/],
        ["bucket", "sthree-row", /not valid/],
        ["bucket", "amzn-s3-demo-row", /not valid/],
        ["bucket", "row-s3alias", /not valid/],
        ["bucket", "row--ol-s3", /not valid/],
        ["bucket", "row.mrap", /not valid/],
        ["bucket", "row--x-s3", /not valid/],
        ["bucket", "row--table-s3", /not valid/],
        ["bucket", "a".repeat(64), /3 to 63/],
      ],
      "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html": [
        { given: { tags: { "aws:team": "api" } }, property: "tags.aws:team", message: /reserved/ },
        { given: { tags: { "team!": "api" } }, property: "tags.team!", message: /letters, digits/ },
        { given: { tags: { team: "x".repeat(257) } }, property: "tags.team", message: /at most 256/ },
        ["tags", manyTags(51), /50 tags at most/],
      ],
      "local: it has no other properties": [["acl", "public-read", /not supported/]],
      "local: the AWS provider's schema has it so": [["forceDestroy", "yes", /true or false/]],
    },
  },
  {
    type: "s3/bucketPublicAccessBlock",
    inputs: ({ bucket }) => ({ bucket: bucket.id, blockPublicAcls: true }),
    change: { blockPublicPolicy: true },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html": [
        noBucket,
        ["bucket", undefined, /required/],
      ],
    },
  },
  {
    type: "s3/bucketServerSideEncryptionConfiguration",
    inputs: ({ bucket }) => ({
      bucket: bucket.id,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }),
    change: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html": [
        noBucket,
        ...required("bucket", "rules"),
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html": [
        {
          given: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES" } }] },
          property: "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
          message: /AES256/,
        },
        ...required("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"),
      ],
    },
  },
  {
    type: "s3/bucketLifecycleConfiguration",
    inputs: ({ bucket }) => ({
      bucket: bucket.id,
      rules: [{ id: "expire", status: "Enabled", filter: {}, expiration: { days: 30 } }],
    }),
    change: { rules: [{ id: "expire", status: "Disabled", filter: {}, expiration: { days: 30 } }] },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html": [
        noBucket,
        ["rules", undefined, /required/],
        ...required("bucket"),
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html": [
        {
          given: { rules: [{ id: "a", status: "On" }] },
          property: "rules[0].status",
          message: /Enabled, Disabled/,
        },
        ...required("rules[0].id", "rules[0].status"),
        ["rules[0].id", "x".repeat(256), /at most 255/],
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html": [
        {
          given: { rules: [{ id: "a", status: "Enabled", expiration: { days: 0 } }] },
          property: "rules[0].expiration.days",
          message: /from 1/,
        },
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html": [
        ["rules[0].noncurrentVersionExpiration.noncurrentDays", 0, /from 1 to/],
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortIncompleteMultipartUpload.html": [
        ["rules[0].abortIncompleteMultipartUpload.daysAfterInitiation", 0, /from 1 to/],
      ],
    },
  },
  {
    type: "s3/bucketVersioning",
    inputs: ({ bucket }) => ({ bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }),
    change: { versioningConfiguration: { status: "Suspended" } },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html": [
        noBucket,
        ...required("bucket"),
      ],
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html": [
        {
          given: { versioningConfiguration: { status: "On" } },
          property: "versioningConfiguration.status",
          message: /Enabled/,
        },
        ...required("versioningConfiguration", "versioningConfiguration.status"),
      ],
    },
  },
  {
    type: "s3/bucketPolicy",
    inputs: ({ bucket }) => ({ bucket: bucket.id, policy: bucketPolicy("Allow") }),
    change: { policy: bucketPolicy("Deny") },
    replaced: ["bucket"],
    refused: {
      "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html": [
        noBucket,
        ...required("bucket", "policy"),
      ],
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html": [
        ["policy", policyWith({ Effect: "Allow", Action: "s3:*", Resource: "*" }), /Principal is missing/],
      ],
    },
  },
  {
    type: "cloudwatch/logGroup",
    inputs: () => ({ name: "/row/group", retentionInDays: 7 }),
    change: { retentionInDays: 30 },
    replaced: ["name", "logGroupClass"],
    refused: {
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html": [
        ["retentionInDays", 10, /one of 0, 1, 3.*not 10/],
      ],
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html": [
        ["name", "a group", /up to 512 letters/],
        ["kmsKeyId", "key", /ARN of a resource of kms/],
        ["logGroupClass", "other", /STANDARD, INFREQUENT_ACCESS, not/],
      ],
      "local: it has no other properties": [["retention", 7, /not supported/]],
    },
  },
  {
    type: "cloudwatch/logStream",
    inputs: ({ logGroup }) => ({ name: "row-stream", logGroupName: logGroup.id }),
    change: undefined,
    replaced: ["name", "logGroupName"],
    importedAs: ({ inputs }) => `${inputs.logGroupName}:row-stream`,
    refused: {
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html": [
        ["logGroupName", undefined, /required/],
        ["name", "a:b", /no ':'/],
        {
          given: { logGroupName: "nowhere" },
          message: /ResourceNotFoundException.*"nowhere" does not exist/,
        },
      ],
    },
  },
];

function manyTags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, ""]));
}

function bucketPolicy(Effect: string): string {
  return policyWith({ Effect, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" });
}
