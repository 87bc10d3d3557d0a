// The environment of the Moesif Developer Portal's auth0-m2m plugin, as the text of its `.env` file.

export interface PortalEnv {
  domain: string;
  clientId: string;
  clientSecret: string;
  /** Of the company's own API, not of the Management API; so too the scopes. */
  audience: string;
  scopes: string[];
}

/** Values are quoted, since scopes are separated by spaces (the plugin splits them there). */
export function renderPortalEnv({ domain, clientId, clientSecret, audience, scopes }: PortalEnv): string {
  const lines = {
    PLUGIN_APIM_PROVIDER: "auth0-m2m",
    PLUGIN_AUTH0_M2M_DOMAIN: domain,
    PLUGIN_AUTH0_M2M_CLIENT_ID: clientId,
    PLUGIN_AUTH0_M2M_CLIENT_SECRET: clientSecret,
    PLUGIN_AUTH0_M2M_API_AUDIENCE: audience,
    PLUGIN_AUTH0_M2M_API_SCOPE: scopes.join(" "),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
