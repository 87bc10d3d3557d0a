const { testMatch: _, ...config } = require("./jest.config.js");

/** The authorizer's tests, as Stryker runs them. @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/test/authorizer/**/*.test.ts"],
  // Of the bundle, which is not the reviewed one where its source is mutated, and of the documentation.
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/authorizer/(bundle|index|documentation).test.ts",
  ],
};
