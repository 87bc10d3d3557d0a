// The customers of a stack: each one's organization and clients in Auth0, and its secrets in AWS if its file asks for that.
import * as pulumi from "@pulumi/pulumi";
import { Customer } from "../auth0/customer";
import { deployedKeyNames } from "../auth0/key-names";
import type { Placement } from "../customers/shard-placement";
import { deliverSecrets } from "../delivery/delivery";
import { getOwn } from "../problems/record";
import { inWaves } from "../pulumi/waves";
import { addressOf } from "./address";
import { deniedOrganizations, rememberOrganizations } from "./denied-organizations";
import { rememberLosses } from "./guard-removals";
import { clientsOf } from "./last-deployment";
import type { OpenCompany } from "./open-company";
import { paceOfNew } from "./pace";
import { organizationsOf } from "./placement";

/** @param audience the API's identifier, of which each client of the customers gets a grant */
export function declareCustomers(company: OpenCompany, { audience }: { audience: pulumi.Input<string> }) {
  const { customers: declared, here, settings, imports, deployed, former } = company;
  const { domain, protect } = settings;
  const everyone = inWaves(
    here,
    (customer) => {
      const imported = getOwn(imports.customers, customer.id);
      const keyNames = deployedKeyNames(customer, deployed.here);
      return new Customer(customer.id, { ...customer, audience, domain, protect, imported, keyNames });
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
        address: addressOf(settings),
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
