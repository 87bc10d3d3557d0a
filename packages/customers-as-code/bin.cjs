#!/usr/bin/env node
require("./start-up.cjs");
require("./src/cli/main.ts").runCustomers(process.argv.slice(2));
