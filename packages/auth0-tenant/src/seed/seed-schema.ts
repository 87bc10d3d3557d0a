// What a seed may say: the bodies that the Management API takes, with references by name and ids of one's own choice.
import { z } from "zod";
import { chosenSecret, clientCreation } from "../entities/client";
import { clientGrantCreation } from "../entities/client-grant";
import { connectionCreation } from "../entities/connection";
import { enabledConnection, organizationCreation } from "../entities/organization";
import { resourceServerCreation } from "../entities/resource-server";
import { roleCreation } from "../entities/role";
import { tenantSettingsChange } from "../entities/tenant-settings";
import { userCreation } from "../entities/user";
import { seedRequest } from "./seed-requests";

/** Where users come from if a seed doesn't mention a connection: every new tenant has it, as at Auth0. */
export const defaultConnection = "Username-Password-Authentication";

const names = (description: string) => z.array(z.string().min(1)).meta({ description });

const { scopes: fullScopes, ...apiFields } = resourceServerCreation.shape;
const fullScope = fullScopes.unwrap().element;
const api = z
  .strictObject({
    ...apiFields,
    name: apiFields.name.unwrap().meta({ description: "Default: the identifier." }).optional(),
    scopes: z
      .array(z.union([fullScope.shape.value, fullScope]))
      .meta({ description: "Permissions: strings, or maps with value and description." })
      .optional(),
  })
  .meta({ description: "API (resource server). Takes what POST /api/v2/resource-servers takes." });

const { enabled_connections: _, ...organizationFields } = organizationCreation.shape;
const { connection_id: _id, ...connectionSettings } = enabledConnection.shape;
const organization = z
  .strictObject({
    id: z
      .string()
      .regex(/^org_[A-Za-z0-9]{16}$/, 'must be "org_" and 16 letters or digits')
      .meta({ description: "Default: an id that the tenant makes up." })
      .optional(),
    ...organizationFields,
    connections: z
      .array(z.union([z.string().min(1), z.strictObject({ name: z.string().min(1), ...connectionSettings })]))
      .meta({ description: "Enabled connections, by name." })
      .optional(),
    members: z
      .array(
        z.union([
          z.string().min(1),
          z.strictObject({
            user: z.string().min(1),
            roles: names("Names of the roles that the member has in this organization.").optional(),
          }),
        ]),
      )
      .meta({ description: "Users by email, username or user_id; maps with user and roles." })
      .optional(),
  })
  .meta({ description: "Organization. Takes what POST /api/v2/organizations takes." });

const {
  client_id: _client,
  default_for: _default,
  scope: _scope,
  ...grantFields
} = clientGrantCreation.shape;
const grant = z
  .strictObject({
    ...grantFields,
    audience: z.string().min(1).meta({
      description: "Identifier of an API; https://{domain}/api/v2/ is the Management API.",
    }),
    scope: z
      .union([z.literal("all"), z.array(z.string().min(1))])
      .meta({ description: "Scopes of the API, or all: every scope that it has." })
      .optional(),
    organization_usage: grantFields.organization_usage.meta({
      description: "Default: require if the grant has organizations, otherwise deny.",
    }),
    organizations: names("Names of the organizations that the grant is added to.").optional(),
  })
  .meta({ description: "Client grant. Takes what POST /api/v2/client-grants takes." });

const { default_organization: _organization, ...clientFields } = clientCreation.shape;
const client = z
  .strictObject({
    client_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, "must have 1 to 64 letters, digits, hyphens or underscores")
      .meta({ description: "Default: an id that the tenant makes up." })
      .optional(),
    client_secret: chosenSecret
      .meta({ description: "16 to 256 characters. Default: a secret that the tenant makes up." })
      .optional(),
    ...clientFields,
    default_organization: z
      .string()
      .min(1)
      .meta({ description: "Name of the organization of a token request without one." })
      .optional(),
    grants: z.array(grant).meta({ description: "Which APIs the client may call." }).optional(),
  })
  .meta({ description: "Client (application). Takes what POST /api/v2/clients takes." });

const connection = z
  .strictObject({
    ...connectionCreation.shape,
    enabled_clients: names("Names or ids of the clients that use the connection.").optional(),
  })
  .meta({ description: "Connection. Takes what POST /api/v2/connections takes." });

const role = z
  .strictObject({
    ...roleCreation.shape,
    permissions: z
      .array(
        z.strictObject({
          audience: z.string().min(1).meta({ description: "Identifier of an API." }),
          scope: names("Scopes of the API.").min(1),
        }),
      )
      .optional(),
  })
  .meta({ description: "Role. Takes what POST /api/v2/roles takes." });

const user = z
  .strictObject({
    ...userCreation.shape,
    connection: z
      .string()
      .min(1)
      .meta({ description: `Default: ${defaultConnection}.` })
      .optional(),
    password: z.string().min(1).meta({ description: "Default: a random one." }).optional(),
    roles: names("Names of the user's roles.").optional(),
  })
  .meta({ description: "User. Takes what POST /api/v2/users takes." });

export const seedSchema = z.strictObject({
  $schema: z.string().meta({ description: "Schema for editors, in a seed written as JSON." }).optional(),
  tenant: tenantSettingsChange
    .meta({ description: "Tenant settings (PATCH /api/v2/tenants/settings)." })
    .optional(),
  apis: z.array(api).optional(),
  connections: z.array(connection).optional(),
  organizations: z.array(organization).optional(),
  clients: z.array(client).optional(),
  roles: z.array(role).optional(),
  users: z.array(user).optional(),
  requests: z
    .array(seedRequest)
    .meta({
      description: "Requests to the Management API, for what the other keys can't say. They run last.",
    })
    .optional(),
});

/**
 * What a new tenant holds, in the words of Auth0's Management API, with references by name.
 * `{domain}` stands for the tenant's domain in every string.
 *
 * @example
 * const seed: Seed = {
 *   apis: [{ identifier: "https://api.example.com", scopes: ["read:orders"] }],
 *   organizations: [{ name: "acme" }],
 *   clients: [
 *     {
 *       name: "Acme sync",
 *       client_id: "acme-sync",
 *       client_secret: "only-for-tests-acme-sync",
 *       grants: [{ audience: "https://api.example.com", scope: ["read:orders"], organizations: ["acme"] }],
 *     },
 *   ],
 * };
 */
export type Seed = z.input<typeof seedSchema>;

/** A seed whose every value has passed the schema. */
export type CheckedSeed = z.output<typeof seedSchema>;

/** JSON schema of seed files, for editors. */
export function renderSeedSchema(): string {
  const schema = z.toJSONSchema(seedSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, title: "Seed of auth0-tenant" }, null, 2)}\n`;
}
