// Lines to copy into another terminal while the cloud is kept up.
import type { OutputMap } from "@pulumi/pulumi/automation";
import pc from "picocolors";
import { type Credentials, findCredentials, readOutput } from "./credentials";
import type { CloudAddress } from "./presence";

export function printCurl(outputs: OutputMap, { tenant }: CloudAddress): void {
  const url = readOutput<string>(outputs, "url");
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const [who] = Object.entries(credentials).flatMap(([customer, clients]) =>
    Object.entries(clients).flatMap(([client, { clientSecret }]) =>
      clientSecret ? `${customer}/${client}` : [],
    ),
  );
  if (who === undefined) {
    console.log(pc.bold("\nThe cloud stays up until Ctrl-C."));
    return;
  }
  const { clientId, clientSecret, tokenUrl, audience } = findCredentials(credentials, who);
  console.log(`
${pc.bold("The cloud stays up until Ctrl-C.")} Get a token of ${who}, and call the API:

  TOKEN=$(curl -s --cacert ${tenant.caFile} ${tokenUrl} \\
    -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} \\
    -d audience=${audience} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -i -H "Authorization: Bearer $TOKEN" ${url}/orders

Or, in the project's folder:

  npx customers local call GET /orders --as ${who}
  npx customers local outputs --show-secrets
`);
}
