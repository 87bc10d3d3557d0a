// Secrets Manager: secrets, their values and who may read them.
import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { type AnyRow, common, droppedTags, given, row, tagged, tagList, tagMap } from "../type";

const policyInputs = z.strictObject({
  ...common,
  blockPublicPolicy: z.boolean().optional(),
  policy: z.string(),
  secretArn: z.string(),
});

export const secretsManager: Record<string, AnyRow> = {
  "aws:secretsmanager/secret:Secret": row({
    inputs: z.strictObject({
      ...tagged,
      description: z.string().optional(),
      kmsKeyId: z.string().optional(),
      name: z.string(),
      recoveryWindowInDays: z.number(),
    }),
    unread: { recoveryWindowInDays: "it is for the deletion" },
    async create({ description, kmsKeyId, name, tags }, { secretsManager }) {
      const { ARN } = await secretsManager.send(
        new CreateSecretCommand({
          Description: description,
          KmsKeyId: kmsKeyId,
          Name: name,
          Tags: tagList(tags),
        }),
      );
      const arn = given(ARN, "ARN");
      return { id: arn, outputs: { arn } };
    },
    async update(SecretId, { description, kmsKeyId, tags }, old, { secretsManager }) {
      await secretsManager.send(
        new UpdateSecretCommand({ SecretId, Description: description, KmsKeyId: kmsKeyId }),
      );
      const TagKeys = droppedTags(old.tags, tags);
      if (TagKeys.length > 0) await secretsManager.send(new UntagResourceCommand({ SecretId, TagKeys }));
      await secretsManager.send(new TagResourceCommand({ SecretId, Tags: tagList(tags) }));
      return undefined;
    },
    delete: (SecretId, { recoveryWindowInDays }, { secretsManager }) =>
      secretsManager.send(
        new DeleteSecretCommand(
          recoveryWindowInDays === 0
            ? { SecretId, ForceDeleteWithoutRecovery: true }
            : { SecretId, RecoveryWindowInDays: recoveryWindowInDays },
        ),
      ),
    async read(SecretId, _inputs, { secretsManager }) {
      const found = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
      return {
        description: found.Description,
        kmsKeyId: found.KmsKeyId,
        name: found.Name,
        tags: tagMap(found.Tags),
      };
    },
    // What is kept for recovery only is deleted.
    async list({ secretsManager }) {
      const { SecretList = [] } = await secretsManager.send(new ListSecretsCommand({}));
      return SecretList.filter(({ DeletedDate }) => DeletedDate === undefined).map(({ Name }) => Name);
    },
  }),

  "aws:secretsmanager/secretVersion:SecretVersion": row({
    inputs: z.strictObject({ ...common, secretId: z.string(), secretString: z.string() }),
    async create({ secretId, secretString }, { secretsManager }) {
      const { ARN, VersionId } = await secretsManager.send(
        new PutSecretValueCommand({ SecretId: secretId, SecretString: secretString }),
      );
      const versionId = given(VersionId, "VersionId");
      return { id: `${secretId}|${versionId}`, outputs: { arn: given(ARN, "ARN"), versionId } };
    },
    // Versions go with the secret: the official provider leaves the current one, too.
    delete: async () => undefined,
    async read(id, { secretId }, { secretsManager }) {
      const VersionId = id.split("|")[1];
      const found = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretId, VersionId }));
      return { secretId: found.ARN, secretString: found.SecretString };
    },
    list: async () => [],
  }),

  "aws:secretsmanager/secretPolicy:SecretPolicy": row({
    inputs: policyInputs,
    unread: { blockPublicPolicy: "it is how the policy is put" },
    async create({ blockPublicPolicy, policy, secretArn }, { secretsManager }) {
      const BlockPublicPolicy = blockPublicPolicy;
      await secretsManager.send(
        new PutResourcePolicyCommand({ SecretId: secretArn, ResourcePolicy: policy, BlockPublicPolicy }),
      );
      return { id: secretArn, outputs: {} };
    },
    async update(SecretId, { blockPublicPolicy, policy }, _old, { secretsManager }) {
      const BlockPublicPolicy = blockPublicPolicy;
      await secretsManager.send(
        new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policy, BlockPublicPolicy }),
      );
      return undefined;
    },
    delete: (SecretId, _inputs, { secretsManager }) =>
      secretsManager.send(new DeleteResourcePolicyCommand({ SecretId })),
    async read(SecretId, _inputs, { secretsManager }) {
      const found = await secretsManager.send(new GetResourcePolicyCommand({ SecretId }));
      return { policy: found.ResourcePolicy, secretArn: found.ARN };
    },
    list: async () => [],
  }),
};
