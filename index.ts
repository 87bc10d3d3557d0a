// What the company runs: its API, the customers that may call it, the gateway in front of it and the portal's access.
import * as pulumi from "@pulumi/pulumi";
import { Api } from "./packages/customers-as-code/src/auth0/api";
import { Customer } from "./packages/customers-as-code/src/auth0/customer";
import { remindOfImports } from "./packages/customers-as-code/src/auth0/imported";
import { deployedKeyNames } from "./packages/customers-as-code/src/auth0/key-names";
import { ManagementApplication } from "./packages/customers-as-code/src/auth0/management-application";
import { isHere } from "./packages/customers-as-code/src/customers/shards";
import { deliverSecrets } from "./packages/customers-as-code/src/delivery/delivery";
import { addressOf } from "./packages/customers-as-code/src/deployment/address";
import { loadCompany } from "./packages/customers-as-code/src/deployment/company";
import {
  deniedOrganizations,
  formerOrganizations,
  rememberOrganizations,
} from "./packages/customers-as-code/src/deployment/denied-organizations";
import { guardDeployment } from "./packages/customers-as-code/src/deployment/guard-deployment";
import { rememberLosses } from "./packages/customers-as-code/src/deployment/guard-removals";
import { clientsOf } from "./packages/customers-as-code/src/deployment/last-deployment";
import { paceOfNew } from "./packages/customers-as-code/src/deployment/pace";
import { lastDeployed, organizationsOf } from "./packages/customers-as-code/src/deployment/placement";
import { fetchIssuerKeys, Gateway } from "./packages/customers-as-code/src/gateway/gateway";
import { DeveloperPortal } from "./packages/customers-as-code/src/portal/developer-portal";
import { omitUndefined, getOwn } from "./packages/customers-as-code/src/problems/record";
import { declareProgram } from "./packages/customers-as-code/src/pulumi/program";
import { addStackTags } from "./packages/customers-as-code/src/pulumi/tags";
import { inWaves } from "./packages/customers-as-code/src/pulumi/waves";
import { loadSettings } from "./packages/customers-as-code/src/settings/settings";

/** Declares what the stack has. @returns its outputs */
export = declareProgram(async () => {
  const settings = loadSettings();
  const company = loadCompany(settings);
  const { api: document, customers: declared, imports, backends } = company;

  // Nothing is registered before all of this holds: what is refused changes nothing, with or without a preview.
  const deployed = await lastDeployed(declared, settings);
  const { domain, protect, placement } = settings;
  const here = declared.filter((customer) => isHere(customer, placement));
  await guardDeployment(company, here, settings, deployed);
  const former = await formerOrganizations(declared, deployed, settings);
  const jwks = placement.number === undefined ? await fetchIssuerKeys(settings) : undefined;

  /** Where customers are split into shards, a shard has nothing but customers. */
  const unlessShard = <T>(make: () => T) => (placement.number === undefined ? make() : undefined);
  // The engine asks about every resource: not where nothing can have tags, since that is a tenth of a shard's preview.
  if (placement.number === undefined || here.some(({ delivery }) => delivery)) {
    pulumi.runtime.registerResourceTransform(addStackTags(settings.tags));
  }
  const { title, scopes } = document;
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

  const everyone = inWaves(
    here,
    (customer) => {
      const imported = getOwn(imports.customers, customer.id);
      const keyNames = deployedKeyNames(customer, deployed.here);
      return new Customer(customer.id, { ...customer, audience, domain, protect, imported, keyNames });
    },
    { turn: paceOfNew(settings, deployed) },
  );
  remindOfImports(imports, settings.customers);

  const deliveries = deliverSecrets(here, everyone, settings);

  const organizations = organizationsOf(everyone, declared, deployed);
  const places = organizations.then((current) => ({
    former,
    current,
    declared,
    deployed: deployed.everywhere,
    imports,
  }));

  const gateway = unlessShard(
    () =>
      new Gateway("gateway", {
        ...settings,
        api: document,
        backends,
        customers: declared,
        organizations,
        ...(jwks && { jwks }),
        denied: pulumi.output(places.then(deniedOrganizations)),
      }),
  );

  const [all, delivered, known] = await Promise.all([everyone, deliveries, organizations]);
  const perCustomer = <T>(tell: (customer: Customer) => T) =>
    Object.fromEntries(all.map((customer) => [customer.id, tell(customer)]));

  return {
    /** By customer: what may be known of it. */
    customers: perCustomer(({ summary }) => summary),
    /** By customer and client: what to hand out; secret. */
    credentials: pulumi.secret(perCustomer(({ credentials }) => credentials)),
    /** By customer and client: the ARN of the secret that the customer's own AWS account may read. */
    deliveredSecrets: Object.fromEntries(delivered.map(({ id, secretArns }) => [id, secretArns])),
    /** What the next deployment is held against. */
    lastDeployment: {
      protect,
      clients: clientsOf(here),
      address: addressOf(settings),
      losses: rememberLosses(declared, deployed),
      formerOrganizations: pulumi.output(places.then(rememberOrganizations)),
    },
    // A stack tells only of what it has.
    ...omitUndefined({
      /** Ids of the customers that the shards have, where this is their main stack: the next deployment must find them there. */
      knownCustomers:
        placement.number === undefined && placement.shards > 1 ? known.map(({ id }) => id) : undefined,
      /** Base URL of the API. */
      url: gateway?.url,
      /** Where DNS must lead the API's own domain name, if it has one and `hostedZoneId` is not given. */
      domainTarget: gateway?.domainTarget,
      /** Where to suspend without a deployment, if `liveSuspensions` is true. */
      suspensionsParameter: gateway?.suspensionsParameter,
      /** The Developer Portal's `.env`; secret. */
      portalEnv: management?.portalEnv,
      /** Where the Developer Portal is, if this stack has it. */
      portalUrl: portal?.url,
      /** The load balancer to which its two names must lead. */
      portalLoadBalancer: portal?.dnsName,
    }),
  };
});
