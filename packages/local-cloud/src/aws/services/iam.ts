// IAM: roles and their policies.
import type { Account } from "../account";
import { trustedServices } from "../policy-document";
import { arnRule, booleanRule, listRule, numberRule, policyRule, stringRule, tagsRule } from "../property";
import { AwsError, type ResourceType, randomId, tagsOf, textOf } from "../resource-type";

const roleType = "aws:iam/role:Role";
const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const name = (length: number) =>
  stringRule({
    replace: true,
    pattern: new RegExp(`^[\\w+=,.@-]{1,${length}}$`),
    hint: `up to ${length} letters, digits and +=,.@-_`,
  });

export const iamTypes: Record<string, ResourceType> = {
  [roleType]: {
    title: "IAM Role",
    properties: {
      assumeRolePolicy: policyRule("trust", { required: true }),
      description: stringRule({ maxLength: 1000 }),
      forceDetachPolicies: booleanRule(),
      managedPolicyArns: listRule(arnRule("iam")),
      maxSessionDuration: numberRule({ min: 3600, max: 43_200, default: 3600 }),
      name: name(64),
      path: stringRule({ replace: true, default: "/", pattern: /^\/([\x21-\x7e]+\/)?$/ }),
      permissionsBoundary: arnRule("iam"),
      tags: tagsRule(),
    },
    autoName: { property: "name", maxLength: 64 },
    computed: ["arn", "createDate", "uniqueId", "inlinePolicies", "managedPolicyArns", "tagsAll"],
    apply(inputs, account, current) {
      const id = textOf(inputs.name);
      return {
        id,
        outputs: {
          arn: account.arn("iam", `role${textOf(inputs.path)}${id}`, { regional: false }),
          createDate: current?.outputs.createDate ?? new Date().toISOString(),
          uniqueId: current?.outputs.uniqueId ?? `AROA${randomId(17).toUpperCase()}`,
          inlinePolicies: [],
          managedPolicyArns: inputs.managedPolicyArns ?? [],
          ...tagsOf(inputs),
        },
      };
    },
    remove({ id, inputs }, account) {
      if (inputs.forceDetachPolicies) return;
      for (const type of [rolePolicyType, attachmentType]) {
        if (account.list(type).some((attached) => attached.inputs.role === id)) {
          throw new AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.");
        }
      }
    },
  },

  [rolePolicyType]: {
    title: "IAM Role Policy",
    properties: {
      name: name(128),
      policy: policyRule("identity", { required: true }),
      role: stringRule({ required: true, replace: true }),
    },
    autoName: { property: "name", maxLength: 128 },
    computed: [],
    apply(inputs, account) {
      findRole(textOf(inputs.role), account);
      return { id: `${inputs.role}:${inputs.name}`, outputs: {} };
    },
  },

  [attachmentType]: {
    title: "IAM Role Policy Attachment",
    properties: {
      policyArn: arnRule("iam", { required: true, replace: true }),
      role: stringRule({ required: true, replace: true }),
    },
    computed: [],
    apply(inputs, account) {
      findRole(textOf(inputs.role), account);
      return { id: `${inputs.role}/${inputs.policyArn}`, outputs: {} };
    },
  },
};

/** Whether the role exists and trusts the service. */
export function canAssume(roleArn: unknown, service: string, account: Account): boolean {
  const role = account.findByArn(roleType, textOf(roleArn));
  return role !== undefined && trustedServices(role.inputs.assumeRolePolicy).includes(service);
}

function findRole(role: string, account: Account): void {
  if (!account.get(roleType, role)) {
    throw new AwsError("NoSuchEntity", `The role with name ${role} cannot be found.`);
  }
}
