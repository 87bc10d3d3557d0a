// All that a company runs, declared by one call.
import type * as pulumi from "@pulumi/pulumi";
import { Api } from "../auth0/api";
import type { Customer } from "../auth0/customer";
import { ManagementApplication } from "../auth0/management-application";
import { Gateway } from "../gateway/gateway";
import { DeveloperPortal } from "../portal/developer-portal";
import { declareCustomers } from "./declare-customers";
import { type OpenCompany, openCompany } from "./open-company";
import type { StackOutputs } from "./stack-outputs";

/**
 * Options of Pulumi for each part of {@link declareCompany}, such as `transforms`, `providers` or `dependsOn`. With another `parent`,
 * the names of resources in the state are different, so that the engine replaces them: set it before the first deployment only.
 */
export interface CompanyOptions {
  /** Of the API in Auth0. */
  api?: pulumi.ComponentResourceOptions;
  /** Of each customer. `protect` and `aliases` are the customer's own, and can't be set. */
  customers?: CustomerOptions;
  /** Of the gateway. */
  gateway?: pulumi.ComponentResourceOptions;
  /** Of the application with which the Developer Portal manages the tenant. */
  management?: pulumi.ComponentResourceOptions;
  /** Of the Developer Portal. */
  portal?: pulumi.ComponentResourceOptions;
}

type CustomerOptions = NonNullable<Parameters<typeof declareCustomers>[2]>;

/** What {@link declareCompany} has declared, for resources of your own to refer to. A shard has customers and nothing else. */
export interface DeclaredCompany {
  /** What the files and settings say. */
  company: OpenCompany;
  /** The API in Auth0; absent in a shard. */
  api?: Api;
  /** The customers of this stack, in the order of their files' names, once the engine has all of them. */
  customers: Promise<readonly Customer[]>;
  /** The gateway; absent in a shard. */
  gateway?: Gateway;
  /** The application with which the Developer Portal manages the tenant; absent in a shard. */
  management?: ManagementApplication;
  /** The Developer Portal; absent without the setting `portal`, and in a shard. */
  portal?: DeveloperPortal;
  /** The stack's outputs, for the program to return. */
  outputs: Promise<StackOutputs>;
}

/**
 * Declares everything that the files and settings of the stack say: the API and the customers in Auth0, the gateway in AWS, and
 * the Developer Portal's access. The same resources as by {@link openCompany} and the components one by one.
 *
 * @param options of Pulumi, by the part of the company
 * @throws {pulumi.RunError} with everything that is wrong with the files and settings, before anything is declared
 * @example
 * import { declareCompany, declareProgram } from "customers-as-code";
 *
 * export default declareProgram(async () => {
 *   const { outputs } = await declareCompany();
 *   return outputs;
 * });
 */
export async function declareCompany(options: CompanyOptions = {}): Promise<DeclaredCompany> {
  const company = await openCompany();
  const { settings, api: document, portalScopes: scopes } = company;
  if (company.isShard) {
    const customers = declareCustomers(company, settings, options.customers);
    return { company, customers: customers.declared, outputs: customers.outputs };
  }
  const api = new Api(
    "api",
    {
      ...settings,
      name: document.title,
      identifier: settings.audience,
      scopes: document.scopes,
      imported: company.imports.api,
    },
    options.api,
  );
  const { audience } = api;
  const management = new ManagementApplication(
    "portal",
    { ...settings, audience, scopes },
    options.management,
  );
  const portal =
    settings.portal &&
    new DeveloperPortal(
      "portal",
      { ...settings, portal: settings.portal, management, audience, scopes },
      options.portal,
    );
  const customers = declareCustomers(company, { audience }, options.customers);
  const gateway = new Gateway(
    "gateway",
    {
      ...settings,
      api: document,
      backends: company.backends,
      jwks: company.jwks,
      customers: company.customers,
      organizations: customers.organizations,
      denied: customers.denied,
    },
    options.gateway,
  );
  const outputs = customers.outputs.then((ofCustomers) => ({
    ...ofCustomers,
    url: gateway.url,
    domainTarget: gateway.domainTarget,
    suspensionsParameter: gateway.suspensionsParameter,
    portalEnv: management.portalEnv,
    portalUrl: portal?.url,
    portalLoadBalancer: portal?.dnsName,
  }));
  return {
    ...{ company, api, management, gateway, outputs, customers: customers.declared },
    ...(portal && { portal }),
  };
}
