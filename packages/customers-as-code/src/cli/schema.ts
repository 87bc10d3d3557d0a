import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { renderSchema } from "../customers/customer-schema";
import { describeExamples } from "./options";

export const schemaCommand = new Command("schema")
  .description("Writes customers/schema.json, with which editors complete and check customer files.")
  .addHelpText("after", describeExamples("schema"))
  .action(() => writeFileSync(join("customers", "schema.json"), renderSchema()));
