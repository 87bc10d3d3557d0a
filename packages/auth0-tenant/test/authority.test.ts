// The tenant's certificates, as TLS and Node's own X.509 reader see them.
import "reflect-metadata";
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  KeyObject,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { trustingFetch } from "../src";
import { openAuthority } from "../src/authority";
import { makeServerCertificate } from "../src/certificate";
import { temporaryDirectory } from "../testing/in-process";

const pem = { type: "pkcs8", format: "pem" } as const;
let directory: string;
let remove: () => void;

beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});

afterEach(() => remove());

test("issues a certificate for localhost and both loopback addresses, and for nothing else", async () => {
  const { caFile, tls } = await openAuthority(directory);
  const [authority, server] = [readCertificate(caFile), new X509Certificate(tls.cert)];
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkIssued(authority)).toBe(true);
  expect(server.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  expect(server.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(await statusOverTls(tls, caFile)).toBe(204);
});

test("keeps its certificates from start to start", async () => {
  const first = await openAuthority(directory);
  const authority = readFileSync(first.caFile, "utf8");
  expect(await openAuthority(directory)).toEqual(first);
  expect(readFileSync(first.caFile, "utf8")).toBe(authority);
});

test.each([
  ["auth0.internal", "DNS:localhost, DNS:auth0.internal, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1"],
  ["192.0.2.7", "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:192.0.2.7"],
])("issues a new certificate under the same authority once clients reach it by %s", async (host, names) => {
  const { caFile, tls: before } = await openAuthority(directory);
  const authority = readFileSync(caFile, "utf8");
  const { tls } = await openAuthority(directory, host);
  expect(tls.cert).not.toBe(before.cert);
  expect(new X509Certificate(tls.cert).subjectAltName).toBe(names);
  expect(readFileSync(caFile, "utf8")).toBe(authority);
  // It is for localhost, too: a start without the host keeps it.
  expect((await openAuthority(directory)).tls).toEqual(tls);
});

test("renews a server certificate that expires within a month, under the same authority", async () => {
  const { caFile } = await openAuthority(directory);
  const authority = readFileSync(caFile, "utf8");
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authorityKey = createPrivateKey(readFileSync(join(directory, "tls", "ca.key"), "utf8"));
  const expiring = await makeServerCertificate({
    ...{ key, days: 29, hostnames: ["localhost"], addresses: ["127.0.0.1"] },
    authority: { certificate: authority, key: authorityKey },
  });
  writeFileSync(join(directory, "tls", "localhost.key"), key.export(pem));
  writeFileSync(join(directory, "tls", "localhost.pem"), expiring);
  const { tls } = await openAuthority(directory);
  expect(tls.cert).not.toBe(expiring);
  expect(readFileSync(caFile, "utf8")).toBe(authority);
  expect(await statusOverTls(tls, caFile)).toBe(204);
});

// They identified the authority's key by the hash of more than its bits: RFC 5280 leaves that open, but TLS compares it.
test("issues certificates under an authority that an earlier version made", async () => {
  const made = await makeEarlierAuthority();
  const { caFile, tls } = await openAuthority(directory);
  expect(readFileSync(caFile, "utf8")).toBe(made);
  expect(await statusOverTls(tls, caFile)).toBe(204);
});

const readCertificate = (file: string) => new X509Certificate(readFileSync(file, "utf8"));

async function makeEarlierAuthority(): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const publicKey = KeyObject.from(keys.publicKey).export({ type: "spki", format: "der" });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ["Local Auth0 tenant"] }],
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.SubjectKeyIdentifierExtension(createHash("sha1").update(publicKey).digest("hex")),
    ],
  });
  mkdirSync(join(directory, "tls"));
  writeFileSync(join(directory, "tls", "ca.key"), KeyObject.from(keys.privateKey).export(pem));
  writeFileSync(join(directory, "tls", "ca.pem"), certificate.toString("pem"));
  return readFileSync(join(directory, "tls", "ca.pem"), "utf8");
}

/** What a client that trusts only the authority gets from a server with the certificate. */
async function statusOverTls(tls: { key: string; cert: string }, caFile: string): Promise<number> {
  const server = createServer(tls, (_, response) => response.writeHead(204).end()).listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    return (await trustingFetch(caFile)(`https://localhost:${port}/`)).status;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
