require("../compile-cache.cjs");
require("../dist/policy/pack.js");
