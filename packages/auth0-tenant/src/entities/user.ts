// Users, as far as a tenant without logins has them.
import { createHash, randomBytes, scryptSync } from "node:crypto";
import { z } from "zod";
import { defineOperation } from "../operation";
import { applyPatch, patchSchema } from "../patch";
import { badRequest, conflict, notFound } from "../problem";
import {
  checkpointQuery,
  type PageTotals,
  renderPage,
  selectFields,
  selectingPagingQuery,
  selectingQuery,
} from "../query";
import { randomHexadecimal } from "../randomness";
import {
  connections,
  deleteRecord,
  type Membership,
  memberships,
  organizations,
  type User,
  users,
} from "../records";
import type { View } from "../store";
import { currentTimestamp } from "../tenant";
import { managementMessages } from "../unverified";
import { shownOrganization } from "./organization";

const metadata = z.record(z.string(), z.unknown());
const fields = {
  email: z.email(),
  username: z.string().min(1).max(128),
  phone_number: z.string().regex(/^\+[0-9]{1,15}$/),
  user_metadata: metadata,
  app_metadata: metadata,
  blocked: z.boolean(),
  email_verified: z.boolean(),
  phone_verified: z.boolean(),
  given_name: z.string().min(1).max(150),
  family_name: z.string().min(1).max(150),
  name: z.string().min(1).max(300),
  nickname: z.string().min(1).max(300),
  picture: z.url(),
  verify_email: z.boolean(),
  password: z.string().min(1),
};

export const userCreation = z.strictObject({
  connection: z.string().min(1),
  user_id: z.string().max(255).optional(),
  ...z.strictObject(fields).partial().shape,
});

/** Not null: these are taken away by no PATCH. */
const { blocked, email_verified, phone_verified, verify_email, password, ...erasable } = fields;
const change = z.strictObject({
  ...patchSchema(erasable, [
    ...["username", "phone_number", "given_name", "family_name", "name", "nickname", "picture"],
  ]).shape,
  email: fields.email.nullable().optional(),
  ...z.strictObject({ blocked, email_verified, phone_verified, verify_email, password }).partial().shape,
  connection: z.string().optional(),
  client_id: z.string().optional(),
  verify_phone_number: z.boolean().optional(),
});

export const userOperations = [
  defineOperation({
    method: "GET",
    path: "/users",
    scopes: ["read:users"],
    status: 200,
    query: z.strictObject({
      ...selectingPagingQuery.shape,
      sort: z.string().optional(),
      connection: z.string().optional(),
      q: z.string().optional(),
      search_engine: z.enum(["v1", "v2", "v3"]).optional(),
      primary_order: z.string().optional(),
    }),
    run({ view, query }) {
      const { q, connection } = query;
      const found = view
        .list(users)
        .filter((user) => matches(user, q) && (!connection || user.identities[0]?.connection === connection));
      const render = (user: User) => selectFields(shown(user), query);
      // go-auth0's recordings, TestUserManager_List.yaml.
      const totals = ({ start, limit, total }: PageTotals, { length }: readonly unknown[]) => ({
        ...{ start, limit, length },
        ...(length > 0 && { total }),
      });
      return renderPage(found, query, { name: "users", reach: 1000, render, totals });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/users",
    scopes: ["create:users"],
    status: 201,
    body: userCreation,
    run({ view, body, tenant }) {
      const { connection: name, user_id: wanted, password, verify_email: _, ...given } = body;
      const connection = view.findByIndex(connections, "name", name);
      if (!connection) throw badRequest("The connection does not exist.", "inexistent_connection");
      const database = connection.strategy === "auth0";
      if (database && !given.email && !given.username && !given.phone_number) {
        throw badRequest("attributes must contain one active identifier");
      }
      if (database && password === undefined) {
        throw badRequest("Payload validation error: 'Missing required property: password'.");
      }
      const local = wanted ?? randomHexadecimal(tenant.random, 24);
      const user_id = `${connection.strategy}|${local}`;
      const email = given.email?.toLowerCase();
      if (view.get(users, user_id) || (email && emailTaken(view, email, name))) {
        throw conflict(managementMessages.userExists);
      }
      const now = currentTimestamp(tenant);
      const shownName = email ?? given.username ?? given.phone_number ?? local;
      const user: User = {
        created_at: now,
        ...(email && { email_verified: false }),
        identities: [{ connection: name, user_id: local, provider: connection.strategy, isSocial: false }],
        name: shownName,
        nickname: shownName.split("@")[0],
        picture: pictureOf(email ?? shownName),
        updated_at: now,
        ...given,
        ...(email && { email }),
        ...(password !== undefined && { password_hash: hash(password) }),
        user_id,
      };
      view.put(users, user);
      return shown(user);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/users-by-email",
    scopes: ["read:users"],
    status: 200,
    query: z.strictObject({ ...selectingQuery.shape, email: z.string().min(1) }),
    run({ view, query }) {
      const found = view.list(users, "email", query.email.toLowerCase()).toArray();
      return found.map((user) => selectFields(shown(user), query));
    },
  }),
  defineOperation({
    method: "GET",
    path: "/users/:id",
    scopes: ["read:users", "read:current_user", "read:user_idp_tokens"],
    status: 200,
    query: selectingQuery,
    run: ({ view, params, query }) => selectFields(shown(findUser(view, params.id)), query),
  }),
  defineOperation({
    method: "PATCH",
    path: "/users/:id",
    scopes: ["update:users", "update:users_app_metadata"],
    status: 200,
    body: change,
    run({ view, params, body, tenant }) {
      const before = findUser(view, params.id);
      const {
        connection: _c,
        client_id: _i,
        verify_email: _e,
        verify_phone_number: _p,
        password,
        ...given
      } = body;
      const email = typeof given.email === "string" ? given.email.toLowerCase() : undefined;
      const user: User = {
        ...applyPatch(before, given, ["user_metadata", "app_metadata"]),
        ...(email !== undefined && { email }),
        updated_at: currentTimestamp(tenant),
        ...(typeof password === "string" && { password_hash: hash(password) }),
      };
      if (email && email !== before.email && emailTaken(view, email, user.identities[0]?.connection)) {
        throw badRequest("The specified new email already exists", "auth0_idp_error");
      }
      view.put(users, user);
      return shown(user);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/users/:id",
    scopes: ["delete:users", "delete:current_user"],
    status: 204,
    // Of a user that is gone as well.
    run({ view, params }) {
      deleteRecord(view, users, params.id ?? "");
    },
  }),
  defineOperation({
    method: "GET",
    path: "/users/:id/organizations",
    scopes: ["read:organizations"],
    status: 200,
    query: checkpointQuery,
    run({ view, params, query }) {
      const { user_id } = findUser(view, params.id);
      const render = ({ organization_id }: Membership) => {
        const organization = view.get(organizations, organization_id);
        return organization && shownOrganization(organization);
      };
      // Auth0 counts none here, whichever it lists (terraform-provider-auth0, TestAccDataSourceUserOrganizations.yaml).
      const totals = (all: PageTotals) => ({ ...all, total: 0 });
      const style = { name: "organizations", render, totals };
      return renderPage(view.list(memberships, "user", user_id), query, style);
    },
  }),
];

function shown({ password_hash: _, ...user }: User): object {
  // Auth0 shows no empty metadata.
  const { app_metadata } = user;
  if (typeof app_metadata !== "object" || app_metadata === null) return user;
  const { app_metadata: _empty, ...rest } = user;
  return Object.keys(app_metadata).length > 0 ? user : rest;
}

/** As Auth0 makes one for a user without one: by the address' hash, else with the first two letters. */
function pictureOf(email: string): string {
  const hash = createHash("md5").update(email).digest("hex");
  const letters = email.slice(0, 2).toLowerCase();
  const other = encodeURIComponent(`https://cdn.auth0.com/avatars/${letters}.png`);
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${other}`;
}

/** @throws Problem 404 */
export function findUser(view: View, id: string | undefined): User {
  const user = view.get(users, id ?? "");
  if (!user) throw notFound("The user does not exist.", "inexistent_user");
  return user;
}

const emailTaken = (view: View, email: string, connection: string | undefined) =>
  view
    .list(users, "email", email)
    .toArray()
    .some(({ identities }) => identities[0]?.connection === connection);

function hash(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("base64url")}.${scryptSync(password, salt, 32, { N: 1024 }).toString("base64url")}`;
}

/**
 * Of Auth0's query syntax the tenant knows `field:value` and `field:"value"`, joined by AND.
 * @throws Problem 400 for the rest, rather than to find the wrong users
 */
function matches(user: User, q: string | undefined): boolean {
  if (!q) return true;
  return q.split(/ AND /).every((term) => {
    const [, path, quoted, plain] = /^([\w.]+):(?:"([^"]*)"|([^\s"*()[\]]+))$/.exec(term.trim()) ?? [];
    if (path === undefined)
      throw badRequest(`The local tenant does not know the query ${q}.`, "invalid_query_string");
    const value = path.split(".").reduce<unknown>((inner, name) => {
      if (Array.isArray(inner)) return inner.map((one) => Reflect.get(one, name));
      return typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined;
    }, user);
    const wanted = (quoted ?? plain ?? "").toLowerCase();
    return [value].flat().some((one) => String(one).toLowerCase() === wanted);
  });
}
