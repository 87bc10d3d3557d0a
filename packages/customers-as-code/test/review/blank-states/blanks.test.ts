import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { archiveHash } from "../../../src/review/blank-states/archive-hash";
import {
  blankSettings,
  digestCiphertext,
  encryptedSettings,
  fromEnvironments,
  valueAt,
} from "../../../src/review/blank-states/blank-settings";
import { openBlankStacks, writeBlankStacks } from "../../../src/review/blank-states/blank-stacks";
import { Blanks } from "../../../src/review/blank-states/blanks";

const mark = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({
  [mark]: "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});
const asset = (text: string) => ({
  [mark]: "c44067f5952c0a294b673a41bacd8c17",
  hash: createHash("sha256").update(text).digest("hex"),
  text,
});
const archive = (assets: Record<string, ReturnType<typeof asset>>) => ({
  [mark]: "0def7320c3a5731c473e5ecbe6d01bc7",
  assets,
  hash: archiveHash(assets),
});
const key = Buffer.alloc(32, 7);

/** Values of resources' outputs, with placeholders; each is what is secret in it, or as it stands. */
function blank(values: readonly unknown[], settings: readonly string[] = []): unknown[] {
  const state = { resources: values.map((value) => ({ outputs: { value } })) };
  const result = JSON.parse(JSON.stringify(new Blanks(key, settings, [state]).state(state)));
  return result.resources.map(({ outputs: { value } }: { outputs: { value: unknown } }) => {
    const { plaintext } = typeof value === "object" && value !== null && "plaintext" in value ? value : {};
    return typeof plaintext === "string" ? JSON.parse(plaintext) : value;
  });
}
const placeholderOf = (one: string) => blank([secret(one)])[0];

const clientSecret = "ilIc82gnnIBCmyfDb9vcPbPqkvZipvv6JMSw6379ZsokOmuPQ2aVcQpLv9TdJQr4";
const apiKey = "3nn1i0t5uwbca945exdbmht31q7a1g006fcnylvf";
const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";

test("a secret becomes a placeholder of its length, the same one wherever it is", () => {
  const [first, second] = blank([secret(clientSecret), secret({ acme: { clientSecret } })]);
  expect(first).toMatch(/^blank[0-9a-f]{59}$/);
  expect(second).toEqual({ acme: { clientSecret: first } });
  expect(placeholderOf(apiKey)).toHaveLength(40);
  expect(placeholderOf("1234")).toMatch(/^blank[0-9a-f]{11}$/);
  expect(blank([secret(4711)])).toEqual([0]);
});

test("a placeholder doesn't show whether a guess is right", () => {
  const of = (with_: Buffer) =>
    JSON.stringify(new Blanks(with_, [], [secret("password")]).state(secret("password")));
  expect(of(Buffer.alloc(32, 1))).not.toBe(of(Buffer.alloc(32, 2)));
});

describe("a secret inside of a longer one", () => {
  const inside: [where: string, make: (secret: string) => string][] = [
    ["JSON", (one) => JSON.stringify({ clientId: "id", clientSecret: one })],
    ["an environment file", (one) => `A="b"\nSECRET="${one}"\n`],
    ["an address", (one) => `https://user:${one}@example.com/path?token=${one}`],
    ["base64", (one) => Buffer.from(one).toString("base64")],
  ];
  test.each(inside)("becomes its placeholder: in %s", (_, make) => {
    const [plain, longer] = blank([secret(clientSecret), secret(make(clientSecret))]);
    expect(longer).toBe(make(String(plain)));
  });

  test.each([pem, "pass phrase with spaces", 'quo"te\\backslash', "p@ss/w%rd&more"])(
    "also if it is %j",
    (odd) => {
      const [plain, longer, escaped] = blank([
        secret(odd),
        secret({ text: `before ${odd} after` }),
        secret(JSON.stringify({ odd })),
      ]);
      expect(longer).toEqual({ text: `before ${plain} after` });
      expect(escaped).toBe(JSON.stringify({ odd: plain }));
    },
  );

  test("is found in the files of a function, whose hashes are those of what they then have", () => {
    const files = (one: string) => ({
      "config.json": asset(`{"key":"${one}"}`),
      "index.js": asset("export {};"),
    });
    const [plain, code] = blank([secret(apiKey), secret(archive(files(apiKey)))]);
    expect(code).toEqual(archive(files(String(plain))));
  });

  test("leaves a hash alone that is made in another way", () => {
    const other = { ...archive({ "index.js": asset(`"${apiKey}"`) }), hash: "0".repeat(64) };
    expect(blank([secret(apiKey), secret(other)])[1]).toMatchObject({ hash: "0".repeat(64) });
  });
});

test("what is open elsewhere in the state stays, beside a secret", () => {
  const made = {
    clientSecret,
    scopes: ["read:orders"],
    tokenUrl: "https://example.eu.auth0.com/oauth/token",
    nothing: "{}",
  };
  const [plain, , whole, text] = blank([
    secret(clientSecret),
    "read:orders",
    secret(made),
    secret(JSON.stringify(made)),
  ]);
  const expected = { ...made, clientSecret: plain };
  expect(whole).toEqual(expected);
  expect(text).toBe(JSON.stringify(expected));
});

test("a secret that stands in clear elsewhere is replaced there, too", () => {
  const [plain, clear] = blank([secret(clientSecret), `Basic ${clientSecret}`]);
  expect(clear).toBe(`Basic ${plain}`);
  // Of the settings, even if it is all of a value.
  expect(blank(["the-application-id"], ["the-application-id"])[0]).toMatch(/^blank/);
});

test("an address with a password, a query or a part that looks made up is a secret", () => {
  for (const address of [
    "https://hooks.example.com/services/T0000/B0000/XXXXXXXXXXXX",
    "https://example.com/?key=abcdefgh",
    "https://user:password@example.com/",
  ]) {
    expect(blank([secret({ address })])[0]).toEqual({ address: expect.stringMatching(/^blank/) });
  }
});

test("no secret survives, whatever it is and wherever it stands", () => {
  const secretString = fc.string({
    minLength: 8,
    maxLength: 80,
    unit: fc.constantFrom(...'abcXYZ019-_.+/=: "\\\n@%é'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(secretString, { minLength: 1, maxLength: 5 }), (all) => {
      const values = all.filter((one) => /\w/.test(one));
      const state = values.map((one) => [
        secret(one),
        secret({ nested: [one] }),
        secret(JSON.stringify({ key: `(${one})` })),
        secret({ text: `<${one}>` }),
        secret(archive({ "a.txt": asset(`<${one}>`) })),
      ]);
      const plain: unknown[] = JSON.parse(JSON.stringify(new Blanks(key, [], [state]).state(state)));
      const strings = plain.flat().map((value) => JSON.stringify(JSON.parse(Object(value).plaintext)));
      // As JSON escapes it; one that is a part of "blank", or of what is around it, is none that could be found.
      const kept = values.filter(
        (one) => one.length >= 8 && strings.some((text) => text.includes(JSON.stringify(one).slice(1, -1))),
      );
      expect(kept).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a folder with other files is refused, and keeps them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "blank-"));
  writeFileSync(join(folder, "index.ts"), "1");
  await expect(writeBlankStacks(["dev"], ".", folder)).rejects.toThrow(
    "has other files. Give an empty folder, or a new one.",
  );
  expect(readdirSync(folder)).toEqual(["index.ts"]);
  rmSync(folder, { recursive: true });
});

test("a folder with another stack's states is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "blank-"));
  writeFileSync(
    join(folder, "settings.json"),
    JSON.stringify({ stack: "production", placeholders: {}, fromEnvironments: {} }),
  );
  await expect(openBlankStacks(folder, { stack: "example/dev-shard-1", project: "." })).rejects.toThrow(
    "has the state of production, not of dev. Give the folder of this stack.",
  );
  rmSync(folder, { recursive: true });
});

describe("the settings of a stack", () => {
  const text = [
    "encryptionsalt: v1:abc",
    "secretsprovider: awskms://alias/x",
    "environment: [customers/dev]",
    "config:",
    "  auth0:domain: example.eu.auth0.com # the tenant",
    "  auth0:clientSecret:",
    "    secure: AAA",
    "  customers-as-code:portal:",
    "    stripe: [{ key: { secure: BBB } }, { key: open }]",
    "  customers-as-code:moesifApplicationId:",
    "    secure: CCC",
    "",
  ].join("\n");

  test("name each encrypted value, at whatever depth", () => {
    expect(encryptedSettings(text)).toEqual([
      { path: ["auth0:clientSecret"], ciphertext: "AAA" },
      { path: ["customers-as-code:portal", "stripe", 0, "key"], ciphertext: "BBB" },
      { path: ["customers-as-code:moesifApplicationId"], ciphertext: "CCC" },
    ]);
    const config = {
      "auth0:clientSecret": { value: "s" },
      "customers-as-code:portal": { value: '{"stripe":[{"key":"k"}]}' },
    };
    expect(valueAt(config, ["auth0:clientSecret"])).toBe("s");
    expect(valueAt(config, ["customers-as-code:portal", "stripe", 0, "key"])).toBe("k");
    expect(valueAt(config, ["customers-as-code:portal", "stripe", 1, "key"])).toBeUndefined();
  });

  test("are opened with the deployment's placeholders, and without what decrypts", () => {
    const settings = {
      stack: "dev",
      placeholders: { [digestCiphertext("AAA")]: "blank-a" },
      fromEnvironments: {},
    };
    const opened = blankSettings(text, settings);
    expect(opened.secrets.map(({ value }) => value)).toEqual([
      "blank-a",
      `blank${digestCiphertext("BBB")}`,
      `blank${digestCiphertext("CCC")}`,
    ]);
    expect(opened.text).toContain("auth0:domain: example.eu.auth0.com # the tenant");
    expect(opened.text).toContain("key: open");
    expect(opened.text).not.toMatch(/secure|encryptionsalt|secretsprovider|environment/);
  });

  test("keep what ESC environments give, unless the file or the project has it", () => {
    const config = {
      "auth0:domain": { value: "example.eu.auth0.com" },
      "auth0:clientId": { value: "id" },
      "auth0:clientSecret": { value: "s", secret: true },
      "customers-as-code:protect": { value: "true" },
      "customers-as-code:stripeApiKey": { value: "sk", secret: true },
    };
    const given = fromEnvironments(text, config, ["customers-as-code:protect"]);
    expect(given).toEqual({
      "auth0:clientId": { value: "id", isSecret: false },
      "customers-as-code:stripeApiKey": { value: "sk", isSecret: true },
    });
    expect(fromEnvironments("config: {}", config, [])).toEqual({});
    const opened = blankSettings(text, { stack: "dev", placeholders: {}, fromEnvironments: given });
    expect(opened.text).toContain("auth0:clientId: id");
    expect(opened.secrets).toContainEqual({ path: ["customers-as-code:stripeApiKey"], value: "sk" });
    const own = blankSettings("config:\n  auth0:clientId: own\n", {
      stack: "dev",
      placeholders: {},
      fromEnvironments: given,
    });
    expect(own.text).toContain("auth0:clientId: own");
  });
});
