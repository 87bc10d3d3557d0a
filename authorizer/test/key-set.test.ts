// Which keys of a key set may verify signatures.
import { readJwks, usableKeys } from "../src/keys";
import { makeKey } from "../testing/tokens";

const { jwk } = makeKey("key-1");
const ids = (keys: object[]) => [...usableKeys(readJwks(JSON.stringify({ keys })) ?? { keys: [] }).keys()];
/** So many bits, the highest of them set. */
const modulus = (bits: number) =>
  Buffer.alloc(Math.ceil(bits / 8), 0xff)
    .fill(0xff >> ((8 - (bits % 8)) % 8), 0, 1)
    .toString("base64url");

it("are those of the kind, as they are", () => {
  const more = { ...jwk, x5t: "thumbprint", x5c: ["certificate"] };
  expect([...usableKeys({ keys: [more] })]).toEqual([["key-1", jwk]]);
  expect([...usableKeys({ keys: [{ ...more, alg: undefined, use: undefined }] })]).toEqual([["key-1", jwk]]);
  for (const key_ops of [["verify"], ["sign", "verify"], ["verify", "of the future"]]) {
    expect([...usableKeys({ keys: [{ ...more, key_ops }] })]).toEqual([["key-1", jwk]]);
  }
});

it.each<[string, object]>([
  ["of another kind", { kty: "EC" }],
  ["for another algorithm", { alg: "PS256" }],
  ["for encryption", { use: "enc" }],
  ["that only sign", { key_ops: ["sign"] }],
  ["for operations on other keys", { key_ops: ["encrypt", "wrapKey"] }],
  ["for no operation", { key_ops: [] }],
  ["whose operation has another case", { key_ops: ["Verify"] }],
  ["with an operation twice", { key_ops: ["verify", "verify"] }],
  ["whose operations are no list", { key_ops: "verify" }],
  ["of whose operations one is no text", { key_ops: ["verify", 1] }],
  ["whose operations are null", { key_ops: null }],
  ["for signatures by their use, and not by their operations", { use: "sig", key_ops: ["deriveKey"] }],
  ["that are private", { d: "AQAB" }],
  ["with another exponent", { e: "Aw" }],
  ["without an exponent", { e: undefined }],
  ["without a modulus", { n: undefined }],
  ["with an empty modulus", { n: "" }],
  ["with a modulus that is written otherwise", { n: `${jwk.n}=` }],
  ["with a modulus that is no base64url", { n: `${jwk.n.slice(1)}!` }],
  ["of 2047 bits", { n: modulus(2047) }],
  ["of 2041 bits", { n: modulus(2041) }],
  ["of 8193 bits", { n: modulus(8193) }],
  [
    "with a zero before its modulus",
    { n: Buffer.concat([Buffer.alloc(1), Buffer.from(jwk.n, "base64url")]).toString("base64url") },
  ],
  ["whose id is no text", { kid: 1 }],
  ["without an id", { kid: undefined }],
  ["whose kind is no text", { kty: 1 }],
  ["whose algorithm is no text", { alg: 1 }],
  ["whose use is no text", { use: null }],
  ["whose modulus is no text", { n: 1 }],
  ["whose exponent is no text", { e: ["AQAB"] }],
])("are not those %s", (_, changes) => {
  expect(
    ids([
      { ...jwk, ...changes },
      { ...jwk, kid: "good" },
    ]),
  ).toEqual(["good"]);
});

it.each([2048, 2049, 2055, 2056, 4096, 8191, 8192])("may have %d bits", (bits) => {
  expect(ids([{ ...jwk, n: modulus(bits) }])).toEqual(["key-1"]);
});

it("are none where an id is there twice, however good they are", () => {
  const other = { ...jwk, kid: "key-2" };
  expect(ids([jwk, other, jwk])).toEqual(["key-2"]);
  expect(ids([{ ...jwk, kty: "EC" }, jwk, other])).toEqual(["key-2"]);
  expect(ids([jwk, jwk, jwk])).toEqual([]);
});

it.each(["", "{", "null", "[]", '"keys"', "{}", '{"keys":{}}', '{"keys":null}'])(
  "are not read from what is no key set: %s",
  (text) => {
    expect(readJwks(text)).toBeUndefined();
  },
);

it("are read one by one: one that is none does not take the others with it", () => {
  const bare = { kid: "bare", kty: "RSA" };
  const keys = [null, "key", [], {}, { kid: "x" }, { ...jwk, n: 1 }, { ...jwk, use: 1 }, bare, jwk];
  expect(readJwks(JSON.stringify({ keys }))).toEqual({ keys: [bare, jwk] });
});
