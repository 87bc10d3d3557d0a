// Pulumi runs a policy pack by ts-node, which checks the types at each start; tsx takes over and just runs it.
require("tsx/cjs");
require("./pack.ts");
