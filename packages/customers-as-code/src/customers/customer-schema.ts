// The one definition of a customer file: it validates, types the program and generates schema.json for editors.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { planName, planNameFault, tokenQuota } from "./plans";
import { publicKeyFault } from "./public-key";

/** Auth0: 1 to 50 lower-case letters, digits, `_` and `-`, beginning with a letter or digit. */
export const organizationName = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, {
    error: "must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit",
  });

const notTrimmed = { error: "must not be blank, or begin or end with a space" };
const trimmed = z
  .string()
  .min(1)
  .max(255)
  .regex(/^(\S([\s\S]*\S)?)?$/, notTrimmed);

/** Auth0 refuses `<` and `>` in the names that it shows. */
const displayName = trimmed.regex(/^[^<>]*$/, { error: "must not contain '<' or '>'" });

const metadataValue = trimmed;
const { $schema: _, ...metadataValueSchema } = z.toJSONSchema(metadataValue);
/** For editors: the ids that most customers have somewhere else. */
const knownMetadata = Object.fromEntries(
  Object.entries({
    moesifCompanyId:
      "Id of a second company in Moesif. The company of the customer's calls is its organization.",
    stripeCustomerId: "Id of the customer in Stripe, such as cus_example0000001.",
    customerId: "Id of the customer in the system in which the Developer Portal provisions it.",
    subscriptionId: "Id of the subscription in the system in which the Developer Portal provisions it.",
  }).map(([key, description]) => [key, { ...metadataValueSchema, description }]),
);

/**
 * Keys of the file that the organization's metadata keep as they are, under the same names. The program, the commands and the review of
 * pull requests go by this list: a new key needs no more than its schema below.
 */
export const keysInMetadata = ["contact"] as const;
export type KeyInMetadata = (typeof keysInMetadata)[number];

/** What the program writes into the metadata: the file's name without its ending, and these keys. */
const ownMetadata: readonly string[] = ["customer", ...keysInMetadata];
/** Auth0: of up to 255 characters each. */
const mostMetadata = 25;
const metadata = z
  .record(
    trimmed.regex(new RegExp(`^(?!(${ownMetadata.join("|")})$)`), {
      error: (issue) =>
        issue.input === "customer"
          ? "is taken by the file's name, which the program writes there: choose another"
          : `is taken by the key "${issue.input}" of the file: write it there`,
    }),
    metadataValue,
  )
  .refine((entries) => Object.keys(entries).length <= mostMetadata - ownMetadata.length, {
    error: `has too many entries: Auth0 allows ${mostMetadata}, of which ${new Intl.ListFormat("en").format(ownMetadata.map((key) => `"${key}"`))} are the program's`,
  });

const publicKey = z.string().superRefine((pem, context) => {
  const fault = publicKeyFault(pem);
  if (fault !== undefined) context.addIssue(fault);
});

/** Leaves it to the union to say what is wrong. */
const abort = { abort: true };
/** Tells the generations of a secret apart. */
/** The rotation of a client whose file names none. */
export const firstRotation = "1";

const rotation = z.union([z.int().min(1, abort).max(9999, abort), z.iso.date(abort)], {
  error: "must be a number from 1 to 9999, or a date such as 2026-12-01",
});

export const clientFile = z.strictObject({
  scopes: z.array(z.string()).min(1).meta({
    description:
      "Scopes that the client's tokens have, at least one. The OpenAPI document must declare each of them.",
  }),
  authentication: z.enum(["client_secret", "private_key_jwt"]).default("client_secret").meta({
    description:
      "How the client authenticates. client_secret: Auth0 creates a secret, which you give to the customer. private_key_jwt: the customer signs with a key that only they have (Auth0 Enterprise).",
  }),
  publicKey: publicKey.optional().meta({
    description:
      "With private_key_jwt: the customer's RSA public key or certificate as PEM, 2048 bits or more.",
  }),
  rotation: rotation.optional().meta({
    description:
      "Number or date of the current secret (docs/how-to/rotation.md): a different value creates a second client with a secret of its own. With private_key_jwt: the date since when the key is in use. Default: 1.",
  }),
  retiring: rotation.optional().meta({
    description: "The previous rotation, whose secret works until you remove the line.",
  }),
  cancelled: rotation.optional().meta({
    description:
      "A later rotation, which was deployed and is cancelled. Its secret works until you remove the line.",
  }),
  retiringPublicKey: publicKey.optional().meta({
    description: "With private_key_jwt: the previous key, which works until you remove the line.",
  }),
  tokenQuota: tokenQuota.optional().meta({
    description:
      "How many tokens Auth0 issues to the client (docs/how-to/plans.md). Not every Auth0 tenant has this feature. Default: the plan's quota.",
  }),
  closing: z.boolean().default(false).meta({
    description: "true: a later change can remove the client from the file. It works until then.",
  }),
  previously: organizationName.optional().meta({
    description: "Name that the client had until now. With it, a new name replaces nothing.",
  }),
});

export const deliverySchema = z.strictObject({
  awsAccountId: z
    .string()
    .regex(/^\d{12}$/, { error: "must be the 12 digits of an AWS account's id" })
    .meta({
      description: "AWS account that may read the secrets in Secrets Manager, as a string of 12 digits.",
    }),
});

const shared = z.strictObject({
  displayName: displayName.meta({
    description:
      "Name that people see, without < and >. It must differ from every other customer's by more than capitals and spaces.",
  }),
  organization: organizationName.optional().meta({
    description:
      "Name of the Auth0 organization, unique in the tenant. If you set it, it stays the same when you rename the file. Default: the file's name without its ending.",
  }),
  contact: z.email({ error: "must be an e-mail address" }).max(255).optional().meta({
    description:
      "The customer's e-mail address for notices. Auth0 keeps it in the organization's metadata, and sends nothing to it.",
  }),
  status: z.enum(["active", "suspended", "closing"]).default("active").meta({
    description:
      "suspended: every request gets 403. closing: every request gets 403, new tokens have no scopes, and you can delete the file.",
  }),
  plan: z.string().regex(planName, { error: planNameFault }).optional().meta({
    description:
      "One of the plans in the stack's settings, which limits the customer's use (docs/how-to/plans.md). Default: the stack's defaultPlan.",
  }),
  previously: organizationName.optional().meta({
    description:
      "Name that the file had until now, without its ending. With it, a new name replaces nothing.",
  }),
  metadata: metadata.optional().meta({
    description:
      "Strings to keep with the organization, such as the customer's ids in other systems: up to 23, with names and values of up to 255 characters. Numbers need quotes. The program adds the file's name as customer, and contact.",
    properties: knownMetadata,
  }),
  members: z
    .array(z.email({ error: "must be an e-mail address" }))
    .optional()
    .meta({
      description:
        "E-mail addresses of users of the tenant who belong to the organization, for the Developer Portal.",
    }),
  delivery: deliverySchema.optional().meta({
    description:
      "Where to store the secrets of the customer's clients, beside the stack's outputs (docs/how-to/delivery.md).",
  }),
  clients: z
    .record(organizationName, clientFile)
    .refine((clients) => Object.keys(clients).length > 0, { error: "must name at least one client" })
    .meta({ description: "Machine-to-machine clients by name, at least one." }),
});

export const clientOverride = clientFile.omit({ previously: true }).partial();

/** What may be otherwise in a stack: all but what names the customer's past. Together with the rest it must be whole. */
export const overrideFile = shared
  .omit({ previously: true, clients: true })
  .extend({
    clients: z
      .record(organizationName, clientOverride)
      .meta({ description: "Clients by name, each with its differences." }),
  })
  .partial();

/** Pulumi: letters, digits, `_`, `-` and `.`, up to 100. */
const stackName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, { error: "must be a stack's name: letters, digits, '-', '_' and '.'" });

export const customerFile = shared.extend({
  stacks: z.record(stackName, overrideFile).optional().meta({
    description:
      "Differences by stack, under the stack's name. Maps are merged key by key; any other value is replaced.",
  }),
});

/** A customer as its file says, defaults filled in. */
export type CustomerFile = z.output<typeof customerFile>;

/** Those of a customer's keys that the organization's metadata keep, as far as the file has them. */
export function pickMetadata(
  customer: Readonly<Partial<Record<KeyInMetadata, string | undefined>>>,
): Partial<Record<KeyInMetadata, string>> {
  return Object.fromEntries(
    keysInMetadata.flatMap((key) => (customer[key] === undefined ? [] : [[key, customer[key]]])),
  );
}

/** The JSON schema that editors use, as the text of customers/schema.json. */
export function renderSchema(): string {
  const schema = z.toJSONSchema(customerFile, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, title: "Customer" }, null, 2)}\n`;
}

/**
 * Path of schema.json, as editors find it from the folder: the company's copy beside the files, or the one in the package. The package
 * is made when it is built.
 */
export function locateSchema(folder: string): string {
  const packaged = join(__dirname, "../../schema.json");
  return existsSync(join(folder, "schema.json")) ? "schema.json" : relative(folder, packaged);
}
