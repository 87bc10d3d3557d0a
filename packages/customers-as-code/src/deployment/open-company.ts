// The company as a deployment finds it: its files and settings, checked as a whole and against what was deployed last.
import * as pulumi from "@pulumi/pulumi";
import type { Jwks } from "#authorizer/config";
import { remindOfImports } from "../auth0/imported";
import type { CustomerDeclaration } from "../customers/load-customers";
import { isHere } from "../customers/shard-placement";
import { fetchIssuerKeys } from "../gateway/gateway";
import { addStackTags } from "../pulumi/tags";
import { loadSettings, type Settings } from "../settings/settings";
import { type Company, loadCompany } from "./company";
import { formerOrganizations } from "./denied-organizations";
import type { FormerOrganizations } from "./former-organizations";
import { guardDeployment } from "./guard-deployment";
import { type Deployed, lastDeployed } from "./placement";

/** What {@link openCompany} returns: the files, read and checked, with the settings and what was deployed last. */
export interface OpenCompany extends Company {
  /** The settings by their names, with their defaults. */
  settings: Settings;
  /** The customers of this stack; `customers` are those of all stacks that share them. */
  here: CustomerDeclaration[];
  /** Whether this stack is a shard, which has customers and nothing else. */
  isShard: boolean;
  /** Scopes that clients made in the Developer Portal get. */
  portalScopes: string[];
  /** The issuer's keys; absent if nothing of this stack checks tokens with them. */
  jwks?: Jwks | undefined;
  /** What was deployed last. */
  deployed: Deployed;
  /** Organizations without a file, which Auth0 may still have. */
  former: FormerOrganizations;
}

/**
 * Reads what the stack's files and settings say, and checks it as a whole. Nothing is registered before all of this holds: what is refused changes nothing, with or without a preview.
 * @throws {pulumi.RunError} with everything that is wrong or refused, and how to fix it
 * @example
 * const company = await openCompany();
 * if (company.isShard) return declareCustomers(company, company.settings).outputs;
 */
export async function openCompany(): Promise<OpenCompany> {
  const settings = loadSettings();
  const company = loadCompany(settings);
  const { api, customers, imports } = company;
  const deployed = await lastDeployed(customers, settings);
  const here = customers.filter((customer) => isHere(customer, settings.placement));
  await guardDeployment(company, here, settings, deployed);
  const former = await formerOrganizations(customers, deployed, settings);
  const isShard = settings.placement.number !== undefined;
  const jwks = isShard ? undefined : await fetchIssuerKeys(settings);
  // The engine asks about every resource: not if nothing can have tags, since that is a tenth of a shard's preview.
  if (!isShard || here.some(({ delivery }) => delivery)) {
    pulumi.runtime.registerResourceTransform(addStackTags(settings.tags));
  }
  remindOfImports(imports, settings.customers);
  const portalScopes = settings.portalScopes.length > 0 ? settings.portalScopes : Object.keys(api.scopes);
  return { ...company, settings, here, isShard, portalScopes, jwks, deployed, former };
}
