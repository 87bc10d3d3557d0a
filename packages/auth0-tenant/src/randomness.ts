// Where ids and secrets come from.
import { createHash, randomBytes } from "node:crypto";

/**
 * Gives random bytes; a seeded one makes the tenant's ids the same in each run.
 *
 * @example
 * const random: Randomness = randomBytes;
 */
export type Randomness = (length: number) => Buffer;

export const systemRandomness: Randomness = randomBytes;

/**
 * Not for secrets that must stay secret.
 *
 * @example
 * const tenant = await startTenant({ random: seededRandomness("monday") });
 */
export function seededRandomness(seed: string): Randomness {
  let counter = 0;
  return (length) => {
    const blocks: Buffer[] = [];
    for (let size = 0; size < length; size += 32) {
      blocks.push(createHash("sha256").update(`${seed} ${counter++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  };
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function randomAlphanumeric(random: Randomness, length: number): string {
  let text = "";
  while (text.length < length) {
    // 248 = 4 * 62: beyond it some letters would be likelier.
    for (const byte of random(length)) if (byte < 248 && text.length < length) text += letters[byte % 62];
  }
  return text;
}

export const randomHexadecimal = (random: Randomness, length: number) => random(length / 2).toString("hex");

export function randomUuid(random: Randomness): string {
  const hex = random(16).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}

/**
 * A number from 0 to 1.
 *
 * @example
 * const isLucky = randomFraction(seededRandomness("monday")) < 0.5;
 */
export const randomFraction = (random: Randomness) => random(4).readUInt32BE() / 2 ** 32;
