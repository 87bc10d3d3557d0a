// What is read of a stack's state without the CLI; test/e2e/start.test.ts compares it with what the CLI prints.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStoredOutputs } from "../../src/engine/stored-outputs";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stored-outputs-"));
  mkdirSync(folder(), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const folder = () => join(directory, "state", ".pulumi", "stacks", "shop");
const read = () => readStoredOutputs(directory, "shop", "local");

/** As the Pulumi CLI 3.276.0 writes them. */
const salt = "v1:PQLKjm2AYwY=:v1:dOJyfsMF/20c/mT1:XTZgK/qMpTyBh8W4B38GA308Va5U+g==";
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:PX7uinrA5cPOfUd8:8sIRQVgQbr4e8Cuy1/Hxm8bt4yTvP/D8nNTaSO4BMy+f",
};

const state = (outputs: object, version = 3) => ({
  version,
  checkpoint: {
    latest: {
      secrets_providers: { type: "passphrase", state: { salt } },
      resources: [{ type: "pulumi:providers:aws" }, { type: "pulumi:pulumi:Stack", outputs }],
    },
  },
});

function write(content: unknown): void {
  writeFileSync(join(folder(), "local.json"), JSON.stringify(content));
}

test("a stack that was never deployed, or is destroyed, has no outputs", () => {
  expect(read()).toEqual({});
  write({ version: 3, checkpoint: { latest: null } });
  expect(read()).toEqual({});
  write({ version: 3, checkpoint: { latest: {} } });
  expect(read()).toEqual({});
});

test("outputs are read, and secret ones decrypted with the key of the state's salt", () => {
  write(state({ url: "http://127.0.0.1:1/", password: secret, nested: [{ password: secret }] }));
  const expected = {
    url: { value: "http://127.0.0.1:1/", secret: false },
    password: { value: { word: "hidden" }, secret: true },
    nested: { value: [{ password: { word: "hidden" } }], secret: false },
  };
  expect(read()).toEqual(expected);
  // With the key that the first time has kept.
  expect(read()).toEqual(expected);
});

test("a key that was kept for another salt is derived again", () => {
  write(state({ password: secret }));
  writeFileSync(join(directory, "state-key"), `b3RoZXI=\n${Buffer.alloc(32).toString("base64")}\n`);
  expect(read()?.password?.value).toEqual({ word: "hidden" });
  expect(readFileSync(join(directory, "state-key"), "utf8")).toMatch(/^PQLKjm2AYwY=\n/);
});

test.each([
  ["of another version", state({ url: "x" }, 4)],
  ["that is no object", []],
  [
    "with a resource among the outputs",
    state({ url: { ...secret, "4dabf18193072939515e22adb298388d": "x" } }),
  ],
  ["with a ciphertext of another version", state({ url: { ...secret, ciphertext: "v2:x:y" } })],
  ["with a ciphertext of another key", state({ url: { ...secret, ciphertext: "v1:dOJyfsMF/20c/mT1:AAAA" } })],
])("a state %s is left to the CLI", (_, content) => {
  write(content);
  expect(read()).toBeUndefined();
});

test("a state that is compressed, or cut off, is left to the CLI", () => {
  writeFileSync(join(folder(), "local.json.gz"), "");
  expect(read()).toBeUndefined();
  writeFileSync(join(folder(), "local.json"), '{"version": 3, "check');
  expect(read()).toBeUndefined();
});
