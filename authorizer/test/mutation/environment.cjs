const { TestEnvironment } = require("jest-environment-node");

/** They take seconds, hundreds of times. What only they find counts as not found. */
const isSlow = ({ name, parent }) =>
  name === "is remembered among 1,000, of which the oldest makes room for the next" ||
  /^a policy for 300 routes of (three|four) levels/.test(parent.name);

/** Skips the slow tests, and every test after the first that failed: one is enough to detect a mutant. */
module.exports = class extends TestEnvironment {
  hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === "test_done" && test.errors.length > 0) this.hasFailed = true;
    if (name === "test_start" && (this.hasFailed || isSlow(test))) test.mode = "skip";
  }
};
