// `npm run schema`: writes schema.json, by which editors complete and check customer files, beside the company's files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderSchema } from "../customers/customer-schema";

writeFileSync(join("customers", "schema.json"), renderSchema());
