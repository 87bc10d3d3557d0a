/** What needs the real engine: `npm run test:e2e`. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  // The engine may have to be built first.
  testTimeout: 900_000,
  // Each has a cloud of its own; both mostly wait.
  maxWorkers: 2,
};
