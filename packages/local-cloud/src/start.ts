// `npm start`: customers as code on the local cloud, from nothing to a metered call.
import pc from "picocolors";
import { bringUp } from "./bring-up";
import type { Company } from "./company/company";
import type { LocalSettings } from "./company/local-settings";
import { type Credentials, type Customers, readOutput } from "./credentials";
import { printCurl } from "./curl";
import { demonstrate } from "./demonstration";
import type { Session } from "./session";
import { formatSeconds, runStep } from "./terminal";

/** @param isKept whether the cloud goes on serving until Ctrl-C */
export async function startStack(session: Session, company: Company, isKept: boolean): Promise<void> {
  const { signal } = session;
  const settings = session.settings(company);
  console.log(pc.bold("Customers as code, on this machine"));
  printSettings(company, settings);
  const command = await runStep("Pulumi CLI", async (say) => {
    const found = await session.findEngine(say);
    say(`${found.version}, ${found.origin}`);
    return found;
  });
  const stack = await runStep("Stack local", () => session.openStack(command, settings));
  const { notices } = await runStep("pulumi up", async (say) => {
    const done = await bringUp(stack, company, say, signal);
    say(done.summary);
    return done;
  });
  for (const notice of notices) console.log(pc.dim(`  ${notice}`));
  const outputs = await stack.outputs();
  const { operations } = company;
  const deployed = {
    url: readOutput<string>(outputs, "url"),
    customers: readOutput<Customers>(outputs, "customers"),
    credentials: readOutput<Credentials>(outputs, "credentials"),
  };
  const problems = await demonstrate(session, deployed, { ...settings, operations });
  console.log(pc.dim(`${formatSeconds(performance.now())} in all`));
  if (problems > 0) throw new Error(`${problems} of the answers are not as they should be`);
  if (isKept) {
    printCurl(outputs, session.address, operations);
    await session.interrupted;
  }
}

/** Which stack's settings this one has, and which of them are replaced or left out. */
export function printSettings({ given }: Company, { notices }: LocalSettings, print = console.log): void {
  const from = given.file ?? "none of your own, since there is no Pulumi.STACK.yaml";
  for (const line of [`Settings: ${from}`, ...notices]) print(pc.dim(`  ${line}`));
}
