// A customer in Auth0: its organization, and the machine-to-machine clients that act for it.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { CustomerClient, CustomerDeclaration } from "../customers/load";

export interface CustomerArgs extends CustomerDeclaration {
  /** Audience of the company's API. */
  audience: pulumi.Input<string>;
  /** Domain of the tenant, such as `example.eu.auth0.com`. */
  domain: string;
  /** Refuse to delete the organization and its clients. */
  protect: boolean;
}

/** All that a client of a customer needs to get a token. */
export interface Credentials {
  clientId: pulumi.Output<string>;
  /** Secret. */
  clientSecret: pulumi.Output<string>;
  tokenUrl: string;
  audience: pulumi.Output<string>;
  scopes: string[];
}

/** A customer's organization and clients. Its children are named `ID` and `ID/CLIENT`, which no two customers share. */
export class Customer extends pulumi.ComponentResource {
  readonly id: string;
  readonly status: CustomerArgs["status"];
  readonly organizationId: pulumi.Output<string>;
  /** By the client's name. */
  readonly credentials: Record<string, Credentials>;

  constructor(id: string, args: CustomerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:auth0:Customer", id, {}, opts);
    this.id = id;
    this.status = args.status;
    const organization = new auth0.Organization(
      id,
      { name: args.organization, displayName: args.displayName, metadata: { customer: id } },
      { parent: this, protect: args.protect },
    );
    this.organizationId = organization.id;
    this.credentials = Object.fromEntries(
      args.clients.map((client) => [client.name, this.createClient(id, client, organization, args)]),
    );
    this.registerOutputs({ organizationId: this.organizationId });
  }

  /** Without secrets. */
  get summary() {
    const { organizationId, status, credentials } = this;
    const clients = Object.entries(credentials).map(([name, { clientId }]) => [name, clientId]);
    return { organizationId, status, clients: Object.fromEntries(clients) };
  }

  private createClient(
    id: string,
    { name, scopes }: CustomerClient,
    organization: auth0.Organization,
    args: CustomerArgs,
  ): Credentials {
    const resourceName = `${id}/${name}`;
    const client = new auth0.Client(
      resourceName,
      {
        name: resourceName,
        description: `Client "${name}" of ${args.displayName}.`,
        appType: "non_interactive",
        grantTypes: ["client_credentials"],
        // For token requests that name no organization.
        defaultOrganization: { organizationId: organization.id, flows: ["client_credentials"] },
        organizationUsage: "require",
        clientMetadata: { customer: id, client: name },
      },
      { parent: this, protect: args.protect },
    );
    const credentials = new auth0.ClientCredentials(
      resourceName,
      { clientId: client.clientId, authenticationMethod: "client_secret_post" },
      { parent: this, deletedWith: client },
    );
    // The grant's organizationUsage, not the client's, is what puts org_id into the token.
    const grant = new auth0.ClientGrant(
      resourceName,
      {
        clientId: client.clientId,
        audience: args.audience,
        scopes,
        organizationUsage: "require",
        allowAnyOrganization: false,
      },
      { parent: this, deletedWith: client },
    );
    new auth0.OrganizationClientGrant(
      resourceName,
      { organizationId: organization.id, grantId: grant.id },
      { parent: this, deletedWith: client },
    );
    return {
      clientId: client.clientId,
      clientSecret: credentials.clientSecret,
      tokenUrl: `https://${args.domain}/oauth/token`,
      audience: pulumi.output(args.audience),
      scopes,
    };
  }
}
