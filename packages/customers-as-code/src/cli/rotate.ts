import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { cancelRotation, finishRotation, rotateClient } from "../edit/rotate-client";
import { UsageError } from "../problems/command";
import { errorCode } from "../problems/unreadable";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const rotateCommand = new Command("rotate")
  .description(
    "Begins to rotate a client's secret or key pair; the old and the new one both work. With --stack, in this stack alone.",
  )
  .argument("<id>", "the customer's id")
  .argument("[client]", "name of the client, if the customer has several")
  .option("--client <name>", "the same as the argument")
  .option("--key <file>", "rotate the key pair: the customer's new public key")
  .option("--finish", "end the old one", false)
  .option("--cancel", "call the rotation off, and keep the old one", false)
  .option("--deployed", "with --cancel: the new secret is already deployed", false)
  .addOption(stack)
  .addOption(customers)
  .addOption(openapi)
  .addHelpText("after", describeExamples("rotate globex warehouse", "rotate globex warehouse --finish"))
  .action((id, argument, options) => {
    const { key, finish, cancel, deployed, client: named } = options;
    if (named !== undefined && argument !== undefined) throw new UsageError("rotate: name one client.");
    const client = argument ?? named;
    if (cancel && finish) {
      throw new UsageError("rotate: --cancel keeps the old one and --finish ends it: give one of them.");
    }
    if (deployed && !cancel) throw new UsageError("rotate: --deployed goes with --cancel.");
    if (key !== undefined && finish) {
      throw new UsageError("rotate: --key is for the beginning, not with --finish.");
    }
    if (key !== undefined && cancel) {
      throw new UsageError("rotate: --key is for the beginning, not with --cancel.");
    }
    const publicKey = key === undefined ? undefined : readKey(key);
    const today = new Date().toISOString().slice(0, 10);
    editFiles(options, (files) => {
      if (cancel) return cancelRotation(files, id, client, { isDeployed: deployed });
      if (finish) return finishRotation(files, id, client);
      return rotateClient(files, id, client, { today, ...(publicKey !== undefined && { publicKey }) });
    });
  });

function readKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`rotate: ${file} cannot be read (${errorCode(error)}).`);
  }
}
