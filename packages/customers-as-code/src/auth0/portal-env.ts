// The environment of the Moesif Developer Portal's auth0-m2m plugin: its variables, and the text of a `.env` file.

export interface PortalPlugin {
  domain: string;
  clientId: string;
  /** Of the company's own API, not of the Management API; so too the scopes. */
  audience: string;
  scopes: readonly string[];
}

export interface PortalEnv extends PortalPlugin {
  clientSecret: string;
}

/** What anyone may know of it. The plugin splits the scopes at spaces. */
export function pluginVariables({ domain, clientId, audience, scopes }: PortalPlugin) {
  return {
    PLUGIN_APIM_PROVIDER: "auth0-m2m",
    PLUGIN_AUTH0_M2M_DOMAIN: domain,
    PLUGIN_AUTH0_M2M_CLIENT_ID: clientId,
    PLUGIN_AUTH0_M2M_API_AUDIENCE: audience,
    PLUGIN_AUTH0_M2M_API_SCOPE: scopes.join(" "),
  };
}

/** Values are quoted, since scopes are separated by spaces. */
export function renderPortalEnv({ clientSecret, ...plugin }: PortalEnv): string {
  return Object.entries({ ...pluginVariables(plugin), PLUGIN_AUTH0_M2M_CLIENT_SECRET: clientSecret })
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
