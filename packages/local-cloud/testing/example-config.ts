// The settings of the example company's stack on a local cloud, for tests and benchmarks that change single ones of them.
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { CloudAddress } from "../src/presence";

export function exampleConfig({ tenant, backendUrl, moesif }: CloudAddress): ConfigMap {
  return {
    "auth0:domain": { value: tenant.domain },
    "auth0:clientId": { value: tenant.clientId },
    "auth0:clientSecret": { value: tenant.clientSecret, secret: true },
    "aws:region": { value: "us-east-1" },
    audience: { value: "https://api.example.com/" },
    backendUrl: { value: backendUrl },
    "publicRoutes[0]": { value: "GET /health" },
    moesifIngestUrl: { value: moesif.ingestUrl },
    moesifApplicationId: { value: moesif.applicationId, secret: true },
    liveSuspensions: { value: "true" },
    protect: { value: "false" },
  };
}
