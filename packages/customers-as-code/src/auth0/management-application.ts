// The Auth0 application with which the Moesif Developer Portal makes organizations and clients for its users.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { portalMark } from "./declaration";
import { renderPortalEnv } from "./portal-env";

/** What the portal needs on the Management API (Moesif, "Configuring Auth0 Machine2Machine"). */
export const managementScopes = [
  "create:client_grants",
  "read:users",
  "create:users",
  "update:users",
  "create:clients",
  "create:organizations",
  "read:organizations",
  "update:organizations",
  "create:organization_members",
  "create:organization_client_grants",
] as const;

/** Arguments of {@link ManagementApplication}. */
export interface ManagementApplicationArgs {
  /** Domain of the tenant, such as `example.eu.auth0.com`. */
  domain: string;
  /** Audience of the company's own API, to which the portal's users get clients. */
  audience: pulumi.Input<string>;
  /** Scopes of the company's own API that those clients get. */
  scopes: string[];
}

/**
 * The application with which the Moesif Developer Portal makes organizations and clients for its users: a machine-to-machine client
 * with a grant on the tenant's Management API.
 *
 * @example
 * const management = new ManagementApplication("portal", {
 *   domain: "example.eu.auth0.com",
 *   audience: api.audience,
 *   scopes: ["read:orders"],
 * });
 */
export class ManagementApplication extends pulumi.ComponentResource {
  /** Id of the client in Auth0. */
  readonly clientId: pulumi.Output<string>;
  /** Secret of the client; marked as secret. */
  readonly clientSecret: pulumi.Output<string>;
  /** The text of the portal's `.env` file; secret. */
  readonly portalEnv: pulumi.Output<string>;

  constructor(name: string, args: ManagementApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:auth0:ManagementApplication", name, {}, opts);
    const client = new auth0.Client(
      name,
      {
        name: "Moesif Developer Portal",
        description: "Makes organizations and clients for the users of the Developer Portal.",
        appType: "non_interactive",
        grantTypes: ["client_credentials"],
        // By which `npx customers repair` knows it: no other stack of the tenant has the audience.
        clientMetadata: { [portalMark]: args.audience },
      },
      { parent: this },
    );
    const credentials = new auth0.ClientCredentials(
      name,
      { clientId: client.clientId, authenticationMethod: "client_secret_post" },
      { parent: this, deletedWith: client },
    );
    // allowAllScopes stays unset: Auth0 refuses it, even as false, on the Management API (pulumi-auth0#1069).
    new auth0.ClientGrant(
      name,
      {
        clientId: client.clientId,
        audience: `https://${args.domain}/api/v2/`,
        scopes: [...managementScopes],
      },
      { parent: this, deletedWith: client },
    );
    this.clientId = client.clientId;
    this.clientSecret = credentials.clientSecret;
    this.portalEnv = pulumi.secret(
      pulumi
        .all([this.clientId, this.clientSecret, args.audience])
        .apply(([clientId, clientSecret, audience]) =>
          renderPortalEnv({ domain: args.domain, clientId, clientSecret, audience, scopes: args.scopes }),
        ),
    );
    this.registerOutputs({ clientId: this.clientId });
  }
}
