const { TestEnvironment } = require("jest-environment-node");

// Jest asks its workers for colors where its own output has some, and picocolors shows them wherever CI is set. What tests start would follow.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = "1";

/** Node's environment; programs that tests start print no colors. */
module.exports = TestEnvironment;
