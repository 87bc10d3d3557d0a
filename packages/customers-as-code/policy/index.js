// A policy pack in TypeScript would be run by Pulumi's ts-node, which checks types at each start. This file is JavaScript, and start-up.cjs
// loads the rest of the pack.
require("../start-up.cjs");
require("../src/policy/pack.ts");
