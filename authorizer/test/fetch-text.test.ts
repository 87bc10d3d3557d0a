// What the authorizer takes from a server, and what it does not: redirects, floods, trickles, untrusted certificates.
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import { once } from "node:events";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { X509CertificateGenerator } from "@peculiar/x509";
import { fetchText } from "../src/fetch-text";
import { Running, Source, serveInTests, settings } from "../testing/fixture";
import { audience, issuer, makeKey, token } from "../testing/tokens";

const serve = serveInTests();

const limit = 150_000;

describe("an answer", () => {
  it.each<[string, string, string | Buffer]>([
    ["an empty text", "", ""],
    ["a text in UTF-8", "Schlüssel 🔑", "Schlüssel 🔑"],
    ["as much as is allowed", "x".repeat(limit), "x".repeat(limit)],
  ])("is taken whole: %s", async (_, expected, body) => {
    const { url } = await serve((_, response) => response.end(body));
    expect(await fetchText(url)).toBe(expected);
  });

  it("is put together from its pieces, a character in two of them included", async () => {
    const bytes = Buffer.from("a🔑b");
    const { url } = await serve((_, response) => {
      response.write(bytes.subarray(0, 3), () => response.end(bytes.subarray(3)));
    });
    expect(await fetchText(url)).toBe("a🔑b");
  });

  it("is asked for with the method, headers and body that are given", async () => {
    const source = await serve((_, response) => response.end("ok"));
    await fetchText(`${source.url}path`, { method: "POST", headers: { "x-test": "1" } }, "body");
    const [{ request, body } = { request: undefined, body: undefined }] = source.requests;
    expect(request).toMatchObject({ method: "POST", url: "/path", headers: { "x-test": "1" } });
    expect(body).toBe("body");
  });
});

/** Answers that are none, with what the log says of them. */
const refusals: [string, string, RequestListener][] = [
  ["a redirect", "answered with status 302", redirect],
  [
    "a redirect with a long body",
    "answered with status 302",
    (request, response) => {
      response.writeHead(302, { location: request.url ?? "" }).end("x".repeat(1_000_000));
    },
  ],
  ["no content", "answered with status 204", (_, response) => response.writeHead(204).end()],
  ["a part", "answered with status 206", (_, response) => response.writeHead(206).end("{}")],
  ["not found", "answered with status 404", (_, response) => response.writeHead(404).end("{}")],
  ["an error", "answered with status 503", (_, response) => response.writeHead(503).end("{}")],
  [
    "a byte too much",
    `the answer is longer than ${limit} bytes`,
    (_, response) => response.end("x".repeat(limit + 1)),
  ],
  ["a flood without end", `the answer is longer than ${limit} bytes`, flood],
  [
    "a connection that breaks before the answer",
    "socket hang up",
    (_, response) => response.socket?.destroy(),
  ],
  [
    "a connection that breaks within the answer",
    "aborted",
    (_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("12345", () => response.socket?.destroy());
    },
  ],
  [
    "a chunked answer that breaks off",
    "aborted",
    (_, response) => {
      response.write("12345", () => response.socket?.destroy());
    },
  ],
];

function redirect(request: { url?: string | undefined }, response: ServerResponse): void {
  // Followed, it would lead to a good answer.
  if (request.url === "/elsewhere") response.end('{"keys":[]}');
  else response.writeHead(302, { location: "/elsewhere" }).end();
}

function flood(_: unknown, response: ServerResponse): void {
  response.on("error", () => {});
  const more = () => {
    if (!response.destroyed) response.write("x".repeat(10_000), more);
  };
  more();
}

describe("what is no answer", () => {
  it.each(refusals)("is refused, with origin and reason but without path: %s", async (_, reason, answer) => {
    const source = await serve(answer);
    await expect(fetchText(`${source.url}secret-path`)).rejects.toThrow(
      new Error(`${new URL(source.url).origin}: ${reason}`),
    );
    expect(source.requests).toHaveLength(1);
  });

  it("is refused where nobody listens", async () => {
    const source = await Source.start(() => {});
    await source.stop();
    await expect(fetchText(source.url)).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
  });

  it("is refused where something else than HTTP is spoken", async () => {
    const server = createTcpServer((socket) => socket.end("220 smtp.example ESMTP\r\n")).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expect(fetchText(`http://127.0.0.1:${port}/`)).rejects.toThrow(/127\.0\.0\.1:\d+: Parse Error/);
    server.close();
  });

  it("is refused from a server whose certificate no trusted authority signed", async () => {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await X509CertificateGenerator.createSelfSigned({ name: "CN=localhost", keys });
    const cert = certificate.toString("pem");
    let isAsked = false;
    const server = createServer(
      { cert, key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }) },
      (_, response) => {
        isAsked = true;
        response.end("{}");
      },
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expect(fetchText(`https://127.0.0.1:${port}/`)).rejects.toThrow("self-signed certificate");
    expect(isAsked).toBe(false);
    server.close();
  });
});

describe("a server that takes its time", () => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance", "hrtime", "Date"],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each<[string, RequestListener]>([
    ["does not answer", () => {}],
    ["answers with headers only", (_, response) => response.writeHead(200).flushHeaders()],
    ["sends a byte now and then", (_, response) => response.write("x")],
  ])("is given up after a second and a half: %s", async (_, answer) => {
    const source = await serve(answer);
    const fetched = fetchText(source.url).catch(String);
    while (source.requests.length === 0) await setImmediate();
    let isDone = false;
    void fetched.then(() => {
      isDone = true;
    });
    jest.advanceTimersByTime(1_499);
    await setImmediate();
    expect(isDone).toBe(false);
    jest.advanceTimersByTime(1);
    expect(await fetched).toBe(`Error: ${new URL(source.url).origin}: no answer within 1500 ms`);
  });

  it("leaves no timer behind when it answered in time, or badly", async () => {
    const good = await serve((_, response) => response.end("ok"));
    await fetchText(good.url);
    const bad = await serve((_, response) => response.writeHead(500).end());
    await expect(fetchText(bad.url)).rejects.toThrow("500");
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("an issuer's key set that cannot be used", () => {
  const key = makeKey("key-1");
  it.each<[string, string, RequestListener]>([
    ["no JSON", "is not a JSON Web Key Set", answering("<html>")],
    ["nothing", "is not a JSON Web Key Set", answering("")],
    ["null", "is not a JSON Web Key Set", answering("null")],
    ["a list", "is not a JSON Web Key Set", answering(JSON.stringify([key.jwk]))],
    ["a single key", "is not a JSON Web Key Set", answering(JSON.stringify(key.jwk))],
    [
      "keys that are no list",
      "is not a JSON Web Key Set",
      answering(JSON.stringify({ keys: { 0: key.jwk } })),
    ],
    ["no keys", "has no key that may verify RS256 signatures", answering('{"keys":[]}')],
    [
      "keys that are none",
      "has no key that may verify RS256 signatures",
      answering('{"keys":[null,1,"a",[],{},{"kid":1,"kty":"RSA"}]}'),
    ],
    [
      "a key without id",
      "has no key that may verify RS256 signatures",
      answering(JSON.stringify({ keys: [{ ...key.jwk, kid: undefined }] })),
    ],
    [
      "a modulus that is no text",
      "has no key that may verify RS256 signatures",
      answering(JSON.stringify({ keys: [{ ...key.jwk, n: [key.jwk.n] }] })),
    ],
    ["a key set behind a redirect", "answered with status 302", redirect],
  ])(
    "is our fault, with the reason in the log; the keys that are there stay: %s",
    async (_, reason, answer) => {
      const source = await serve(answer);
      const from = (jwks?: { keys: (typeof key.jwk)[] }) =>
        new Running({ ...settings(key), keys: { refreshSeconds: 0, waitSeconds: 0 } }, [
          { kind: "auth0", issuer, audience, ...(jwks && { jwks }), jwksUri: source.url },
        ]);
      const current = Math.floor(Date.now() / 1000);
      const good = token(key, { iat: current, exp: current + 60 });
      const without = from();
      expect(await without.ask(good)).toEqual([500, "keys_unavailable"]);
      expect(without.failures).toEqual([
        expect.objectContaining({ message: expect.stringContaining(reason) }),
      ]);
      expect(without.decision.message).toContain(reason);
      expect(await from({ keys: [key.jwk] }).ask(good)).toEqual([200, "allowed"]);
    },
  );
});

function answering(body: string): RequestListener {
  return (_, response) => response.end(body);
}
