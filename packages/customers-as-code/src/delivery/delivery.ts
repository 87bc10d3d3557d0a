// A customer's secrets in AWS Secrets Manager, where the customer's own account may read them.
import * as pulumi from "@pulumi/pulumi";
import type { Credentials, Customer } from "../auth0/customer";
import type { CustomerDeclaration } from "../customers/load-customers";
import { getOwn } from "../problems/record";
import * as aws from "../pulumi/aws";
import { inWaves, type Registering, whenRegistered } from "../pulumi/waves";
import type { DeliverySettings } from "./check-delivery";

export interface DeliveryArgs {
  /** Account that may read. */
  awsAccountId: string;
  /** By the client's name. */
  credentials: Record<string, Credentials>;
  /** Of the customer and its clients by name: what they were until now. */
  previously?: string;
  clients: readonly { name: string; previously?: string }[];
  /** Key that encrypts the secrets; its key policy lets the account in too. */
  kmsKeyArn: string;
}

/**
 * One secret for each client that has one, and its current version: while a secret rotates, that is the new one. A client with a
 * key pair has nothing that would have to be kept secret.
 */
export class Delivery extends pulumi.ComponentResource implements Registering {
  readonly id: string;
  /** By the client's name. */
  readonly secretArns: Record<string, pulumi.Output<string>>;
  readonly registered: Promise<void>;
  private readonly resources: pulumi.Resource[] = [];

  constructor(id: string, args: DeliveryArgs) {
    const aliases = args.previously === undefined ? [] : [{ name: args.previously }];
    super("customers-as-code:delivery:Delivery", id, {}, { aliases });
    this.id = id;
    const arns = args.clients.flatMap(({ name, previously }) => {
      const credentials = getOwn(args.credentials, name);
      if (credentials?.clientSecret === undefined) return [];
      const old = previously === undefined ? [] : [{ name: `${id}/${previously}` }];
      return [[name, this.deliver(`${id}/${name}`, credentials, old, args)] as const];
    });
    this.secretArns = Object.fromEntries(arns);
    this.registered = whenRegistered(this.resources);
    this.registerOutputs({ secretArns: this.secretArns });
  }

  private deliver(
    name: string,
    { clientId, clientSecret, tokenUrl, audience, scopes }: Credentials,
    aliases: pulumi.Alias[],
    { awsAccountId, kmsKeyArn }: DeliveryArgs,
  ): pulumi.Output<string> {
    const options = { parent: this, aliases };
    const secret = new aws.secretsmanager.Secret(
      name,
      // The engine adds to the name what keeps it apart from a secret of that name that AWS still keeps for recovery.
      { description: `Credentials of ${name} for ${tokenUrl}`, kmsKeyId: kmsKeyArn },
      options,
    );
    const value = pulumi.jsonStringify({ clientId, clientSecret, tokenUrl, audience, scopes });
    const version = new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.arn, secretString: pulumi.secret(value) },
      options,
    );
    const policy = new aws.secretsmanager.SecretPolicy(
      name,
      {
        secretArn: secret.arn,
        policy: secret.arn.apply((arn) => readPolicy(arn, awsAccountId)),
        blockPublicPolicy: true,
      },
      options,
    );
    this.resources.push(secret, version, policy);
    return secret.arn;
  }
}

/** Of those customers whose files ask for it. */
export async function deliverSecrets(
  declared: readonly CustomerDeclaration[],
  everyone: Promise<readonly Customer[]>,
  { deliveryKmsKeyArn: kmsKeyArn = "" }: Pick<DeliverySettings, "deliveryKmsKeyArn">,
): Promise<Delivery[]> {
  const credentialsOf = new Map((await everyone).map(({ id, credentials }) => [id, credentials]));
  const wanted = declared.flatMap(({ delivery, ...customer }) =>
    delivery ? [{ ...customer, ...delivery }] : [],
  );
  return inWaves(wanted, (customer) => {
    const credentials = credentialsOf.get(customer.id) ?? {};
    return new Delivery(customer.id, { ...customer, credentials, kmsKeyArn });
  });
}

/** The account says by policies of its own which of its users and roles may read: it has no more than this to give away. */
function readPolicy(secretArn: string, accountId: string): string {
  const [, partition] = secretArn.split(":");
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: secretArn,
      },
    ],
  });
}
