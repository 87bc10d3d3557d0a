// A customer in Auth0: its organization, and the machine-to-machine clients that act for it.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import { firstRotation } from "../customers/customer-schema";
import { type Generation, generationsOf, mayGo } from "../customers/generations";
import type { Imported, ImportedClient, ImportedCustomer } from "../customers/import-data";
import type { CustomerClient, CustomerDeclaration } from "../customers/load-customers";
import { getOwn } from "../problems/record";
import { type Registering, whenRegistered } from "../pulumi/waves";
import { declareAuthentication, declareClient, declareGrant, declareOrganization } from "./declaration";
import { importOptions } from "./imported";
import { type KeyNames, namesIn } from "./key-names";
import { createMembers } from "./members";

export interface CustomerArgs extends CustomerDeclaration {
  /** Audience of the company's API. */
  audience: pulumi.Input<string>;
  /** Domain of the tenant, such as `example.eu.auth0.com`. */
  domain: string;
  /** Refuse to delete the customer, unless it is closing. */
  protect: boolean;
  /**
   * Whether the deployment replaces the grants, because the API has another audience: the engine replaces what this deployment
   * no longer protects, and the next one protects the new grants.
   */
  replacesGrants?: boolean;
  /** Given if Auth0 has it, or some of it, and the deployment imports that. */
  imported?: ImportedCustomer;
  /** By the client's name: what its public keys are called. */
  keyNames?: Record<string, KeyNames>;
}

/** All that a client of a customer needs to get a token. */
export interface Credentials extends Secret {
  tokenUrl: string;
  audience: pulumi.Output<string>;
  scopes: string[];
  /** While its secret rotates: the old one, which still works, and ends by the next change. */
  retiring?: Secret;
}

/** By what a client is known to Auth0. */
interface Secret {
  /** Number or date; absent for the first one, and for a key pair. */
  rotation?: string;
  clientId: pulumi.Output<string>;
  /** Secret. A client that has a key pair needs none. */
  clientSecret?: pulumi.Output<string>;
}

/**
 * A customer's organization and clients: {@link declareCustomers} makes one of each file. Its children are named `ID`, `ID/CLIENT` and, where a client's secret has been rotated,
 * `ID/CLIENT/ROTATION`, which no two customers share. Where a customer has another id now, it is enough to say so here: the engine then looks for each child whose name begins with its
 * parent's under the parent's old name too (pulumi/pulumi, `inheritedChildAlias`).
 */
export class Customer extends pulumi.ComponentResource implements Registering {
  /** Resolved once the engine has all of its resources. */
  readonly registered: Promise<void>;
  /** Its file's name without the ending. */
  readonly id: string;
  /** As its file says: `active`, `suspended` or `closing`. */
  readonly status: CustomerArgs["status"];
  /** Id of the organization in Auth0. */
  readonly organizationId: pulumi.Output<string>;
  /** Name of the organization. */
  readonly organization: string;
  /** By the client's name. */
  readonly credentials: Record<string, Credentials>;
  /** By the name of a client that has a key pair. */
  private readonly keys: Record<string, pulumi.Output<KeyNames>> = {};
  private readonly children: pulumi.Resource[] = [];

  constructor(id: string, args: CustomerArgs, opts?: pulumi.ComponentResourceOptions) {
    const aliases = args.previously === undefined ? [] : [{ name: args.previously }];
    // The children inherit the protection. Grants need it too: where the engine refuses to delete a client, it has already
    // forgotten what would have been deleted with it.
    const protect = args.protect && args.status !== "closing";
    super("customers-as-code:auth0:Customer", id, {}, { ...opts, aliases, protect });
    this.id = id;
    this.status = args.status;
    const organization = new auth0.Organization(id, declareOrganization(args), {
      parent: this,
      ...importOptions(args.imported?.organization),
    });
    this.organizationId = organization.id;
    this.organization = args.organization;
    this.children.push(organization, ...createMembers(id, args.members ?? [], organization.id, this));
    this.credentials = Object.fromEntries(
      args.clients.map((client) => [client.name, this.createGenerations(client, organization, args)]),
    );
    this.registered = whenRegistered(this.children);
    // For the policy pack, which sees only what the engine does.
    const closing = args.clients
      .flatMap(generationsOf)
      .flatMap((generation) => (mayGo(generation) ? generation.key : []));
    this.registerOutputs({ organizationId: this.organizationId, status: args.status, closing });
  }

  /** Without secrets. */
  get summary() {
    const { organizationId, organization, status, credentials, keys } = this;
    const clients = Object.entries(credentials);
    const ids = clients.map(([name, { clientId }]) => [name, clientId]);
    const old = clients.flatMap(([name, { retiring }]) => (retiring ? [[name, retiring.clientId]] : []));
    return {
      organizationId,
      organization,
      status,
      clients: Object.fromEntries(ids),
      ...(old.length > 0 && { retiring: Object.fromEntries(old) }),
      // The next deployment must call them the same.
      ...(Object.keys(keys).length > 0 && { keys }),
    };
  }

  private createGenerations(
    client: CustomerClient,
    organization: auth0.Organization,
    args: CustomerArgs,
  ): Credentials {
    const [current, retiring] = generationsOf(client).map((one) =>
      this.createClient(one, client.scopes, organization, args),
    );
    if (!current) throw new RangeError(`client ${this.id}/${client.name} has no generation`);
    return {
      ...current,
      tokenUrl: `https://${args.domain}/oauth/token`,
      audience: pulumi.output(args.audience),
      scopes: client.scopes,
      ...(retiring && { retiring }),
    };
  }

  private createClient(
    declared: Generation,
    scopes: readonly string[],
    organization: auth0.Organization,
    args: CustomerArgs,
  ): Secret {
    const { key, rotation, publicKey, previousKeys } = declared;
    const resourceName = `${this.id}/${key}`;
    const imported = getOwn(args.imported?.clients, key);
    const organizationId = args.imported?.organization.id;
    const options = {
      parent: this,
      aliases: previousKeys.map((previous) => ({ name: `${this.id}/${previous}` })),
      ...(mayGo(declared) && { protect: false }),
    };
    const client = new auth0.Client(resourceName, declareClient(args, declared, organization.id), {
      ...options,
      ...importOptions(imported),
    });
    const credentials = new auth0.ClientCredentials(
      resourceName,
      { clientId: client.clientId, ...declareAuthentication(declared, getOwn(args.keyNames, declared.name)) },
      { ...options, deletedWith: client, ...importOptions(importedCredentials(imported)) },
    );
    const grantOptions = { ...options, deletedWith: client, ...(args.replacesGrants && { protect: false }) };
    const grant = new auth0.ClientGrant(
      resourceName,
      { clientId: client.clientId, audience: args.audience, ...declareGrant(args, { scopes }) },
      { ...grantOptions, ...importOptions(imported?.grant) },
    );
    const organizationGrant = new auth0.OrganizationClientGrant(
      resourceName,
      { organizationId: organization.id, grantId: grant.id },
      { ...grantOptions, ...importOptions(importedOrganizationGrant(imported, organizationId)) },
    );
    this.children.push(client, credentials, grant, organizationGrant);
    if (publicKey !== undefined) this.keys[declared.name] = credentials.privateKeyJwt.apply(namesIn);
    return {
      ...(rotation !== firstRotation && { rotation }),
      clientId: client.clientId,
      ...(publicKey === undefined && { clientSecret: credentials.clientSecret }),
    };
  }
}

/** Its id is the client's. */
function importedCredentials(imported: ImportedClient | undefined): Imported | undefined {
  if (!imported || imported.lacks?.includes("credentials")) return undefined;
  return { id: imported.id, keeps: [] };
}

function importedOrganizationGrant(
  imported: ImportedClient | undefined,
  organizationId: string | undefined,
): Imported | undefined {
  if (!imported?.grant || imported.lacks?.includes("organizationGrant")) return undefined;
  return { id: `${organizationId}::${imported.grant.id}`, keeps: [] };
}
