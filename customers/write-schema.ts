// `npm run schema`: writes schema.json, by which editors complete and check customer files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderSchema } from "./schema";

writeFileSync(join(__dirname, "schema.json"), renderSchema());
