import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { isRecord } from "../problems/record";
import { errorCode } from "../problems/unreadable";

/** A package of its own, for development: companies deploy without it. */
const localCloud = "customers-as-code-local/cli";

export const localCommand = new Command("local")
  .description(
    "Runs the stack on a cloud on this computer. The package customers-as-code-local has its commands.",
  )
  .allowUnknownOption()
  .argument("[arguments...]", "customers local --help lists them")
  .action(async (_given, _options, { args }) => {
    const { runLocal } = loadLocalCloud();
    if (typeof runLocal !== "function")
      throw new Error("This version of customers-as-code-local has no commands. Upgrade it.");
    await runLocal(args);
  });

/** @throws {Error} if the package is missing */
function loadLocalCloud(): Record<string, unknown> {
  try {
    const loaded: unknown = createRequire(join(process.cwd(), "package.json"))(localCloud);
    return isRecord(loaded) ? loaded : {};
  } catch (error) {
    if (errorCode(error) !== "MODULE_NOT_FOUND" || !String(error).includes(localCloud)) throw error;
    if (!existsSync("Pulumi.yaml")) {
      throw new Error(
        `There is no Pulumi.yaml in ${process.cwd()}. Change to your company's folder, or create one with: npm create customers-as-code my-company`,
      );
    }
    const { readOwnVersion }: typeof import("../upkeep/installation") = require("../upkeep/installation");
    throw new Error(
      `The local cloud is not installed. Install it with: npm install --save-dev --save-exact customers-as-code-local@${readOwnVersion()}`,
    );
  }
}
