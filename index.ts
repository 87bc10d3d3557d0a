// What the company runs: its API, the customers that may call it, the gateway in front of it and the portal's access.
import * as pulumi from "@pulumi/pulumi";
import { Api } from "./auth0/api";
import { Customer } from "./auth0/customer";
import { guardRemovals } from "./auth0/guard-removals";
import { remindOfImports } from "./auth0/imported";
import { ManagementApplication } from "./auth0/management-application";
import { paceOfNew } from "./auth0/pace";
import { lastDeployed, organizationsOf } from "./auth0/placement";
import { inWaves } from "./auth0/waves";
import { loadSettings } from "./config";
import { loadImports } from "./customers/imports";
import { loadCustomers } from "./customers/load";
import { isHere } from "./customers/shards";
import { checkDelivery } from "./delivery/check-delivery";
import { deliverSecrets } from "./delivery/delivery";
import { failOnProblems } from "./diagnostics/fail";
import { own } from "./diagnostics/record";
import { checkApiType } from "./gateway/api-type";
import { Gateway } from "./gateway/gateway";
import { loadDocument } from "./gateway/load";
import { loadBackends } from "./gateway/load-backends";
import { DeveloperPortal } from "./portal/developer-portal";
import { tagging } from "./tags";

const settings = loadSettings();
const document = loadDocument(settings.openapi, settings.publicRoutes);
const declared = loadCustomers(settings.customers, Object.keys(document.api.scopes), {
  stack: settings.placement.main,
  plans: settings,
});
const existing = loadImports(settings.customers, settings.domain, declared);
const behind = loadBackends(settings, document);
const ofType = checkApiType({ settings, api: document.api, ...declared });
const readable = checkDelivery(declared.customers, settings);
failOnProblems(document, declared, existing, behind, ofType, readable);
const last = lastDeployed(declared.customers, settings);
const deployed = guardRemovals(declared.customers, settings, last);

pulumi.runtime.registerResourceTransform(tagging(settings.tags));
const { domain, protect, placement } = settings;
/** Where customers are split into shards, a shard has nothing but customers. */
const unlessShard = <T>(make: () => T) => (placement.number === undefined ? make() : undefined);
const { title, scopes } = document.api;
const { imports } = existing;
const api = unlessShard(
  () =>
    new Api("api", {
      ...settings,
      name: title,
      identifier: settings.audience,
      scopes,
      imported: imports.api,
    }),
);
const audience = api?.audience ?? settings.audience;

const portalScopes = settings.portalScopes.length > 0 ? settings.portalScopes : Object.keys(scopes);
const management = unlessShard(
  () => new ManagementApplication("portal", { domain, audience, scopes: portalScopes }),
);
const portal =
  settings.portal &&
  management &&
  new DeveloperPortal("portal", {
    ...settings,
    portal: settings.portal,
    management,
    audience,
    scopes: portalScopes,
  });

const here = declared.customers.filter((customer) => isHere(customer, placement));
const everyone = deployed.then(() =>
  inWaves(
    here,
    (customer) => {
      const imported = own(imports.customers, customer.id);
      return new Customer(customer.id, { ...customer, audience, domain, protect, imported });
    },
    { turn: paceOfNew(settings, deployed) },
  ),
);
remindOfImports(imports, settings.customers);

const deliveries = deliverSecrets(here, everyone, settings);

const organizations = organizationsOf(everyone, declared.customers, deployed);

const gateway = unlessShard(
  () =>
    new Gateway("gateway", {
      ...settings,
      api: document.api,
      backends: behind.backends,
      customers: declared.customers,
      organizations,
    }),
);

/** Base URL of the API. */
export const url = gateway?.url;
/** Where DNS must lead the API's own domain name, if it has one and `hostedZoneId` is not given. */
export const domainTarget = gateway?.domainTarget;
/** Where to suspend without a deployment, if `liveSuspensions` is true. */
export const suspensionsParameter = gateway?.suspensionsParameter;
/** The Developer Portal's `.env`; secret. */
export const portalEnv = management?.portalEnv;
/** Where the Developer Portal is, if this stack has it. */
export const portalUrl = portal?.url;
/** The load balancer to which its two names must lead. */
export const portalLoadBalancer = portal?.dnsName;
/** By customer: what may be known of it. */
export const customers = everyone.then((all) =>
  Object.fromEntries(all.map((customer) => [customer.id, customer.summary])),
);
/** Ids of the customers that the shards have, where this is their main stack: the next deployment must find them there. */
export const knownCustomers =
  placement.number === undefined && placement.shards > 1
    ? organizations.then((all) => all.map(({ id }) => id))
    : undefined;
/** By customer and client: what to hand out; secret. */
export const credentials = pulumi.secret(
  everyone.then((all) => Object.fromEntries(all.map((customer) => [customer.id, customer.credentials]))),
);
/** By customer and client: the ARN of the secret that the customer's own AWS account may read. */
export const deliveredSecrets = deliveries.then((all) =>
  Object.fromEntries(all.map(({ id, secretArns }) => [id, secretArns])),
);
