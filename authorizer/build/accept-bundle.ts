// Writes down the checksum of the bundle after its change was reviewed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleChecksum } from "./bundle";

const checksum = bundleChecksum();
writeFileSync(join(__dirname, "bundle.sha256"), `${checksum}\n`);
console.log(checksum);
