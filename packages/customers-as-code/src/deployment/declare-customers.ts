// The customers of a stack: each one's organization and clients in Auth0, and its secrets in AWS if its file asks for that.
import * as pulumi from "@pulumi/pulumi";
import { Customer } from "../auth0/customer";
import { deployedKeyNames } from "../auth0/key-names";
import type { Placement } from "../customers/shard-placement";
import { deliverSecrets } from "../delivery/delivery";
import { getOwn } from "../problems/record";
import { configuredRegion } from "../pulumi/region";
import { inWaves } from "../pulumi/waves";
import { addressOf } from "./address";
import { deniedOrganizations, rememberOrganizations } from "./denied-organizations";
import { rememberLosses } from "./guard-removals";
import { clientsOf } from "./last-deployment";
import type { OpenCompany } from "./open-company";
import { paceOfNew } from "./pace";
import { organizationsOf } from "./placement";

/**
 * Declares the customers of the stack: for each an organization, its clients with their grants on the API, and the secrets that its
 * own AWS account may read.
 *
 * @param company as {@link openCompany} returns it
 * @param args.audience identifier of the API, on which each client gets a grant: that of the component `Api`, so that the grants wait
 * for its scopes
 * @param options of Pulumi for each customer
 * @returns `outputs` for the program to return; `organizations` and `denied` for the gateway; `declared`, the customers as
 * components, in the order of their files' names
 * @example
 * const company = await openCompany();
 * const customers = declareCustomers(company, { audience: api.audience });
 * return customers.outputs;
 */
export function declareCustomers(
  company: OpenCompany,
  { audience }: { audience: pulumi.Input<string> },
  options: Omit<pulumi.ComponentResourceOptions, "aliases" | "protect"> = {},
) {
  const { customers: declared, here, settings, imports, deployed, former } = company;
  const { domain, protect } = settings;
  const lastAudience = deployed.last.address?.audience;
  const replacesGrants = lastAudience !== undefined && lastAudience !== settings.audience;
  const everyone = inWaves(
    here,
    (customer) => {
      const imported = getOwn(imports.customers, customer.id);
      const keyNames = deployedKeyNames(customer, deployed.here);
      const args = { ...customer, audience, domain, protect, replacesGrants, imported, keyNames };
      return new Customer(customer.id, args, options);
    },
    { turn: paceOfNew(settings, deployed) },
  );
  const deliveries = deliverSecrets(here, everyone, settings);
  const organizations = organizationsOf(everyone, declared, deployed);
  const places = organizations.then((current) => ({
    ...{ former, current, declared, imports },
    deployed: deployed.everywhere,
  }));

  return {
    /** Once the engine has all of them. */
    declared: everyone,
    /** Organizations of all customers, also of those in shards. */
    organizations,
    /** Ids of the organizations whose calls the gateway denies. */
    denied: pulumi.output(places.then(deniedOrganizations)),
    /** What the stack shows of its customers. */
    outputs: Promise.all([everyone, deliveries, organizations]).then(([all, delivered, known]) => ({
      /** By customer: what may be known of it. */
      customers: Object.fromEntries(all.map(({ id, summary }) => [id, summary])),
      /** By customer and client: what to hand out; secret. */
      credentials: pulumi.secret(Object.fromEntries(all.map(({ id, credentials }) => [id, credentials]))),
      /** By customer and client: the ARN of the secret that the customer's own AWS account may read. */
      deliveredSecrets: Object.fromEntries(delivered.map(({ id, secretArns }) => [id, secretArns])),
      /** What the next deployment is held against. */
      lastDeployment: {
        protect,
        clients: clientsOf(here),
        address: addressOf(settings, configuredRegion()),
        losses: rememberLosses(declared, deployed),
        formerOrganizations: pulumi.output(places.then(rememberOrganizations)),
      },
      /** Ids of the customers of all shards, if this is their main stack: the next deployment must find them there. */
      knownCustomers: hasShards(settings.placement) ? known.map(({ id }) => id) : undefined,
    })),
  };
}

function hasShards({ number, shards }: Placement): boolean {
  return number === undefined && shards > 1;
}
