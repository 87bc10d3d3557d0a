#!/usr/bin/env node
require("./fast-start.cjs");
require("./dist/cli/main.js").runCustomers(process.argv.slice(2));
