// Fills a tenant by the Management API, as its own client does.
import type { TestTenant } from "../../../auth0-tenant/testing/in-process";

/** @returns what sends a request, and gives the answer's JSON; it throws where that is a refusal */
export async function managementOf(tenant: TestTenant) {
  const { clientId, clientSecret, domain } = tenant;
  const response = await tenant.fetch(`https://${domain}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${domain}/api/v2/`,
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return async <T = { id: string }>(path: string, body: object, method = "POST"): Promise<T> => {
    const answer = await tenant.fetch(`https://${domain}/api/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  };
}
