// The Auth0 application by which people sign in to the Developer Portal.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";

export interface SignInApplicationArgs {
  /** The portal's own URL, such as `https://portal.example.com`: nothing else may take a user's answer. */
  url: string;
}

/**
 * A single-page application without a secret: the portal is a page, and gets its tokens with PKCE.
 * https://www.moesif.com/docs/developer-portal/configuring-auth0-as-an-identity-provider/
 */
export class SignInApplication extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;

  constructor(name: string, { url }: SignInApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:auth0:SignInApplication", name, {}, opts);
    const client = new auth0.Client(
      name,
      {
        name: "Developer Portal",
        description: "Signs users in to the Developer Portal.",
        appType: "spa",
        grantTypes: ["authorization_code", "refresh_token"],
        oidcConformant: true,
        callbacks: [url],
        allowedLogoutUrls: [url],
        webOrigins: [url],
      },
      { parent: this },
    );
    this.clientId = client.clientId;
    this.registerOutputs({ clientId: this.clientId });
  }
}
