const { testMatch: _, ...config } = require("./jest.config.js");

/** The authorizer's tests, as Stryker runs them. @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/test/authorizer/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    // Of the bundle, which is not the reviewed one where its source is mutated, and of the documentation.
    "<rootDir>/test/authorizer/(bundle|index|documentation).test.ts",
    // Thousands of random tokens for each of two thousand mutants would take days; the tables have to find them.
    "<rootDir>/test/authorizer/(fuzz|forgeries).test.ts",
  ],
};
