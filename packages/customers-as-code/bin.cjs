#!/usr/bin/env node
require("./compile-cache.cjs");
require("./dist/cli/main.js").runCustomers(process.argv.slice(2));
