// `npm run schema`: writes schema.json, by which editors complete and check customer files: the one that the package has, and the copy
// of the company.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packagedSchema, renderSchema } from "../customers/customer-schema";

for (const file of [packagedSchema, join("customers", "schema.json")]) writeFileSync(file, renderSchema());
