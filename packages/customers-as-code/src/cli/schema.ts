import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { packagedSchema, renderSchema } from "../customers/customer-schema";
import { describeExamples } from "./options";

export const schemaCommand = new Command("schema")
  .description(
    "Writes customers/schema.json, by which editors complete and check customer files, and the package's own copy.",
  )
  .addHelpText("after", describeExamples("schema"))
  .action(() => {
    for (const file of [packagedSchema, join("customers", "schema.json")]) {
      writeFileSync(file, renderSchema());
    }
  });
