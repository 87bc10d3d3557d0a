// `npm start`: customers as code on the local cloud, from nothing to a metered call.
import pc from "picocolors";
import { readOutput } from "./credentials";
import { printCurl } from "./curl";
import { demonstrate } from "./demonstration";
import { bringUp, type Session } from "./session";
import { formatSeconds, runStep } from "./terminal";

/** @param isKept whether the cloud goes on serving until Ctrl-C */
export async function startStack(session: Session, isKept: boolean): Promise<void> {
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
  console.log(pc.dim(`${formatSeconds(performance.now())} in all`));
  if (problems > 0) throw new Error(`${problems} of the answers are not as they should be`);
  if (isKept) {
    printCurl(outputs, session.address);
    await session.interrupted;
  }
}
