const toCommonJs = (syntax) => [
  "@swc/jest",
  { jsc: { parser: { syntax }, target: "es2023" }, module: { type: "commonjs" } },
];

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/plain-environment.cjs",
  // Packages of this repository are tested as their sources are.
  testEnvironmentOptions: { customExportConditions: ["@customers-as-code/source", "node", "node-addons"] },
  // What tests start as processes is compiled.
  globalSetup: "<rootDir>/scripts/before-tests.ts",
  // jose has ECMAScript modules only. Node itself can require them, Jest cannot.
  transform: { "\\.ts$": toCommonJs("typescript"), "/node_modules/jose/.+\\.js$": toCommonJs("ecmascript") },
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  testMatch: ["<rootDir>/{test,authorizer/test,packages/*/test}/**/*.test.ts"],
  // What needs the engine, a browser or Python has a script of its own.
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/e2e/",
    "<rootDir>/test/browser/",
    "<rootDir>/packages/auth0-tenant/test/browser/",
    "<rootDir>/packages/local-cloud/test/moto/",
  ],
  modulePathIgnorePatterns: ["<rootDir>/.local/", "<rootDir>/.stryker-tmp/"],
  testTimeout: 120_000,
  // Jest leaves one core idle otherwise, of two.
  maxWorkers: "100%",
};
