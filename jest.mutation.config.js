const { testMatch: _, ...config } = require("./jest.config.js");

/** The authorizer's tests, as Stryker runs them. @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/test/authorizer/**/*.test.ts"],
  // A mutated source is not the reviewed one, nor as small; what the bundle does is not asked there.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/authorizer/bundle.test.ts"],
};
