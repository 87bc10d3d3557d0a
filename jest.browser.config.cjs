const base = require("./jest.config.cjs");

/** What needs a browser: apart from `npm test`, since not everyone has one. @type {import("jest").Config} */
module.exports = {
  ...base,
  testMatch: ["<rootDir>/{test,packages/auth0-tenant/test}/browser/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 120_000,
};
