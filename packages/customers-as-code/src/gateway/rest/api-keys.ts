// The API keys by which API Gateway meters organizations. They are no credentials: the authorizer names them, and nobody
// sends or sees one.

import * as pulumi from "@pulumi/pulumi";
import type { UsageKeys } from "#authorizer/config";
import type { CustomerDeclaration } from "../../customers/load-customers";
import * as aws from "../../pulumi/aws";
import { inWaves, type Registering, whenRegistered } from "../../pulumi/waves";

/** A customer whose organization is there. */
export interface CustomerOrganization extends Pick<CustomerDeclaration, "id" | "status"> {
  organizationId: pulumi.Input<string>;
}

export interface ApiKeysArgs {
  /** Each gets a key of its own. */
  customers: readonly MeteredCustomer[];
}

export interface MeteredCustomer {
  id: string;
  /** Name of its plan; default: that of all organizations without a file. */
  plan?: string;
  /** Id that it had until now. */
  previously?: string;
}

/** A customer's key. */
export interface CustomerKey extends Registering {
  customer: MeteredCustomer;
  key: aws.apigateway.ApiKey;
}

/**
 * One key for each customer, and one for all organizations without a file together. AWS chooses the values, which no other
 * key of the account has then; they are secret.
 */
export class ApiKeys extends pulumi.ComponentResource {
  /** In the order of the customers. */
  readonly own: Promise<CustomerKey[]>;
  readonly shared: aws.apigateway.ApiKey;

  constructor(name: string, { customers }: ApiKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:gateway:ApiKeys", name, {}, opts);
    this.shared = new aws.apigateway.ApiKey(
      nameSharedKey(name),
      { description: "Counts the requests of all organizations without a file." },
      { parent: this },
    );
    this.own = inWaves(customers, (customer) => {
      const key = new aws.apigateway.ApiKey(
        customer.id,
        { description: `Counts the requests of the customer ${customer.id}.` },
        { parent: this, aliases: listCustomerAliases(customer) },
      );
      return { customer, key, registered: whenRegistered([key]) };
    });
    this.registerOutputs();
  }

  /** Their values, as the authorizer knows them; secret. @param organizations of the customers */
  collectKeyValues(organizations: Promise<readonly CustomerOrganization[]>): pulumi.Output<UsageKeys> {
    const own = Promise.all([this.own, organizations]).then(([keys, all]) => {
      const ids = new Map(all.map(({ id, organizationId }) => [id, organizationId]));
      const pairs = keys.flatMap(({ customer, key }) => {
        const organizationId = ids.get(customer.id);
        return organizationId !== undefined ? [pulumi.all([organizationId, key.value])] : [];
      });
      return pulumi.all(pairs).apply((known) => Object.fromEntries(known));
    });
    return pulumi.secret({ own, shared: this.shared.value });
  }
}

/** No customer can be named so. */
export function nameSharedKey(name: string): string {
  return `${name}/others`;
}

/** Resources of a customer that has another id now are the same ones. */
export function listCustomerAliases({ previously }: MeteredCustomer): pulumi.Alias[] {
  return previously === undefined ? [] : [{ name: previously }];
}
