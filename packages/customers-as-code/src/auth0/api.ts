// The company's API in Auth0: what tokens are for, and the scopes that they may carry.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { ImportedApi } from "../customers/import-data";
import { type ApiDeclaration, declareApi, declareScopes } from "./declaration";
import { importOptions } from "./imported";

/** Arguments of {@link Api}. */
export interface ApiArgs extends ApiDeclaration {
  /** Given if Auth0 has the API, and the deployment imports it. */
  imported?: ImportedApi;
}

/**
 * The Auth0 resource server that stands for the company's API: what tokens are for, and the scopes that they may have.
 *
 * @example
 * const api = new Api("api", {
 *   name: "Orders API",
 *   identifier: "https://api.example.com/",
 *   scopes: { "read:orders": "Read orders" },
 *   tokenLifetime: 86_400,
 * });
 */
export class Api extends pulumi.ComponentResource {
  /** Id of the resource server in Auth0. */
  readonly resourceServerId: pulumi.Output<string>;
  /** The audience of tokens for the API. Known once its scopes exist, so that grants wait for them. */
  readonly audience: pulumi.Output<string>;

  constructor(name: string, args: ApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:auth0:Api", name, {}, opts);
    const server = new auth0.ResourceServer(name, declareApi(args), {
      parent: this,
      ...importOptions(args.imported),
    });
    const scopes = new auth0.ResourceServerScopes(
      name,
      { resourceServerIdentifier: server.identifier, scopes: declareScopes(args.scopes) },
      { parent: this, deletedWith: server, ...importOptions(args.imported?.scopes) },
    );
    this.resourceServerId = server.id;
    this.audience = scopes.resourceServerIdentifier;
    this.registerOutputs({ audience: this.audience });
  }
}
