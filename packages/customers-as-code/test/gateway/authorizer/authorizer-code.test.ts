import { hash } from "node:crypto";
import { bundleAuthorizer } from "../../../../../authorizer/build/bundle";
import { checkCode, readAuthorizerFiles } from "../../../src/gateway/authorizer/authorizer-code";

test("deploys the code that the build has bundled", () => {
  const issuers = [
    { kind: "auth0", issuer: "https://example.eu.auth0.com/", audience: "https://api.example.com/" },
  ] as const;
  const files = readAuthorizerFiles({
    name: "Orders",
    issuers: [...issuers],
    routes: [],
    organizations: "any",
    suspended: { organizations: [], clients: [], tokens: [] },
  });
  expect(files["index.js"]).toBe(bundleAuthorizer());
  expect(JSON.parse(files["config.json"])).toMatchObject({ name: "Orders", routes: [] });
});

test("refuses code that differs from its checksum, with both and the remedy", () => {
  const checksum = `${hash("sha256", "published")}  index.js\n`;
  expect(checkCode("published", checksum)).toBe("published");
  expect(() => checkCode("edited", checksum)).toThrow(
    `authorizer/index.js is not the file that was published: its checksum is ${hash("sha256", "edited")}, and index.js.sha256 has ${hash("sha256", "published")}. Install the package again with: npm ci`,
  );
});
