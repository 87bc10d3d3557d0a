// Whether what a client of a file says of its rotation fits together.
import { createPublicKey } from "node:crypto";
import type { ProblemCode } from "../problems/codes";
import type { Problem } from "../problems/problem";
import type { Source } from "../problems/source";

/**
 * Looks at the plain value, as all checks of clients do.
 * @param today date in UTC, such as `2026-12-01`
 */
export function checkRotation(
  source: Source,
  name: string,
  client: Record<string, unknown>,
  today: string,
): Problem[] {
  const problem = (key: string, [code, reason]: Reason): Problem => ({
    ...source.atKey(["clients", name], key),
    code,
    message: `clients.${name}.${key}: ${reason}`,
  });
  return [
    ...["rotation", "retiring", "cancelled"].flatMap((key) => {
      const value = client[key];
      return isDate(value) && value > dayAfter(today)
        ? [problem(key, ["rotation-in-future", `${value} ${notYet}`])]
        : [];
    }),
    ...checkOrder(client).map((reason) => problem("retiring", reason)),
    ...checkCancelled(client).map((reason) => problem("cancelled", reason)),
    ...checkKeys(client).map((reason) => problem("retiringPublicKey", reason)),
  ];
}

const notYet = "is in the future. Write the day of the deployment, which creates the credential.";

type Reason = [code: ProblemCode, reason: string];

/** Which generation may follow which. */
function checkOrder({ authentication, rotation, retiring }: Record<string, unknown>): Reason[] {
  const wrongOrder = (reason: string): Reason[] => [["retiring-order", reason]];
  if (retiring === undefined) return [];
  if (authentication === "private_key_jwt") {
    return [
      [
        "rotation-not-for-keys",
        "is for secrets. A client with a key pair has its old key as retiringPublicKey.",
      ],
    ];
  }
  if (rotation === undefined) {
    return wrongOrder("needs a rotation that comes after it. Add it, or remove this line.");
  }
  if (rotation === retiring)
    return wrongOrder(`${retiring} is the rotation that the client has now. Remove the line.`);
  if (typeof rotation === "number" && typeof retiring === "number" && rotation !== retiring + 1) {
    return wrongOrder(
      `${rotation} does not come right after ${retiring}. Write ${rotation - 1}, or remove the line.`,
    );
  }
  if (isDate(rotation) && isDate(retiring) && rotation < retiring) {
    return wrongOrder(`${retiring} is later than the rotation ${rotation}. Fix one of them.`);
  }
  if (isDate(retiring) && typeof rotation === "number") {
    return wrongOrder(
      `${retiring} is a date, and a date does not come before a number. Write a date as rotation.`,
    );
  }
  return [];
}

/** What was called off came after what is there. */
function checkCancelled({
  authentication,
  rotation = 1,
  retiring,
  cancelled,
}: Record<string, unknown>): Reason[] {
  const wrongOrder = (reason: string): Reason[] => [["cancelled-order", reason]];
  if (cancelled === undefined) return [];
  if (authentication === "private_key_jwt") {
    return [
      ["rotation-not-for-keys", "is for secrets. For a client with a key pair, remove the cancelled key."],
    ];
  }
  if (retiring !== undefined)
    return wrongOrder("does not go with retiring: one of them can end. Drop a line.");
  if (cancelled === rotation)
    return wrongOrder(`${cancelled} is the rotation that the client has now. Remove the line.`);
  const isAfter =
    typeof cancelled === "number"
      ? typeof rotation === "number" && cancelled === rotation + 1
      : typeof rotation === "number" || (isDate(cancelled) && isDate(rotation) && cancelled > rotation);
  return isAfter
    ? []
    : wrongOrder(`${cancelled} does not come after the rotation ${rotation}. Fix one of them.`);
}

function checkKeys({ authentication, publicKey, retiringPublicKey }: Record<string, unknown>): Reason[] {
  if (retiringPublicKey === undefined) return [];
  if (authentication !== "private_key_jwt") {
    return [
      [
        "public-key-unused",
        'has no effect with a client secret. Remove it, or add "authentication: private_key_jwt".',
      ],
    ];
  }
  // Auth0 takes no key twice.
  const thumbprint = printOf(publicKey);
  return thumbprint !== undefined && thumbprint === printOf(retiringPublicKey)
    ? [
        [
          "public-key-repeated",
          "is the same key as publicKey. Write the customer's new key there, or remove this one.",
        ],
      ]
    : [];
}

/** The same for the same key, however it is written; undefined for what is none. */
function printOf(pem: unknown): string | undefined {
  if (typeof pem !== "string") return undefined;
  try {
    return createPublicKey(pem).export({ type: "spki", format: "pem" }).toString();
  } catch {
    return undefined;
  }
}

function isDate(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

/** Somewhere it is tomorrow already. */
function dayAfter(today: string): string {
  return utcDateOf(new Date(Date.parse(today) + 86_400_000));
}

/** The date in UTC, as files have it: `2026-03-31`. */
export function utcDateOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
