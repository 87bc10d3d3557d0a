/** What needs Python, for moto, and the real engine: `npm run test:moto`. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.e2e.config.cjs"),
  testMatch: ["<rootDir>/packages/local-cloud/test/moto/**/*.test.ts"],
};
