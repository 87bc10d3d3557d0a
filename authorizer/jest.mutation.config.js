const { testMatch: _, ...config } = require("../jest.config.cjs");

/** The authorizer's tests, as Stryker runs them. @type {import("jest").Config} */
module.exports = {
  ...config,
  rootDir: "..",
  testMatch: ["<rootDir>/authorizer/test/mutation/all.ts"],
  testEnvironment: require.resolve("./test/mutation/environment.cjs"),
  // Keys that stryker.config.mjs made; of random APIs and requests a tenth.
  globals: { spareKeys: JSON.parse(process.env.SPARE_KEYS ?? "[]"), propertyShare: 0.1 },
  // No test takes a second; only a mutant that waits for ever does.
  testTimeout: 4_000,
};
