// The company's API in Auth0: what tokens are for, and the scopes that they may carry.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";

export interface ApiArgs {
  /** Name that Auth0's dashboard shows. */
  name: string;
  /** The audience of its tokens; cannot be changed without replacing the API and every grant on it. */
  identifier: string;
  /** Description by scope. */
  scopes: Record<string, string>;
  /** Seconds. */
  tokenLifetime: number;
}

/** The Auth0 resource server that stands for the company's API. */
export class Api extends pulumi.ComponentResource {
  /** The audience of tokens for the API. Known once its scopes exist, so that grants wait for them. */
  readonly audience: pulumi.Output<string>;

  constructor(name: string, args: ApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:auth0:Api", name, {}, opts);
    const server = new auth0.ResourceServer(
      name,
      {
        name: args.name,
        identifier: args.identifier,
        signingAlg: "RS256",
        tokenLifetime: args.tokenLifetime,
      },
      { parent: this },
    );
    const scopes = new auth0.ResourceServerScopes(
      name,
      {
        resourceServerIdentifier: server.identifier,
        scopes: Object.entries(args.scopes).map(([scope, description]) => ({ name: scope, description })),
      },
      { parent: this, deletedWith: server },
    );
    this.audience = scopes.resourceServerIdentifier;
    this.registerOutputs({ audience: this.audience });
  }
}
