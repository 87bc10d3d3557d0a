// The tenant's own certificate authority. Its key stays in the tenant's directory, readable for its owner only.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { authorityExtensions, day, makeCertificate, serverExtensions } from "./certificate";
import { ensurePrivateFolder } from "./private-files";

export interface Authority {
  /** PEM file of the authority's certificate, to be trusted by clients. */
  caFile: string;
  /** For `localhost` and 127.0.0.1. */
  tls: { key: string; cert: string };
}

/** A key and its certificate, as files. */
interface Pair {
  certFile: string;
  keyFile: string;
}

export function openAuthority(directory: string): Authority {
  const folder = join(directory, "tls");
  ensurePrivateFolder(folder);
  const pair = (name: string): Pair => ({
    certFile: join(folder, `${name}.pem`),
    keyFile: join(folder, `${name}.key`),
  });
  const authority = pair("ca");
  const server = pair("localhost");
  if (!isValid(authority)) makeAuthority(authority);
  const issuer = read(authority);
  if (!isValid(server) || !read(server).certificate.verify(issuer.certificate.publicKey))
    issue(server, issuer);
  return {
    caFile: authority.certFile,
    tls: { key: readFileSync(server.keyFile, "utf8"), cert: readFileSync(server.certFile, "utf8") },
  };
}

/** A certificate for a token signing key, as the JWKS shows it. */
export function certify(key: KeyObject, name: string): { cert: string; fingerprint: string } {
  const publicKey = createPublicKey(key);
  const cert = makeCertificate({ subject: name, issuer: name, publicKey, signingKey: key, days: 5000 });
  return { cert, fingerprint: new X509Certificate(cert).fingerprint };
}

/** The SHA-1 of a certificate, which the JWKS shows as `x5t`. */
export const thumbprintOf = (cert: string) =>
  createHash("sha1").update(new X509Certificate(cert).raw).digest();

function read({ certFile, keyFile }: Pair) {
  const certificate = new X509Certificate(readFileSync(certFile, "utf8"));
  return { certificate, key: createPrivateKey(readFileSync(keyFile, "utf8")) };
}

/** Both files are there, belong together and the certificate is good for another month. */
function isValid(pair: Pair): boolean {
  if (!existsSync(pair.certFile) || !existsSync(pair.keyFile)) return false;
  try {
    const { certificate, key } = read(pair);
    return certificate.checkPrivateKey(key) && Date.parse(certificate.validTo) > Date.now() + 30 * day;
  } catch {
    return false;
  }
}

function makeAuthority(pair: Pair): void {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = authorityName;
  const extensions = authorityExtensions(publicKey);
  save(
    pair,
    privateKey,
    makeCertificate({ subject, issuer: subject, publicKey, signingKey: privateKey, days: 3650, extensions }),
  );
}

function issue(pair: Pair, issuer: ReturnType<typeof read>): void {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const loopback = [
    [127, 0, 0, 1],
    [...Array<number>(15).fill(0), 1],
  ];
  const cert = makeCertificate({
    subject: "localhost",
    issuer: authorityName,
    publicKey,
    signingKey: issuer.key,
    // Apple's limit is 825.
    days: 800,
    extensions: serverExtensions(issuer.certificate.publicKey, ["localhost"], loopback),
  });
  save(pair, privateKey, cert);
}

const authorityName = "Local Auth0 tenant";

/** The certificate is renamed into place last: a pair is there whole or not at all. */
function save({ certFile, keyFile }: Pair, key: KeyObject, cert: string): void {
  writeFileSync(keyFile, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(`${certFile}.new`, cert, { mode: 0o600 });
  renameSync(`${certFile}.new`, certFile);
}
