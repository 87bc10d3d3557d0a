// A stack's state without its secrets: the same state, with a placeholder instead of each of them. Pure functions of a key.
import { createHash, createHmac } from "node:crypto";
import { isRecord } from "../../problems/record";
import { archiveHash } from "./archive-hash";

/** As the engine marks special values (pulumi/pulumi, sdk/go/common/resource/sig). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Shorter strings are part of too many others: a placeholder replaces them only if they are all of a secret. */
const leastLength = 8;

/** Of which tokens consist; anything else ends one. */
const wideToken = /[\w+/=.~-]+/g;
const narrowToken = /[\w~-]+/g;

/**
 * Replaces secrets everywhere: those that are all of a value, and those inside of longer strings, such as the JSON of a delivered secret or
 * the code of a function. A program that makes the longer string from the placeholder then makes what the state has, so that a
 * preview shows no difference. It is enough to know the parts: what a program puts into a longer string it has from the settings or
 * from an output.
 */
export class Blanks {
  private readonly placeholders = new Map<string, string>();
  /** Secrets that are no token, such as those with spaces; the longest first. */
  private readonly odd: [secret: string, placeholder: string][] = [];

  /**
   * @param key of this run alone: without it, nobody can try out whether a placeholder stands for a guessed secret
   * @param settings the stack's secret settings
   * @param states as `pulumi stack export --show-secrets` gives them
   */
  constructor(
    private readonly key: Buffer,
    settings: readonly string[],
    states: readonly unknown[],
  ) {
    const known = new Set<string>();
    const open = new Set<string>();
    for (const state of states) {
      for (const value of secretValues(state)) for (const one of candidates(value)) known.add(one);
      for (const one of openStrings(state)) open.add(one);
    }
    const ownSecrets = settings.filter((one) => /\w/.test(one));
    const parts = [...known].filter((one) => !open.has(one));
    // A longer one that has a shorter one inside is made of it.
    for (const secret of [...ownSecrets, ...parts.sort((a, b) => a.length - b.length)]) {
      if (!this.placeholders.has(secret) && (ownSecrets.includes(secret) || !this.isMadeOfOthers(secret))) {
        this.add(secret);
      }
    }
    this.odd.sort(([a], [b]) => b.length - a.length);
  }

  /** The state with placeholders; everything else is as it was. */
  state(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.state(item));
    if (!isRecord(value)) return value;
    if (isSecret(value)) return { ...value, plaintext: JSON.stringify(this.secret(parsed(value.plaintext))) };
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.state(item)]));
  }

  /** A value that is secret as a whole. */
  secret(value: unknown): unknown {
    if (typeof value === "number") return 0;
    return this.inside(value);
  }

  /** The placeholder of one of the secrets. */
  of(secret: string): string {
    return this.placeholders.get(secret) ?? this.text(secret);
  }

  private inside(value: unknown): unknown {
    if (typeof value === "string") return this.of(value);
    if (Array.isArray(value)) return value.map((item) => this.inside(item));
    if (!isRecord(value)) return value;
    if (value[signature] === assetSignature) return this.asset(value);
    if (value[signature] === archiveSignature) return this.archive(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.inside(item)]));
  }

  /** The engine compares a file of a program by its hash. */
  private asset(asset: Record<string, unknown>): Record<string, unknown> {
    const { text } = asset;
    if (typeof text !== "string") return asset;
    const blank = this.text(text);
    return blank === text ? asset : { ...asset, text: blank, hash: sha256(blank) };
  }

  private archive(archive: Record<string, unknown>): Record<string, unknown> {
    const { assets, hash } = archive;
    if (!isRecord(assets)) return archive;
    const blank = Object.fromEntries(
      Object.entries(assets).map(([name, asset]) => [name, this.inside(asset)]),
    );
    // If this is not how the engine computes hashes, the old one stays: the preview then shows an update that is none.
    const isOurs = typeof hash === "string" && archiveHash(assets) === hash;
    return { ...archive, assets: blank, ...(isOurs && { hash: archiveHash(blank) }) };
  }

  private text(text: string): string {
    const tokens = text.replaceAll(
      wideToken,
      (wide) => this.long(wide) ?? wide.replaceAll(narrowToken, (narrow) => this.long(narrow) ?? narrow),
    );
    return this.odd.reduce((rest, [secret, placeholder]) => rest.replaceAll(secret, placeholder), tokens);
  }

  private long(token: string): string | undefined {
    return token.length < leastLength ? undefined : this.placeholders.get(token);
  }

  private isMadeOfOthers(secret: string): boolean {
    return this.text(secret) !== secret;
  }

  private add(secret: string): void {
    const placeholder = this.make(secret);
    const forms: [string, string][] = [
      [secret, placeholder],
      [base64(secret), base64(placeholder)],
      [encodeURIComponent(secret), placeholder],
      [JSON.stringify(secret).slice(1, -1), placeholder],
    ];
    for (const [form, blank] of forms) {
      if (this.placeholders.has(form)) continue;
      this.placeholders.set(form, blank);
      if (form.length >= leastLength && !/^[\w+/=.~-]+$/.test(form)) this.odd.push([form, blank]);
    }
  }

  /** As long as the secret, since AWS and others check lengths. */
  private make(secret: string): string {
    const digits = createHmac("sha256", this.key).update(secret).digest("hex");
    const length = Math.max(secret.length, 16);
    return `blank${digits.repeat(Math.ceil(length / digits.length))}`.slice(0, length);
  }
}

function isSecret(value: Record<string, unknown>): value is { plaintext: string } {
  return value[signature] === secretSignature && typeof value.plaintext === "string";
}

function* secretValues(state: unknown): Generator<unknown> {
  if (Array.isArray(state)) for (const item of state) yield* secretValues(item);
  if (!isRecord(state)) return;
  if (isSecret(state)) yield parsed(state.plaintext);
  else for (const item of Object.values(state)) yield* secretValues(item);
}

/** What anyone may see, and is therefore no secret inside of one: a scope, the tenant's address. */
function* openStrings(state: unknown): Generator<string> {
  if (typeof state === "string") yield state;
  if (Array.isArray(state)) for (const item of state) yield* openStrings(item);
  if (!isRecord(state) || isSecret(state)) return;
  for (const item of Object.values(state)) yield* openStrings(item);
}

/** Strings that may be secrets, or made of them; what is in JSON within a string too. The files of a program are made of others. */
function* candidates(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* candidates(item);
  if (isRecord(value)) {
    if (value[signature] === assetSignature || value[signature] === archiveSignature) return;
    for (const item of Object.values(value)) yield* candidates(item);
  }
  if (typeof value !== "string" || !/\w/.test(value)) return;
  const within = /^\s*[[{]/.test(value) ? parsed(value) : undefined;
  if (within !== undefined) yield* candidates(within);
  else if (!isAddress(value)) yield value;
}

/** An address that anyone may know, beside a secret: without a name, a password, a query or a part that looks made up. */
function isAddress(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash, pathname } = new URL(text);
  return (
    [username, password, search, hash].every((part) => part === "") && /^(\/[a-z]{0,20})*$/.test(pathname)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
