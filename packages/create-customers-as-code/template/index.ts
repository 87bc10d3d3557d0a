// What the company runs: its API, the customers that may call it, the gateway in front of it and the portal's access.

import type { StackOutputs } from "customers-as-code";
import {
  Api,
  DeveloperPortal,
  declareCustomers,
  declareProgram,
  Gateway,
  ManagementApplication,
  openCompany,
} from "customers-as-code";

export default declareProgram(async (): Promise<StackOutputs> => {
  const company = await openCompany();
  const { settings, api: document, portalScopes: scopes } = company;
  // A shard has customers and nothing else: the rest is its main stack's.
  if (company.isShard) return declareCustomers(company, settings).outputs;

  const api = new Api("api", {
    ...settings,
    name: document.title,
    identifier: settings.audience,
    scopes: document.scopes,
    imported: company.imports.api,
  });
  const { audience } = api;
  const management = new ManagementApplication("portal", { ...settings, audience, scopes });
  const portal =
    settings.portal &&
    new DeveloperPortal("portal", { ...settings, portal: settings.portal, management, audience, scopes });

  const customers = declareCustomers(company, { audience });
  const gateway = new Gateway("gateway", {
    ...settings,
    api: document,
    backends: company.backends,
    jwks: company.jwks,
    customers: company.customers,
    organizations: customers.organizations,
    denied: customers.denied,
  });

  return {
    ...(await customers.outputs),
    url: gateway.url,
    domainTarget: gateway.domainTarget,
    suspensionsParameter: gateway.suspensionsParameter,
    portalEnv: management.portalEnv,
    portalUrl: portal?.url,
    portalLoadBalancer: portal?.dnsName,
  };
});
