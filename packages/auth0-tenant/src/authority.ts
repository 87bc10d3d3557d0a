// The tenant's own certificate authority. Its key stays in the tenant's directory, readable for its owner only.
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { makeAuthorityCertificate, makeServerCertificate } from "./certificate";
import { ensurePrivateFolder } from "./private-files";

export interface Authority {
  /** PEM file of the authority's certificate, to be trusted by clients. */
  caFile: string;
  /** For `localhost`, the loopback addresses, and the host name at which clients reach the tenant. */
  tls: { key: string; cert: string };
}

/** A key and its certificate, as files. */
interface Pair {
  certFile: string;
  keyFile: string;
}

/** @param host name or address by which clients reach the tenant */
export async function openAuthority(directory: string, host = "localhost"): Promise<Authority> {
  const folder = join(directory, "tls");
  ensurePrivateFolder(folder);
  const authority = pairIn(folder, "ca");
  const server = pairIn(folder, "localhost");
  if (!isValid(authority)) await makeAuthority(authority);
  const issuer = readPair(authority);
  if (!isValid(server) || !isFor(readPair(server).certificate, issuer, host)) {
    await issueServerCertificate(server, issuer, host);
  }
  return {
    caFile: authority.certFile,
    tls: { key: readFileSync(server.keyFile, "utf8"), cert: readFileSync(server.certFile, "utf8") },
  };
}

const pairIn = (folder: string, name: string): Pair => ({
  certFile: join(folder, `${name}.pem`),
  keyFile: join(folder, `${name}.key`),
});

function readPair({ certFile, keyFile }: Pair) {
  const certificate = new X509Certificate(readFileSync(certFile, "utf8"));
  return { certificate, key: createPrivateKey(readFileSync(keyFile, "utf8")) };
}

const month = 30 * 24 * 60 * 60 * 1000;

/** Both files are there, belong together and the certificate is good for another month. */
function isValid(pair: Pair): boolean {
  if (!existsSync(pair.certFile) || !existsSync(pair.keyFile)) return false;
  try {
    const { certificate, key } = readPair(pair);
    return certificate.checkPrivateKey(key) && Date.parse(certificate.validTo) > Date.now() + month;
  } catch {
    return false;
  }
}

function isFor(certificate: X509Certificate, issuer: ReturnType<typeof readPair>, host: string): boolean {
  if (!certificate.verify(issuer.certificate.publicKey)) return false;
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

async function makeAuthority(pair: Pair): Promise<void> {
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  savePair(pair, key, await makeAuthorityCertificate({ name: "Local Auth0 tenant", key, days: 3650 }));
}

async function issueServerCertificate(
  pair: Pair,
  issuer: ReturnType<typeof readPair>,
  host: string,
): Promise<void> {
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const cert = await makeServerCertificate({
    key,
    // Apple's limit is 825.
    days: 800,
    hostnames: [...new Set(["localhost", ...(isIP(host) === 0 ? [host] : [])])],
    addresses: [...new Set(["127.0.0.1", "::1", ...(isIP(host) === 0 ? [] : [host])])],
    authority: { certificate: issuer.certificate.toString(), key: issuer.key },
  });
  savePair(pair, key, cert);
}

/** The certificate is renamed into place last: a pair is there whole or not at all. */
function savePair({ certFile, keyFile }: Pair, key: KeyObject, cert: string): void {
  writeFileSync(keyFile, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  writeFileSync(`${certFile}.new`, cert, { mode: 0o600 });
  renameSync(`${certFile}.new`, certFile);
}
