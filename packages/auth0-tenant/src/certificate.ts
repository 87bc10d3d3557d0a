// X.509 certificates of the tenant's own authority, of its server, and of its token signing keys.
import { createPublicKey, type KeyObject, webcrypto } from "node:crypto";

export interface SelfSigned {
  /** The common name. */
  name: string;
  /** A private key: RSA, or EC on the curve P-256. */
  key: KeyObject;
  days: number;
}

/** A certificate that its own key has signed, as the JWKS shows one of each token signing key. @returns PEM */
export function makeSelfSignedCertificate(given: SelfSigned): Promise<string> {
  return makeCertificate({ ...given, subject: given.name, issuer: given.name, signingKey: given.key });
}

/** The certificate of an authority that issues server certificates, and no further authorities. @returns PEM */
export async function makeAuthorityCertificate(given: SelfSigned): Promise<string> {
  const x509 = await loadX509();
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return makeCertificate({
    ...{ ...given, subject: given.name, issuer: given.name, signingKey: given.key },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(spkiOf(given.key)),
    ],
  });
}

export interface ServerCertificate {
  /** The server's private key. */
  key: KeyObject;
  days: number;
  /** The first one is the subject. */
  hostnames: string[];
  addresses: string[];
  /** The authority's certificate as PEM, and its private key. */
  authority: { certificate: string; key: KeyObject };
}

/** @returns PEM */
export async function makeServerCertificate(given: ServerCertificate): Promise<string> {
  const { key, days, hostnames, addresses } = given;
  const x509 = await loadX509();
  const authority = new x509.X509Certificate(given.authority.certificate);
  // Not computed again: authorities that earlier versions made have another identifier of the same key.
  const identifier = authority.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return makeCertificate({
    ...{
      key,
      days,
      subject: hostnames[0] ?? "localhost",
      issuer: authority.subjectName,
      signingKey: given.authority.key,
    },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ...(identifier === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(identifier)]),
      new x509.SubjectAlternativeNameExtension([
        ...hostnames.map((value) => ({ type: "dns" as const, value })),
        ...addresses.map((value) => ({ type: "ip" as const, value })),
      ]),
    ],
  });
}

/** The certificate as the only one of a PKCS #7 message, which signs nothing. @returns PEM */
export async function encodePkcs7(certificate: string): Promise<string> {
  const x509 = await loadX509();
  const message = new x509.X509Certificates([new x509.X509Certificate(certificate)]).export("raw");
  const lines =
    Buffer.from(message)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN PKCS7-----", ...lines, "-----END PKCS7-----", ""].join("\r\n");
}

type X509 = Awaited<ReturnType<typeof loadX509>>;

/** Loaded only to make a certificate: a tenant that has its certificates starts sooner without it. */
async function loadX509() {
  // @peculiar/x509 needs this polyfill for its dependency injection.
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

interface CertificateRequest {
  subject: string;
  issuer: string | InstanceType<X509["Name"]>;
  /** The private key whose public key is certified. */
  key: KeyObject;
  signingKey: KeyObject;
  days: number;
  extensions?: InstanceType<X509["Extension"]>[];
}

async function makeCertificate({ subject, issuer, key, signingKey, days, extensions }: CertificateRequest) {
  const x509 = await loadX509();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [subject] }],
    issuer: typeof issuer === "string" ? [{ CN: [issuer] }] : issuer,
    publicKey: spkiOf(key),
    signingKey: await importSigningKey(signingKey),
    // Valid for clocks that lag behind as well.
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + days * day),
    ...(extensions && { extensions }),
  });
  return `${certificate.toString("pem")}\n`;
}

const day = 24 * 60 * 60 * 1000;

const spkiOf = (privateKey: KeyObject) => createPublicKey(privateKey).export({ type: "spki", format: "der" });

/** KeyObject.toCryptoKey() needs Node 22. */
function importSigningKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const algorithm =
    key.asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
}
