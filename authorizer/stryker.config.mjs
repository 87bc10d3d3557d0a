// Mutation tests of the authorizer: npx stryker run authorizer/stryker.config.mjs
import { generateKeyPairSync } from "node:crypto";

// Each mutant starts the tests anew, and to make their keys takes longer than to run them.
process.env.SPARE_KEYS = JSON.stringify(
  Array.from(
    { length: 40 },
    () =>
      generateKeyPairSync("rsa", {
        modulusLength: 2048,
        privateKeyEncoding: { type: "pkcs8", format: "pem" },
        publicKeyEncoding: { type: "spki", format: "pem" },
      }).privateKey,
  ),
);

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "jest",
  jest: {
    projectType: "custom",
    configFile: "authorizer/jest.mutation.config.js",
    enableFindRelatedTests: false,
  },
  mutate: [
    "authorizer/{src,build}/*.ts",
    // They run while deploying, or join the parts in a process of its own, where no mutant is switched on:
    // bundle.test.ts and runtimes.ts are for them.
    "!authorizer/build/bundle.ts",
    "!authorizer/build/accept-bundle.ts",
    "!authorizer/src/index.ts",
    "!authorizer/src/lazy-https.ts",
    // Types and names only.
    "!authorizer/src/config.ts",
    "!authorizer/src/reason.ts",
  ],
  coverageAnalysis: "perTest",
  // The patterns and lists of what is allowed are static, and of all mutants the ones that matter most.
  ignoreStatic: false,
  concurrency: 2,
  incremental: false,
  // A machine that is busy must not make survivors look like endless loops, which count as detected.
  timeoutMS: 10_000,
  reporters: ["clear-text", "progress", "json"],
  jsonReporter: { fileName: ".local/mutation.json" },
  thresholds: { high: 98, low: 95, break: 95 },
  ignorePatterns: [".local", "coverage"],
  tempDirName: ".local/stryker",
};
