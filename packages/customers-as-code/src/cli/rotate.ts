import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { utcDateOf } from "../customers/check-rotation";
import { cancelRotation, finishRotation, rotateClient } from "../edit/rotate-client";
import { UsageError } from "../problems/command";
import { errorCode } from "../problems/unreadable";
import { editFiles } from "./edit-files";
import { commonOptions, describeExamples } from "./options";

const { customers, openapi, stack } = commonOptions;

export const rotateCommand = new Command("rotate")
  .description(
    "Begins to rotate a client's secret or key pair; the old and the new one both work. With --stack, only in this stack.",
  )
  .argument("<id>", "the customer's id")
  .argument("[client]", "name of the client, if the customer has several")
  .option("--client <name>", "the same as the argument")
  .option("--key <file>", "rotate a key pair: file with the customer's new public key")
  .option("--finish", "finish the rotation: end the old secret or key", false)
  .option("--cancel", "cancel the rotation, and keep the old secret or key", false)
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
      throw new UsageError("rotate: --cancel keeps the old one and --finish ends it. Use only one of them.");
    }
    if (deployed && !cancel) throw new UsageError("rotate: --deployed needs --cancel.");
    if (key !== undefined && finish) {
      throw new UsageError("rotate: --key begins a rotation. It cannot be used with --finish.");
    }
    if (key !== undefined && cancel) {
      throw new UsageError("rotate: --key begins a rotation. It cannot be used with --cancel.");
    }
    const publicKey = key === undefined ? undefined : readKey(key);
    const today = utcDateOf(new Date());
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
