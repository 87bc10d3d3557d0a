import { policyWith, type Row } from "./row";

const noBucket = { given: { bucket: "nowhere" }, message: /NoSuchBucket.*nowhere/ };

export const storage: Row[] = [
  {
    type: "s3/bucket",
    inputs: () => ({ bucket: "row-bucket" }),
    change: { tags: { team: "api" } },
    replaced: ["bucket"],
    refused: [
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
      { given: { bucket: "Upper" }, property: "bucket", message: /lower-case/ },
      { given: { bucket: "ab" }, property: "bucket", message: /3 to 63/ },
      { given: { bucket: "10.0.0.1" }, property: "bucket", message: /not valid/ },
      { given: { bucket: "two..dots" }, property: "bucket", message: /not valid/ },
      { given: { bucket: "-edge" }, property: "bucket", message: /both ends/ },
      { given: { acl: "public-read" }, property: "acl", message: /not supported/ },
      // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
      { given: { tags: { "aws:team": "api" } }, property: "tags.aws:team", message: /reserved/ },
      { given: { tags: { "team!": "api" } }, property: "tags.team!", message: /letters, digits/ },
      { given: { tags: { team: "x".repeat(257) } }, property: "tags.team", message: /at most 256/ },
      { given: { tags: manyTags(51) }, property: "tags", message: /50 tags at most/ },
      { given: { forceDestroy: "yes" }, property: "forceDestroy", message: /true or false/ },
    ],
  },
  {
    type: "s3/bucketPublicAccessBlock",
    inputs: ({ bucket }) => ({ bucket: bucket.id, blockPublicAcls: true }),
    change: { blockPublicPolicy: true },
    replaced: ["bucket"],
    refused: [noBucket, { given: { bucket: undefined }, property: "bucket", message: /required/ }],
  },
  {
    type: "s3/bucketServerSideEncryptionConfiguration",
    inputs: ({ bucket }) => ({
      bucket: bucket.id,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }),
    change: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
    replaced: ["bucket"],
    refused: [
      noBucket,
      {
        given: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES" } }] },
        property: "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        message: /AES256/,
      },
    ],
  },
  {
    type: "s3/bucketLifecycleConfiguration",
    inputs: ({ bucket }) => ({
      bucket: bucket.id,
      rules: [{ id: "expire", status: "Enabled", filter: {}, expiration: { days: 30 } }],
    }),
    change: { rules: [{ id: "expire", status: "Disabled", filter: {}, expiration: { days: 30 } }] },
    replaced: ["bucket"],
    refused: [
      noBucket,
      { given: { rules: undefined }, property: "rules", message: /required/ },
      {
        given: { rules: [{ id: "a", status: "On" }] },
        property: "rules[0].status",
        message: /Enabled, Disabled/,
      },
      {
        given: { rules: [{ id: "a", status: "Enabled", expiration: { days: 0 } }] },
        property: "rules[0].expiration.days",
        message: /from 1/,
      },
    ],
  },
  {
    type: "s3/bucketVersioning",
    inputs: ({ bucket }) => ({ bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }),
    change: { versioningConfiguration: { status: "Suspended" } },
    replaced: ["bucket"],
    refused: [
      noBucket,
      {
        given: { versioningConfiguration: { status: "On" } },
        property: "versioningConfiguration.status",
        message: /Enabled/,
      },
    ],
  },
  {
    type: "s3/bucketPolicy",
    inputs: ({ bucket }) => ({ bucket: bucket.id, policy: bucketPolicy("Allow") }),
    change: { policy: bucketPolicy("Deny") },
    replaced: ["bucket"],
    refused: [
      noBucket,
      {
        given: { policy: policyWith({ Effect: "Allow", Action: "s3:*", Resource: "*" }) },
        property: "policy",
        message: /Principal is missing/,
      },
    ],
  },
  {
    type: "cloudwatch/logGroup",
    inputs: () => ({ name: "/row/group", retentionInDays: 7 }),
    change: { retentionInDays: 30 },
    replaced: ["name", "logGroupClass"],
    refused: [
      // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
      { given: { retentionInDays: 10 }, property: "retentionInDays", message: /one of 0, 1, 3.*not 10/ },
      { given: { name: "a group" }, property: "name", message: /up to 512 letters/ },
      { given: { kmsKeyId: "key" }, property: "kmsKeyId", message: /ARN of a resource of kms/ },
      { given: { retention: 7 }, property: "retention", message: /not supported/ },
    ],
  },
  {
    type: "cloudwatch/logStream",
    inputs: ({ logGroup }) => ({ name: "row-stream", logGroupName: logGroup.id }),
    change: undefined,
    replaced: ["name", "logGroupName"],
    importedAs: ({ inputs }) => `${inputs.logGroupName}:row-stream`,
    refused: [
      { given: { logGroupName: undefined }, property: "logGroupName", message: /required/ },
      { given: { name: "a:b" }, property: "name", message: /no ':'/ },
      { given: { logGroupName: "nowhere" }, message: /ResourceNotFoundException.*"nowhere" does not exist/ },
    ],
  },
];

function manyTags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, ""]));
}

function bucketPolicy(Effect: string): string {
  return policyWith({ Effect, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" });
}
