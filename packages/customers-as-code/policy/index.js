// Pulumi runs a policy pack by ts-node, which checks the types at each start; the package's loader takes over and just runs it.
require("../start-up.cjs");
require("../src/policy/pack.ts");
