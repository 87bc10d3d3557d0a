#!/usr/bin/env node
require("./dist/main.js").runCreate(process.argv.slice(2));
