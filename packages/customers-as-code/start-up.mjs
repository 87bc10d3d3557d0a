// What Pulumi's runner loads before the company's program: "nodeargs" in Pulumi.yaml. docs/explanation/architecture.md ("The start of a process").
import module from "node:module";
import "./fast-start.cjs";

// Node runs TypeScript by itself since 22.18.
if (!process.features.typescript) module.register("./typescript-hooks.mjs", import.meta.url);
