// Secrets Manager: secrets, their versions, and who of other accounts may read them.
import type { Account, StoredResource } from "../account";
import { parseArn } from "../arn";
import { isPublic } from "../policy-document";
import { booleanRule, numberRule, policyRule, type ReportFailure, stringRule, tagsRule } from "../property";
import { AwsError, type ResourceType, randomId, regionRule, tagsOf, textOf } from "../resource-type";

const secretType = "aws:secretsmanager/secret:Secret";
const secretVersionType = "aws:secretsmanager/secretVersion:SecretVersion";
const secretPolicyType = "aws:secretsmanager/secretPolicy:SecretPolicy";

/** Names of deleted secrets for as long as they can be restored; no resource of the program's. */
const deletedType = "local:secretsmanager:DeletedSecret";

/** Bytes: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const maxBytes = { value: 65_536, policy: 20_480 };

const secretArn = () => stringRule({ required: true, replace: true });

export const secretsManagerTypes: Record<string, ResourceType> = {
  [secretType]: {
    title: "Secrets Manager Secret",
    properties: {
      description: stringRule({ maxLength: 2048 }),
      kmsKeyId: stringRule({
        pattern: /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+|alias\/.+|[a-f0-9-]{36})$/,
        hint: "the ARN, id or alias of a KMS key",
      }),
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
      name: stringRule({
        replace: true,
        // AWS's own refusal names the exclamation mark too (test_invalid_secret_name of localstack/localstack).
        pattern: /^[\w/+=.@!-]{1,512}$/,
        hint: 'up to 512 letters, digits and "/_+=.@!-"',
      }),
      recoveryWindowInDays: numberRule({ default: 30 }),
      region: regionRule(),
      tags: tagsRule(),
    },
    autoName: { property: "name", maxLength: 512 },
    conflictCode: "ResourceExistsException",
    check({ recoveryWindowInDays: days }, report: ReportFailure) {
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
      if (typeof days === "number" && days !== 0 && (days < 7 || days > 30)) {
        report("recoveryWindowInDays", `must be 0, or from 7 to 30, not ${days}`);
      }
    },
    computed: ["arn", "tagsAll"],
    apply(inputs, account, current) {
      const name = textOf(inputs.name);
      if (!current && account.get(deletedType, name)) {
        throw new AwsError(
          "InvalidRequestException",
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      const { kmsKeyId } = inputs;
      const key = typeof kmsKeyId === "string" ? parseArn(kmsKeyId) : undefined;
      if (key && key.region !== account.region) {
        throw new AwsError(
          "InvalidParameterException",
          `The key ${kmsKeyId} is not of the secret's region ${account.region}.`,
        );
      }
      // A second one gets the first one's id, which the provider refuses.
      const taken = account.list(secretType).find(({ inputs: other }) => other.name === name);
      const arn = current?.id ?? taken?.id ?? account.arn("secretsmanager", `secret:${name}-${randomId(6)}`);
      return { id: arn, outputs: { arn, ...tagsOf(inputs) } };
    },
    async remove({ inputs }, account) {
      if (inputs.recoveryWindowInDays === 0) return;
      const id = textOf(inputs.name);
      await account.put({ type: deletedType, id, inputs: {}, outputs: {}, state: {} });
    },
  },

  [secretVersionType]: {
    title: "Secrets Manager Secret Version",
    properties: {
      region: regionRule(),
      secretId: secretArn(),
      secretString: stringRule({ required: true, replace: true }),
    },
    check({ secretString }, report: ReportFailure) {
      const bytes = typeof secretString === "string" ? Buffer.byteLength(secretString) : 1;
      if (bytes < 1 || bytes > maxBytes.value) {
        report("secretString", `must have from 1 to ${maxBytes.value} bytes, has ${bytes}`);
      }
    },
    computed: ["arn", "versionId", "versionStages"],
    apply(inputs, account) {
      const { outputs } = findSecret(inputs.secretId, account);
      const versionId = [8, 4, 4, 4, 12].map((length) => randomId(length)).join("-");
      return {
        id: `${outputs.arn}|${versionId}`,
        outputs: { arn: outputs.arn, versionId, versionStages: ["AWSCURRENT"] },
        state: { createdAt: Date.now() },
      };
    },
  },

  [secretPolicyType]: {
    title: "Secrets Manager Secret Policy",
    properties: {
      blockPublicPolicy: booleanRule(),
      policy: policyRule("resource", { required: true }),
      region: regionRule(),
      secretArn: secretArn(),
    },
    exclusive: true,
    check({ policy: document }, report: ReportFailure) {
      const bytes = typeof document === "string" ? Buffer.byteLength(document) : 0;
      if (bytes > maxBytes.policy) report("policy", `must have up to ${maxBytes.policy} bytes, has ${bytes}`);
    },
    computed: [],
    apply(inputs, account) {
      const { id } = findSecret(inputs.secretArn, account);
      if (inputs.blockPublicPolicy === true && isPublic(inputs.policy)) {
        throw new AwsError(
          "PublicPolicyException",
          "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.",
        );
      }
      return { id, outputs: {} };
    },
  },
};

/** @param secret its ARN or name */
function findSecret(secret: unknown, account: Account): StoredResource {
  const found =
    account.get(secretType, textOf(secret)) ??
    account.list(secretType).find(({ inputs }) => inputs.name === secret);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** What a reader gets: the newest version. Undefined for a secret without one. */
export function currentValue(arn: string, account: Account): string | undefined {
  const versions = account.list(secretVersionType).filter(({ outputs }) => outputs.arn === arn);
  const [newest] = versions.sort((a, b) => Number(b.state.createdAt) - Number(a.state.createdAt));
  return newest && textOf(newest.inputs.secretString);
}
