// Whether the customers' secrets can be left where their files say.
import type { CustomerDeclaration } from "../customers/load-customers";
import type { Problem } from "../problems/problem";

export interface DeliverySettings {
  /** The stack's file. */
  file: string;
  /** ARN of the key that encrypts the customers' secrets. */
  deliveryKmsKeyArn?: string | undefined;
}

/**
 * AWS's own key will not do: nobody of another account can use it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function checkDelivery(
  customers: readonly CustomerDeclaration[],
  { file, deliveryKmsKeyArn }: DeliverySettings,
): { problems: Problem[]; files: number } {
  const ids = customers.flatMap(({ id, delivery }) => (delivery ? [id] : []));
  if (ids.length === 0 || deliveryKmsKeyArn !== undefined) return { problems: [], files: 0 };
  const message = `deliveryKmsKeyArn is missing, which the delivery of ${ids.join(", ")} needs: other accounts cannot read a secret that AWS's own key encrypts. Set it with: pulumi config set deliveryKmsKeyArn VALUE`;
  return { problems: [{ file, code: "delivery-key-missing", message }], files: 0 };
}
