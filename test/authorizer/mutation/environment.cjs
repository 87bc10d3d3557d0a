const { TestEnvironment } = require("jest-environment-node");

/** Skips every test after the first that failed: one is enough to detect a mutant. */
module.exports = class extends TestEnvironment {
  hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === "test_done" && test.errors.length > 0) this.hasFailed = true;
    if (name === "test_start" && this.hasFailed) test.mode = "skip";
  }
};
