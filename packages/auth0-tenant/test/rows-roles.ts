// Roles with their permissions, and the users and members that have them.
import { managementMessages } from "../src/unverified";
import type { Row, Step } from "./row";
import {
  get,
  invalid,
  missing,
  notFound,
  organization,
  patch,
  refused,
  remove,
  server,
  user,
} from "./rows-given";

const role = (save: string, more: object = {}): Step => ({
  request: "POST /api/v2/roles",
  body: { name: `${save} {row}`, ...more },
  // Not 201.
  status: 200,
  save: { [save]: "id" },
});
const shown = (save: string) => ({ id: `{${save}}`, name: `${save} {row}`, description: null });
const permission = (permission_name: string) => ({ resource_server_identifier: "{api}", permission_name });
const none = { start: 0, limit: 50, total: 0 };

/** Gives roles to the holder of this path, or takes them away. */
const change = (method: "POST" | "DELETE", path: string, ...names: string[]): Step => ({
  request: `${method} /api/v2/${path}`,
  body: { roles: names.map((name) => `{${name}}`) },
  status: 204,
});

export const roleRows: Row[] = [
  {
    name: "a role is made, read, changed, found and deleted",
    steps: [
      {
        ...role("reader"),
        whole: {
          ...{ id: expect.stringMatching(/^rol_[A-Za-z0-9]{16}$/), name: "reader {row}", description: null },
        },
      },
      { ...get("roles/{reader}"), whole: shown("reader") },
      {
        ...patch("roles/{reader}", { description: "Reads" }),
        whole: { ...shown("reader"), description: "Reads" },
      },
      {
        ...get("roles?name_filter=READER%20{row}&include_totals=true"),
        whole: { roles: [{ ...shown("reader"), description: "Reads" }], ...none, total: 1 },
      },
      { ...get("roles?type=organization"), whole: [] },
      { request: "DELETE /api/v2/roles/{reader}", body: {}, status: 200, whole: {} },
      notFound("GET roles/{reader}", "role"),
      notFound("DELETE roles/{reader}", "role"),
      notFound("PATCH roles/{reader}", "role", { name: "x" }),
      invalid("POST roles", {}, "'Missing required property: name'."),
    ],
  },
  {
    name: "a role has permissions of APIs, as long as these have them",
    steps: [
      role("reader"),
      server("api"),
      { ...get("roles/{reader}/permissions?include_totals=true"), whole: { permissions: [], ...none } },
      {
        request: "POST /api/v2/roles/{reader}/permissions",
        body: { permissions: [permission("read:orders"), permission("write:orders")] },
        ...{ status: 201, whole: {} },
      },
      {
        request: "POST /api/v2/roles/{reader}/permissions",
        body: { permissions: [permission("read:orders")] },
        status: 201,
      },
      {
        request: "DELETE /api/v2/roles/{reader}/permissions",
        body: { permissions: [permission("write:orders")] },
        status: 204,
      },
      get("roles/{reader}/permissions", [
        { permission_name: "read:orders", resource_server_identifier: "{api}" },
      ]),
      refused("POST roles/{reader}/permissions", 404, managementMessages.noSuchPermission, undefined, {
        permissions: [permission("read:nothing")],
      }),
      remove("resource-servers/{api}"),
      { ...get("roles/{reader}/permissions"), whole: [] },
    ],
  },
  {
    name: "a user has roles, also without an organization",
    steps: [
      role("reader"),
      role("writer"),
      user("ann"),
      { ...get("users/{ann}/roles?include_totals=true"), whole: { roles: [], ...none } },
      change("POST", "users/{ann}/roles", "reader", "writer"),
      change("POST", "users/{ann}/roles", "reader"),
      { ...get("users/{ann}/roles"), whole: [shown("reader"), shown("writer")] },
      change("DELETE", "users/{ann}/roles", "reader"),
      { ...get("users/{ann}/roles"), whole: [shown("writer")] },
      { request: "POST /api/v2/roles/{reader}/users", body: { users: ["{ann}"] }, status: 200, whole: {} },
      get("roles/{reader}/users", [{ user_id: "{ann}", email: "ann@{row}.example" }]),
      { ...get("users/{ann}/permissions?include_totals=true"), whole: { permissions: [], ...none } },
      notFound("POST users/{ann}/roles", "role", { roles: ["rol_missing"] }),
      notFound("GET users/auth0%7Cmissing/roles", "user"),
      remove("users/{ann}"),
      { ...get("roles/{reader}/users"), whole: [] },
    ],
  },
  {
    name: "a member has roles in one organization, until the membership ends",
    steps: [
      role("reader"),
      user("ann"),
      organization("acme"),
      refused("GET organizations/{acme}/members/{ann}/roles", 404, managementMessages.notAMember),
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      change("POST", "organizations/{acme}/members/{ann}/roles", "reader"),
      { ...get("organizations/{acme}/members/{ann}/roles"), whole: [shown("reader")] },
      { ...get("users/{ann}/roles"), whole: [] },
      { ...get("roles/{reader}/users"), whole: [] },
      change("DELETE", "organizations/{acme}/members/{ann}/roles", "reader"),
      { ...get("organizations/{acme}/members/{ann}/roles"), whole: [] },
      change("POST", "organizations/{acme}/members/{ann}/roles", "reader"),
      { request: "DELETE /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      { ...get("organizations/{acme}/members/{ann}/roles"), whole: [] },
      refused("GET organizations/org_missing/members/{ann}/roles", 404, missing.organization[0]),
    ],
  },
];
