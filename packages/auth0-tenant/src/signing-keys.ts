// The tenant's RS256 keys: one signs, the next one is in the JWKS already, a previous one stays there until it is revoked.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { promisify } from "node:util";
import { encodePkcs7, makeSelfSignedCertificate } from "./certificate";
import type { Randomness } from "./randomness";
import { randomAlphanumeric } from "./randomness";
import type { Store, Table, View } from "./store";

const generateKeyPair = promisify(generate);

export interface SigningKey {
  kid: string;
  /** A next, a current and perhaps a previous one are in use. */
  state: "next" | "current" | "previous" | "revoked";
  /** PEM. */
  privateKey: string;
  cert: string;
  /** The certificate again, in the form of PKCS #7. Earlier versions had none. */
  pkcs7?: string;
  fingerprint: string;
  thumbprint: string;
  current_since?: string;
  current_until?: string;
  revoked_at?: string;
}

export const signingKeys: Table<SigningKey> = { name: "signing-keys", id: ({ kid }) => kid, indexes: {} };

/** What signing and verifying need of a key. */
interface LoadedKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  cert: string;
  pkcs7?: string;
}

export class SigningKeys {
  private loaded: { current: LoadedKey; verifying: Map<string, LoadedKey>; jwks: object } | undefined;

  constructor(
    private readonly store: Store,
    private readonly random: Randomness,
    private readonly clock: () => number,
    private readonly domain: string,
  ) {}

  get current(): LoadedKey {
    return this.load().current;
  }

  get jwks(): object {
    return this.load().jwks;
  }

  /** The key that verifies a token with this `kid`; none if it was revoked. */
  verifying(kid: string): LoadedKey | undefined {
    return this.load().verifying.get(kid);
  }

  /** To be called after a change of the keys in the store. */
  reload(): void {
    this.loaded = undefined;
  }

  /** Makes the keys of a new tenant, and completes those of an earlier version. */
  async ensure(): Promise<void> {
    const known = this.store.read((view) => view.list(signingKeys).toArray());
    const incomplete = known.filter(({ pkcs7 }) => pkcs7 === undefined);
    if (incomplete.length > 0) {
      const completed = await Promise.all(
        incomplete.map(async (key) => ({ ...key, pkcs7: await encodePkcs7(key.cert) })),
      );
      await this.store.write((view) => {
        for (const key of completed) view.put(signingKeys, key);
      });
    }
    if (known.length > 0) return;
    const [current, next] = [await this.make("current"), await this.make("next")];
    await this.store.write((view) => {
      view.put(signingKeys, { ...current, current_since: new Date(this.clock()).toISOString() });
      view.put(signingKeys, next);
    });
    this.reload();
  }

  /** The next key becomes the current one, and `fresh` the next one. @returns the key that signs from now on */
  rotate(view: View, fresh: SigningKey): SigningKey {
    const now = new Date(this.clock()).toISOString();
    const all = view.list(signingKeys).toArray();
    for (const key of all) {
      if (key.state === "previous") view.put(signingKeys, { ...key, state: "revoked", revoked_at: now });
      if (key.state === "current") view.put(signingKeys, { ...key, state: "previous", current_until: now });
    }
    const next = all.find(({ state }) => state === "next");
    if (!next) throw new Error("the tenant has no next signing key");
    const current: SigningKey = { ...next, state: "current", current_since: now };
    view.put(signingKeys, current);
    view.put(signingKeys, fresh);
    return current;
  }

  async make(state: SigningKey["state"]): Promise<SigningKey> {
    const { privateKey } = await generateKeyPair("rsa", { modulusLength: 2048 });
    const cert = await makeSelfSignedCertificate({ name: this.domain, key: privateKey, days: 5000 });
    const { fingerprint } = new X509Certificate(cert);
    return {
      kid: randomAlphanumeric(this.random, 21),
      state,
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      cert,
      pkcs7: await encodePkcs7(cert),
      fingerprint,
      // The SHA-1 of the certificate, which the JWKS shows as `x5t`.
      thumbprint: fingerprint.replaceAll(":", ""),
    };
  }

  private load() {
    if (this.loaded) return this.loaded;
    const keys = this.store.read((view) => view.list(signingKeys).toArray());
    const inUse = keys.filter(({ state }) => state !== "revoked");
    const load = ({ kid, privateKey, cert, pkcs7 }: SigningKey): LoadedKey => ({
      kid,
      privateKey: createPrivateKey(privateKey),
      publicKey: createPublicKey(privateKey),
      cert,
      pkcs7,
    });
    const currentKey = inUse.find(({ state }) => state === "current");
    if (!currentKey) throw new Error("the tenant has no current signing key");
    const order = { current: 0, next: 1, previous: 2, revoked: 3 };
    const verifying = new Map(inUse.map((key) => [key.kid, load(key)]));
    const jwks = {
      keys: [...inUse]
        .sort((a, b) => order[a.state] - order[b.state])
        .map(({ kid, cert, thumbprint }) => {
          const { n, e } = verifying.get(kid)?.publicKey.export({ format: "jwk" }) ?? {};
          const der = cert.replace(/-----[^-]+-----|\s/g, "");
          const x5t = Buffer.from(thumbprint, "hex").toString("base64url");
          return { kty: "RSA", use: "sig", n, e, kid, x5t, x5c: [der], alg: "RS256" };
        }),
    };
    this.loaded = { current: load(currentKey), verifying, jwks };
    return this.loaded;
  }
}
