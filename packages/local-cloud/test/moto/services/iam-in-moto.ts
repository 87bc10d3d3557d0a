// IAM: roles and their policies.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import { type AnyRow, type Clients, droppedTags, given, row, tagged, tagList, tagMap } from "../type";

const rolesOf = async ({ iam }: Clients) =>
  ((await iam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => given(RoleName, "RoleName"));

export const iam: Record<string, AnyRow> = {
  "aws:iam/role:Role": row({
    inputs: z.strictObject({
      tags: tagged.tags,
      assumeRolePolicy: z.string(),
      maxSessionDuration: z.number(),
      name: z.string(),
      path: z.string(),
    }),
    async create({ assumeRolePolicy, maxSessionDuration, name, path, tags }, { iam }) {
      const { Role } = await iam.send(
        new CreateRoleCommand({
          AssumeRolePolicyDocument: assumeRolePolicy,
          MaxSessionDuration: maxSessionDuration,
          RoleName: name,
          Path: path,
          Tags: tagList(tags),
        }),
      );
      return { id: name, outputs: { arn: given(Role?.Arn, "Arn"), uniqueId: Role?.RoleId } };
    },
    async update(RoleName, { assumeRolePolicy, maxSessionDuration, tags }, old, { iam }) {
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: assumeRolePolicy }));
      await iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: maxSessionDuration }));
      await iam.send(new UntagRoleCommand({ RoleName, TagKeys: droppedTags(old.tags, tags) }));
      await iam.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) }));
      return undefined;
    },
    delete: (RoleName, _inputs, { iam }) => iam.send(new DeleteRoleCommand({ RoleName })),
    async read(RoleName, _inputs, { iam }) {
      const role = given((await iam.send(new GetRoleCommand({ RoleName }))).Role, "Role");
      return {
        // "compliant with RFC 3986": https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
        assumeRolePolicy: decodeURIComponent(
          given(role.AssumeRolePolicyDocument, "AssumeRolePolicyDocument"),
        ),
        maxSessionDuration: role.MaxSessionDuration,
        name: role.RoleName,
        path: role.Path,
        tags: tagMap(role.Tags),
      };
    },
    list: rolesOf,
  }),

  "aws:iam/rolePolicy:RolePolicy": row({
    inputs: z.strictObject({ name: z.string(), policy: z.string(), role: z.string() }),
    async create({ name, policy, role }, { iam }) {
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
      return { id: `${role}:${name}`, outputs: {} };
    },
    async update(_id, { name, policy, role }, old, { iam }) {
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
      if (old.name !== name) {
        await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: old.name }));
      }
      return undefined;
    },
    delete: (_id, { role, name }, { iam }) =>
      iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name })),
    async read(_id, { role, name }, { iam }) {
      const found = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      const policy = decodeURIComponent(given(found.PolicyDocument, "PolicyDocument"));
      return { name: found.PolicyName, policy, role: found.RoleName };
    },
    async list(aws) {
      const roles = await rolesOf(aws);
      const lists = roles.map((RoleName) => aws.iam.send(new ListRolePoliciesCommand({ RoleName })));
      return (await Promise.all(lists)).flatMap(({ PolicyNames }) => PolicyNames ?? []);
    },
  }),

  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": row({
    inputs: z.strictObject({ policyArn: z.string(), role: z.string() }),
    async create({ policyArn, role }, { iam }) {
      await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
      return { id: `${role}/${policyArn}`, outputs: {} };
    },
    delete: (_id, { policyArn, role }, { iam }) =>
      iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn })),
    async read(_id, { policyArn, role }, { iam }) {
      const { AttachedPolicies = [] } = await iam.send(
        new ListAttachedRolePoliciesCommand({ RoleName: role }),
      );
      return {
        policyArn: AttachedPolicies.find(({ PolicyArn }) => PolicyArn === policyArn)?.PolicyArn,
        role,
      };
    },
    async list(aws) {
      const roles = await rolesOf(aws);
      const lists = roles.map((RoleName) => aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName })));
      return (await Promise.all(lists)).flatMap(({ AttachedPolicies = [] }) =>
        AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
      );
    },
  }),
};
