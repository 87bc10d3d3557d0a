import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { copySettings, shardSettings } from "../../src/stacks/shard-settings";

const settings = (more: string, outer = "") => `${outer}config:
  # A comment.
  auth0:domain: example.eu.auth0.com
  customers-as-code:shards: "2"
  customers-as-code:stageName: yes
${more}`;
const moesif = `  customers-as-code:moesifApplicationId:
    secure: AAABAJ
`;
const auth0 = `  auth0:clientSecret:
    secure: AAABAK
`;
const nested = `  customers-as-code:tags:
    owner:
      secure: AAABAL
`;
const ofShard = (text: string) => shardSettings("Pulumi.prod.yaml", text, "customers-as-code");

test("a shard has the settings of its main stack as they are written", () => {
  expect(ofShard(settings(""))).toBe(settings(""));
  expect(ofShard("")).toBe("");
});

test("it lacks the program's secrets, which Pulumi Cloud would not decrypt for it", () => {
  expect(ofShard(settings(moesif))).toBe(settings(""));
  expect(ofShard(settings(moesif, "encryptionsalt: v1:abc=\n"))).toBe(
    settings("", "encryptionsalt: v1:abc=\n"),
  );
});

test("a secret of the program's that is written without its namespace is left out too", () => {
  expect(ofShard(settings("  stripeApiKey:\n    secure: AAABAM\n"))).toBe(settings(""));
});

test.each(["encryptionsalt: v1:abc=\n", "secretsprovider: awskms://alias/x\nencryptedkey: abc\n"])(
  "it has the providers' secrets where the file has what decrypts them: %j",
  (outer) => {
    const text = settings(moesif + auth0 + nested, outer);
    expect(parse(ofShard(text))).toEqual(parse(settings(auth0 + nested, outer)));
  },
);

test("what it could not read is refused, with the way out", () => {
  expect(() => ofShard(settings(auth0 + moesif))).toThrow(
    /^Pulumi\.prod\.yaml {2}auth0:clientSecret: Pulumi Cloud encrypts it for this stack alone, .* pulumi config rm auth0:clientSecret$/,
  );
  expect(() => ofShard(settings(nested))).toThrow(
    "Pulumi.prod.yaml  customers-as-code:tags: Pulumi Cloud encrypts",
  );
});

test("a company that has renamed its project has shards without its secrets too", () => {
  const folder = mkdtempSync(join(tmpdir(), "renamed-project-"));
  try {
    const renamed = (text: string) => text.replaceAll("customers-as-code:", "shop-api:");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop-api\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), renamed(settings(moesif)));
    copySettings("prod", "prod-shard-1", folder);
    expect(readFileSync(join(folder, "Pulumi.prod-shard-1.yaml"), "utf8")).toBe(renamed(settings("")));
    // Of another namespace, it is a secret that the shard could not read.
    expect(() => shardSettings("Pulumi.prod.yaml", settings(moesif), "shop-api")).toThrow(
      "Pulumi.prod.yaml  customers-as-code:moesifApplicationId: Pulumi Cloud encrypts it",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
