require("../fast-start.cjs");
require("../dist/policy/pack.js");
