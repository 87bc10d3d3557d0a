// S3: buckets and their settings.
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import {
  type AnyRow,
  type Clients,
  common,
  given,
  type Row,
  region,
  row,
  tagged,
  tagList,
  tagMap,
} from "../type";

const bucketsOf = async ({ s3 }: Clients) =>
  ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => given(Name, "Name"));

const encryptionRule = z.strictObject({
  applyServerSideEncryptionByDefault: z.strictObject({
    sseAlgorithm: z.enum(["AES256", "aws:kms"]),
    kmsMasterKeyId: z.string().optional(),
  }),
  bucketKeyEnabled: z.boolean().optional(),
});

const lifecycleRule = z.strictObject({
  id: z.string(),
  status: z.enum(["Enabled", "Disabled"]),
  filter: z.strictObject({}),
  expiration: z.strictObject({ days: z.number() }).optional(),
  abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: z.number() }).optional(),
});

export const s3: Record<string, AnyRow> = {
  "aws:s3/bucket:Bucket": row({
    inputs: z.strictObject({ ...tagged, bucket: z.string(), forceDestroy: z.boolean() }),
    unread: {
      forceDestroy: "it is for the provider's deletion",
      region: "moto answers in the client's region",
    },
    async create({ bucket, tags }, { s3 }) {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      await s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: tagList(tags) } }));
      return { id: bucket, outputs: { arn: `arn:aws:s3:::${bucket}`, region } };
    },
    async update(Bucket, { tags }, _old, { s3 }) {
      await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(tags) } }));
      return undefined;
    },
    delete: (Bucket, _inputs, { s3 }) => s3.send(new DeleteBucketCommand({ Bucket })),
    async read(Bucket, _inputs, aws) {
      const { TagSet } = await aws.s3.send(new GetBucketTaggingCommand({ Bucket }));
      return { bucket: (await bucketsOf(aws)).find((name) => name === Bucket), tags: tagMap(TagSet) };
    },
    list: bucketsOf,
  }),

  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting({
    inputs: z.strictObject({
      ...common,
      bucket: z.string(),
      blockPublicAcls: z.boolean(),
      blockPublicPolicy: z.boolean(),
      ignorePublicAcls: z.boolean(),
      restrictPublicBuckets: z.boolean(),
    }),
    set: ({ bucket, ...given }, { s3 }) =>
      s3.send(
        new PutPublicAccessBlockCommand({
          Bucket: bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: given.blockPublicAcls,
            BlockPublicPolicy: given.blockPublicPolicy,
            IgnorePublicAcls: given.ignorePublicAcls,
            RestrictPublicBuckets: given.restrictPublicBuckets,
          },
        }),
      ),
    delete: (Bucket, _inputs, { s3 }) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
    async read(Bucket, _inputs, { s3 }) {
      const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      const block = given(found.PublicAccessBlockConfiguration, "PublicAccessBlockConfiguration");
      return {
        bucket: Bucket,
        blockPublicAcls: block.BlockPublicAcls,
        blockPublicPolicy: block.BlockPublicPolicy,
        ignorePublicAcls: block.IgnorePublicAcls,
        restrictPublicBuckets: block.RestrictPublicBuckets,
      };
    },
  }),

  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": setting({
    inputs: z.strictObject({ ...common, bucket: z.string(), rules: z.array(encryptionRule) }),
    set: ({ bucket, rules }, { s3 }) =>
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket: bucket,
          ServerSideEncryptionConfiguration: {
            Rules: rules.map(({ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }) => ({
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: byDefault.sseAlgorithm,
                KMSMasterKeyID: byDefault.kmsMasterKeyId,
              },
              BucketKeyEnabled: bucketKeyEnabled,
            })),
          },
        }),
      ),
    delete: (Bucket, _inputs, { s3 }) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
    async read(Bucket, { rules: asked }, { s3 }) {
      const found = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      const rules = (found.ServerSideEncryptionConfiguration?.Rules ?? []).map((rule, index) => ({
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
          kmsMasterKeyId: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
        },
        // Answered as false where it was not said.
        bucketKeyEnabled: asked[index]?.bucketKeyEnabled === undefined ? undefined : rule.BucketKeyEnabled,
      }));
      return { bucket: Bucket, rules };
    },
  }),

  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting({
    inputs: z.strictObject({ ...common, bucket: z.string(), rules: z.array(lifecycleRule) }),
    set: ({ bucket, rules }, { s3 }) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: {
            Rules: rules.map(({ id, status, expiration, abortIncompleteMultipartUpload: abort }) => ({
              ID: id,
              Status: status,
              // The official provider writes it so: an empty filter is one for the empty prefix.
              Filter: { Prefix: "" },
              Expiration: expiration && { Days: expiration.days },
              AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
            })),
          },
        }),
      ),
    delete: (Bucket, _inputs, { s3 }) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
    async read(Bucket, _inputs, { s3 }) {
      const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      const rules = Rules.map((rule) => ({
        id: rule.ID,
        status: rule.Status,
        filter: rule.Filter?.Prefix === "" ? {} : rule.Filter,
        expiration: rule.Expiration && { days: rule.Expiration.Days },
        abortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload && {
          daysAfterInitiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
        },
      }));
      return { bucket: Bucket, rules };
    },
  }),

  "aws:s3/bucketPolicy:BucketPolicy": setting({
    inputs: z.strictObject({ ...common, bucket: z.string(), policy: z.string() }),
    set: ({ bucket, policy }, { s3 }) =>
      s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy })),
    delete: (Bucket, _inputs, { s3 }) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    async read(Bucket, _inputs, { s3 }) {
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      return { bucket: Bucket, policy: Policy };
    },
  }),
};

/** One of its kind for a bucket, and so with the bucket's id; it goes with the bucket, which is listed. */
function setting<S extends z.ZodObject<{ bucket: z.ZodString }>>({
  set,
  ...others
}: Pick<Row<S>, "inputs" | "delete" | "read"> & {
  set(inputs: z.output<S>, aws: Clients): Promise<unknown>;
}): AnyRow {
  return row<S>({
    ...others,
    async create(inputs, aws) {
      await set(inputs, aws);
      return { id: inputs.bucket, outputs: {} };
    },
    async update(_id, inputs, _old, aws) {
      await set(inputs, aws);
      return undefined;
    },
    list: async () => [],
  });
}
