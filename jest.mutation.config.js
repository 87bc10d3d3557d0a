const { generateKeyPairSync } = require("node:crypto");
const { testMatch: _, ...config } = require("./jest.config.js");

/** Made once for each worker: to make them is what takes longest of the start of the tests, which each mutant needs. */
const spareKeys = Array.from(
  { length: 40 },
  () =>
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    }).privateKey,
);

/** The authorizer's tests, as Stryker runs them. @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/test/authorizer/mutation/all.ts"],
  testEnvironment: require.resolve("./test/authorizer/mutation/environment.cjs"),
  globals: { spareKeys },
  // No test takes a second; only a mutant that waits for ever does.
  testTimeout: 4_000,
};
