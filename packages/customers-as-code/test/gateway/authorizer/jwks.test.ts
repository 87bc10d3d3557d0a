import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Jwk } from "../../../../../authorizer/src/config";
import { fetchJwks, selectKeys } from "../../../src/gateway/authorizer/jwks";

const [first, second] = [modulus(2048), modulus(2048)];
const jwk = (kid: string, n = first): Jwk => ({ kid, kty: "RSA", alg: "RS256", use: "sig", n, e: "AQAB" });
const select = (...keys: unknown[]) => selectKeys(JSON.stringify({ keys }));

describe("the keys that are deployed", () => {
  it("are in the order of their ids, whatever the issuer's", () => {
    const expected = { keys: [jwk("B"), jwk("a"), jwk("b", second)] };
    expect(select(jwk("b", second), jwk("B"), jwk("a"))).toEqual(expected);
    expect(select(jwk("a"), jwk("b", second), jwk("B"))).toEqual(expected);
    expect(JSON.stringify(select(jwk("b", second), jwk("a")))).toBe(
      JSON.stringify(select(jwk("a"), jwk("b", second))),
    );
  });

  it("have what verifies signatures, and nothing else of what the issuer says of them", () => {
    const auth0 = { ...jwk("a"), x5t: "thumbprint", x5c: ["certificate"], extra: { d: "private" } };
    expect(select(auth0)).toEqual({ keys: [jwk("a")] });
    expect(select({ kid: "a", kty: "RSA", n: first, e: "AQAB" })).toEqual({ keys: [jwk("a")] });
  });

  it.each<[string, unknown]>([
    ["another algorithm", { ...jwk("x"), alg: "RS512" }],
    ["another use", { ...jwk("x"), use: "enc" }],
    ["another type", { kid: "x", kty: "EC", crv: "P-256", x: "AA", y: "AA" }],
    ["a weak modulus", jwk("x", modulus(1024))],
    ["another exponent", { ...jwk("x"), e: "Aw" }],
    ["no id", { ...jwk("x"), kid: undefined }],
    ["no object", "x"],
  ])("leave out one with %s", (_, other) => {
    expect(select(other, jwk("a"))).toEqual({ keys: [jwk("a")] });
    expect(() => select(other)).toThrow("it has no RSA signing key of 2048 bits or more");
  });

  it("leave out two of one id: which of them counts would depend on who reads", () => {
    expect(select(jwk("x"), jwk("a"), jwk("x", second))).toEqual({ keys: [jwk("a")] });
  });

  it.each(["", "<html>", "null", "[]", "{}", '{"keys":{}}', '{"keys":"a"}'])(
    "are not read from %j",
    (text) => {
      expect(() => selectKeys(text)).toThrow("it is not a JSON Web Key Set");
    },
  );

  it("are not none", () => {
    expect(() => select()).toThrow("it has no RSA signing key of 2048 bits or more");
  });
});

describe("fetching the keys", () => {
  let answer: RequestListener;
  let server: Server;
  let issuer: string;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("the server has no port");
    issuer = `http://127.0.0.1:${address.port}/`;
  });
  beforeEach(() => asked.splice(0));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** What the person who deploys reads. */
  const problem = async () => {
    const error: unknown = await fetchJwks(issuer).then(
      () => undefined,
      (reason) => reason,
    );
    if (!(error instanceof Error)) throw new Error("the keys were fetched");
    return error.message;
  };
  const remedy = 'Is the config key "auth0:domain" right, and the tenant up?';

  it("asks the issuer's well-known document once", async () => {
    answer = (_, response) => response.end(JSON.stringify({ keys: [jwk("b"), jwk("a")] }));
    expect(await fetchJwks(issuer)).toEqual({ keys: [jwk("a"), jwk("b")] });
    expect(asked).toEqual(["/.well-known/jwks.json"]);
  });

  it.each([404, 429, 500])("fails at status %d, with the remedy", async (status) => {
    answer = (_, response) => response.writeHead(status).end(JSON.stringify({ keys: [jwk("a")] }));
    expect(await problem()).toMatch(
      new RegExp(
        `^${issuer}\\.well-known/jwks\\.json cannot be used: ${status} [A-Z][A-Za-z ]+\\. Is the config key`,
      ),
    );
    expect(await problem()).toContain(remedy);
  });

  it("fails at a document that is no key set, with the remedy", async () => {
    answer = (_, response) => response.end("<html>");
    expect(await problem()).toBe(
      `${issuer}.well-known/jwks.json cannot be used: it is not a JSON Web Key Set. ${remedy}`,
    );
  });

  it("fails where no key may be used, with the remedy", async () => {
    answer = (_, response) => response.end('{"keys":[]}');
    expect(await problem()).toBe(
      `${issuer}.well-known/jwks.json cannot be used: it has no RSA signing key of 2048 bits or more. ${remedy}`,
    );
  });

  // In a process of its own: what fetch throws is no Error of Jest's.
  it("fails where nobody listens, with the cause and the remedy", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const address = gone.address();
    if (typeof address !== "object" || address === null) throw new Error("the server has no port");
    await new Promise((resolve) => gone.close(resolve));
    const { port } = address;
    const script =
      `require(${JSON.stringify(join(__dirname, "../../../src/gateway/authorizer/jwks.ts"))})` +
      `.fetchJwks("http://127.0.0.1:${port}/").catch(({ message }) => console.log(message))`;
    const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
    expect(execFileSync(process.execPath, ["--import", tsx, "-e", script]).toString()).toBe(
      `http://127.0.0.1:${port}/.well-known/jwks.json cannot be used: connect ECONNREFUSED 127.0.0.1:${port}. ${remedy}\n`,
    );
  });

  it("fails where the connection breaks, with the remedy", async () => {
    answer = (_, response) => response.destroy();
    expect(await problem()).toContain(remedy);
  });

  it("waits for ten seconds and no longer", async () => {
    answer = () => {};
    const { timeout } = AbortSignal;
    const spy = jest.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout.call(AbortSignal, 20));
    try {
      expect(await problem()).toMatch(/cannot be used: .*timeout.*\. Is the config key/);
      expect(spy.mock.calls).toEqual([[10_000]]);
    } finally {
      spy.mockRestore();
    }
  });
});

function modulus(modulusLength: number): string {
  const { n = "" } = generateKeyPairSync("rsa", { modulusLength }).publicKey.export({ format: "jwk" });
  return n;
}
