// The Lambda function: config.json lies beside it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompiledConfig } from "./config";
import { createHandler } from "./handler";

const config: CompiledConfig = JSON.parse(readFileSync(join(__dirname, "config.json"), "utf8"));

export const handler = createHandler(config, (line) => process.stdout.write(`${line}\n`));
