const { TestEnvironment } = require("jest-environment-node");

/** They take seconds, two thousand times. What only they find counts as not found. */
const slow = [
  "where the paths are as APIs have them",
  "where variables and greedy parts are anywhere",
  "is remembered among 1,000, of which the oldest makes room for the next",
];
const isSlow = (name) => slow.includes(name) || name.startsWith("stays well under 8 KB");

/** Skips the slow tests, and every test after the first that failed: one is enough to detect a mutant. */
module.exports = class extends TestEnvironment {
  hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === "test_done" && test.errors.length > 0) this.hasFailed = true;
    if (name === "test_start" && (this.hasFailed || isSlow(test.name))) test.mode = "skip";
  }
};
