// `npm start`: customers as code on the local cloud, from nothing to a metered call.
import { parseArgs } from "node:util";
import pc from "picocolors";
import { readOutput } from "./credentials";
import { printCurl } from "./curl";
import { demonstrate } from "./demonstration";
import { makeFilesPrivate } from "./private-files";
import { bringUp, Interrupted, withCloud } from "./session";
import { formatSeconds, runStep } from "./terminal";

async function main(): Promise<void> {
  makeFilesPrivate();
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      plugins: { type: "string", default: "local" },
      directory: { type: "string" },
    },
  });
  if (values.plugins !== "local" && values.plugins !== "official") {
    throw new Error(`--plugins is "local" or "official", not "${values.plugins}"`);
  }
  const started = performance.now();
  await withCloud({ directory: values.directory, plugins: values.plugins }, async (session) => {
    const { signal } = session;
    console.log(pc.bold("Customers as code, on this machine"));
    const command = await runStep("Pulumi CLI", async (say) => {
      const found = await session.findEngine(say);
      say(`${found.version}, ${found.origin}`);
      return found;
    });
    const stack = await runStep("Stack local", () => session.openStack(command));
    await runStep("pulumi up", async (say) => {
      say(await bringUp(stack, say, signal));
    });
    const outputs = await stack.outputs();
    const problems = await demonstrate(session, {
      url: readOutput(outputs, "url"),
      customers: readOutput(outputs, "customers"),
      credentials: readOutput(outputs, "credentials"),
    });
    console.log(pc.dim(`${formatSeconds(performance.now() - started)} in all`));
    if (problems > 0) throw new Error(`${problems} of the answers are not as they should be`);
    if (values.keep) {
      printCurl(outputs, session.address);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
  });
}

main().catch((error: unknown) => {
  if (error instanceof Interrupted) {
    process.exitCode = 130;
    return;
  }
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
});
