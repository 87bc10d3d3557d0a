/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
    ],
  },
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // What needs the engine, a browser or Python has a script of its own.
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/e2e/",
    "<rootDir>/test/browser/",
    "<rootDir>/test/moto/",
  ],
  modulePathIgnorePatterns: ["<rootDir>/.local/", "<rootDir>/.stryker-tmp/"],
  testTimeout: 30_000,
};
