// Lines to copy into another terminal while the cloud is kept up.
import type { OutputMap } from "@pulumi/pulumi/automation";
import pc from "picocolors";
import { chooseCalls } from "./company/choose-calls";
import type { ApiOperation } from "./company/operations";
import { type Credentials, type Customers, readOutput } from "./credentials";
import { withoutTls } from "./gateway-fetch";
import type { CloudAddress } from "./presence";

export function printCurl(
  outputs: OutputMap,
  { tenant, gatewayUrl }: CloudAddress,
  operations: readonly ApiOperation[],
): void {
  const url = readOutput<string>(outputs, "url");
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const { allowed } = chooseCalls(operations, readOutput<Customers>(outputs, "customers"), credentials);
  const page = `In a browser, https://${tenant.domain}/ shows the customers and their clients in the Auth0 tenant. Its certificate is from ${tenant.caFile}, so the browser warns you.`;
  if (!allowed) {
    console.log(`\n${pc.bold("The cloud stays up until Ctrl-C.")} The API is at ${url}\n${page}`);
    return;
  }
  const { client, operation, request } = allowed;
  const { clientId, clientSecret, tokenUrl, audience } = client;
  const body = request.body === undefined ? "" : ` \\\n    -d ${quote(request.body)}`;
  const headers = Object.entries(request.headers).map(
    ([name, value]) => ` \\\n    -H ${quote(`${name}: ${value}`)}`,
  );
  // No DNS leads to a domain name of its own.
  const connect = url.startsWith("https:") ? ` --connect-to ::${new URL(gatewayUrl).host}` : "";
  const data = request.body === undefined ? "" : ` --data ${quote(request.body)}`;
  console.log(`
${pc.bold("The cloud stays up until Ctrl-C.")} Get a token of ${client.name}, and call the API:

  TOKEN=$(curl -s --cacert ${tenant.caFile} ${tokenUrl} \\
    -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} \\
    -d audience=${audience} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -i${connect} -X ${operation.method} -H "Authorization: Bearer $TOKEN" ${quote(withoutTls(url) + request.path)}${headers.join("")}${body}

Or, in the project's folder:

  npx customers local call ${operation.method} ${quote(request.path)} --as ${client.name}${data}
  npx customers local outputs --show-secrets

${page}
`);
}

/** For a shell. */
function quote(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
