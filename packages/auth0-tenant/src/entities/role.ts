// Roles, what they permit, and who has them: a user, or a member of one organization. The tenant keeps them; no token shows them.
// As recorded: TestAccRole.yaml, TestAccRolePermission.yaml and TestAccOrganizationMemberRole.yaml of terraform-provider-auth0.
import { z } from "zod";
import { defineOperation } from "../operation";
import { applyPatch } from "../patch";
import { notFound } from "../problem";
import { checkpointQuery, numberedList, pagingQuery, renderNumberedPage, renderPage } from "../query";
import { randomAlphanumeric } from "../randomness";
import {
  deleteRecord,
  holderKey,
  memberships,
  type Role,
  type RoleAssignment,
  roleAssignments,
  roles,
  users,
} from "../records";
import type { RecordList, View } from "../store";
import { managementMessages } from "../unverified";
import { findOrganization } from "./organization";
import { findResourceServerByIdentifier } from "./resource-server";
import { findUser } from "./user";

const fields = { name: z.string().min(1), description: z.string().min(1) };
export const roleCreation = z.strictObject({ name: fields.name, description: fields.description.optional() });

const permissionsBody = z.strictObject({
  permissions: z
    .array(
      z.strictObject({
        resource_server_identifier: z.string().min(1),
        permission_name: z.string().min(1),
      }),
    )
    .min(1),
});
const rolesBody = z.strictObject({ roles: z.array(z.string().min(1)).min(1).max(50) });
const usersBody = z.strictObject({ users: z.array(z.string().min(1)).min(1) });

/** Who has roles: where they are listed, given and taken away. */
const holders = [
  {
    path: "/users/:id/roles",
    scopes: {
      read: ["read:users", "read:roles", "read:role_members"],
      create: ["update:users", "create:role_members"],
      delete: ["update:users", "delete:role_members"],
    },
    find: (view: View, { id }: Record<string, string>) => ({ user_id: findUser(view, id).user_id }),
  },
  {
    path: "/organizations/:id/members/:user/roles",
    scopes: {
      read: ["read:organization_member_roles"],
      create: ["create:organization_member_roles"],
      delete: ["delete:organization_member_roles"],
    },
    find(view: View, { id, user = "" }: Record<string, string>) {
      const organization_id = findOrganization(view, id).id;
      const membership = view.get(memberships, memberships.id({ organization_id, user_id: user }));
      if (!membership) throw notFound(managementMessages.notAMember);
      return membership;
    },
  },
];

const holderOperations = holders.flatMap(({ path, scopes, find }) => [
  defineOperation({
    method: "GET",
    path,
    scopes: scopes.read,
    status: 200,
    query: pagingQuery,
    run({ view, params, query }) {
      const all = view.list(roleAssignments, "holder", holderKey(find(view, params)));
      const render = ({ role_id }: RoleAssignment) => shown(findRole(view, role_id));
      return renderPage(all, query, { name: "roles", render });
    },
  }),
  defineOperation({
    method: "POST",
    path,
    scopes: scopes.create,
    status: 204,
    body: rolesBody,
    run({ view, params, body }) {
      const holder = find(view, params);
      for (const id of body.roles) findRole(view, id);
      for (const role_id of body.roles) view.put(roleAssignments, { role_id, ...holder });
    },
  }),
  defineOperation({
    method: "DELETE",
    path,
    scopes: scopes.delete,
    status: 204,
    body: rolesBody,
    run({ view, params, body }) {
      const holder = find(view, params);
      for (const role_id of body.roles) {
        view.delete(roleAssignments, roleAssignments.id({ role_id, ...holder }));
      }
    },
  }),
]);

export const roleOperations = [
  ...holderOperations,
  defineOperation({
    method: "GET",
    path: "/roles",
    scopes: ["read:roles"],
    status: 200,
    query: z.strictObject({
      ...pagingQuery.shape,
      name_filter: z.string().optional(),
      type: z.enum(["tenant", "organization"]).optional(),
    }),
    run({ view, query }) {
      const { name_filter: filter } = query;
      const all = view.list(roles);
      const named: RecordList<Role> =
        filter === undefined
          ? all
          : all.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
      // No organization has a role of its own here.
      const found = query.type === "organization" ? named.filter(() => false) : named;
      return renderPage(found, query, { name: "roles", render: shown });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/roles",
    scopes: ["create:roles"],
    status: 200,
    body: roleCreation,
    run({ view, body, tenant }) {
      const { name, description = null } = body;
      const role = { id: `rol_${randomAlphanumeric(tenant.random, 16)}`, name, description, permissions: [] };
      view.put(roles, role);
      return shown(role);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/roles/:id",
    scopes: ["read:roles"],
    status: 200,
    run: ({ view, params }) => shown(findRole(view, params.id)),
  }),
  defineOperation({
    method: "PATCH",
    path: "/roles/:id",
    scopes: ["update:roles"],
    status: 200,
    body: z.strictObject(fields).partial(),
    run({ view, params, body }) {
      const role = applyPatch(findRole(view, params.id), body);
      view.put(roles, role);
      return shown(role);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/roles/:id",
    scopes: ["delete:roles"],
    status: 200,
    run({ view, params }) {
      deleteRecord(view, roles, findRole(view, params.id).id);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/roles/:id/permissions",
    scopes: ["read:roles"],
    status: 200,
    query: pagingQuery,
    run({ view, params, query }) {
      const all = findRole(view, params.id).permissions.flatMap((one) => shownPermission(view, one));
      return renderNumberedPage(numberedList(all), query, { name: "permissions" });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/roles/:id/permissions",
    scopes: ["update:roles"],
    status: 201,
    body: permissionsBody,
    run({ view, params, body }) {
      const role = findRole(view, params.id);
      for (const given of body.permissions) {
        if (shownPermission(view, given).length === 0) throw notFound(managementMessages.noSuchPermission);
      }
      view.put(roles, {
        ...role,
        permissions: [...withoutPermissions(role, body.permissions), ...body.permissions],
      });
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/roles/:id/permissions",
    scopes: ["update:roles"],
    status: 204,
    body: permissionsBody,
    run({ view, params, body }) {
      const role = findRole(view, params.id);
      view.put(roles, { ...role, permissions: withoutPermissions(role, body.permissions) });
    },
  }),
  defineOperation({
    method: "GET",
    path: "/roles/:id/users",
    scopes: ["read:users", "read:roles", "read:role_members"],
    status: 200,
    query: checkpointQuery,
    run({ view, params, query }) {
      const { id } = findRole(view, params.id);
      const all = view
        .list(roleAssignments, "role", id)
        .filter(({ organization_id }) => organization_id === undefined);
      const render = ({ user_id }: RoleAssignment) => {
        const { email, name, picture } = view.get(users, user_id) ?? {};
        return { user_id, ...(email && { email }), ...(picture && { picture }), ...(name && { name }) };
      };
      return renderPage(all, query, { name: "users", render });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/roles/:id/users",
    scopes: ["create:role_members"],
    status: 200,
    body: usersBody,
    run({ view, params, body }) {
      const { id: role_id } = findRole(view, params.id);
      for (const id of body.users) findUser(view, id);
      for (const user_id of body.users) view.put(roleAssignments, { role_id, user_id });
    },
  }),
  defineOperation({
    method: "GET",
    path: "/users/:id/permissions",
    scopes: ["read:users"],
    status: 200,
    query: pagingQuery,
    // A user doesn't have its own here: permissions come from roles.
    run({ view, params, query }) {
      findUser(view, params.id);
      return renderNumberedPage(numberedList([]), query, { name: "permissions" });
    },
  }),
];

const shown = ({ permissions: _, ...role }: Role): object => role;

type Permission = Role["permissions"][number];

/** @returns none if the API, or its scope, is gone */
function shownPermission(view: View, permission: Permission): object[] {
  const { resource_server_identifier: identifier, permission_name: name } = permission;
  const server = findResourceServerByIdentifier(view, identifier);
  const scope = server?.scopes?.find(({ value }) => value === name);
  if (!scope) return [];
  return [
    {
      ...{ permission_name: name, description: scope.description },
      ...{ resource_server_name: server?.name, resource_server_identifier: identifier },
    },
  ];
}

function withoutPermissions({ permissions }: Role, gone: readonly Permission[]): Permission[] {
  const key = (one: Permission) => `${one.permission_name} ${one.resource_server_identifier}`;
  const keys = new Set(gone.map(key));
  return permissions.filter((one) => !keys.has(key(one)));
}

/** @throws Problem 404 */
function findRole(view: View, id: string | undefined): Role {
  const role = view.get(roles, id ?? "");
  if (!role) throw notFound(managementMessages.noSuchRole, "inexistent_role");
  return role;
}
