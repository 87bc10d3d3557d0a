#!/usr/bin/env node
// Starts the program with tsx, which runs TypeScript but doesn't check types. JavaScript files stay Node's own: tsx would look into
// each one of node_modules for ECMAScript modules, which takes longer than everything else before the program begins.
const { ".js": loadJavaScript } = require.extensions;
require("tsx/cjs");
require.extensions[".js"] = loadJavaScript;
require("./src/main.ts");
