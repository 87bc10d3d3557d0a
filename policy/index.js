// Pulumi runs a policy pack by ts-node, which checks the types at each start; tsx takes over and just runs it. What is
// JavaScript stays Node's own: tsx would look into each of its files.
const { ".js": javascript } = require.extensions;
require("tsx/cjs");
require.extensions[".js"] = javascript;
require("./pack.ts");
