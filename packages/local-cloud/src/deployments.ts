// The commands of the local cloud that deploy: everything here loads Pulumi's Automation API.
import { bringUp } from "./bring-up";
import { type Company, restorePlaces } from "./company/company";
import { printCurl } from "./curl";
import { unprotectAll } from "./engine/unprotect";
import { createFailureLog } from "./program-failure";
import type { Session } from "./session";
import { printSettings } from "./start";
import { printProgress, runStep } from "./terminal";

export async function serve(session: Session, company: Company): Promise<void> {
  const stack = await up(session, company);
  printCurl(await stack.outputs(), session.address, company.operations);
  if (session.cloud) await session.interrupted;
}

export async function preview(session: Session, company: Company): Promise<void> {
  const settings = session.settings(company);
  printSettings(company, settings, console.error);
  const stack = await session.openStack(await session.findEngine(printProgress), settings);
  const failure = createFailureLog();
  try {
    await stack.preview({
      onOutput: (text) => process.stdout.write(text),
      onEvent: failure.onEvent,
      signal: session.signal,
      diff: true,
    });
  } catch (error) {
    session.signal.throwIfAborted();
    const message = failure.message();
    throw message === undefined ? error : new Error(restorePlaces(message, company));
  }
}

export async function destroy(session: Session): Promise<void> {
  const stack = await session.openStack(await session.findEngine(printProgress));
  await unprotectAll(stack);
  await stack.destroy({ onOutput: (text) => process.stdout.write(text), signal: session.signal });
}

export async function up(session: Session, company: Company) {
  const settings = session.settings(company);
  printSettings(company, settings);
  const command = await runStep("Pulumi CLI", (say) => session.findEngine(say));
  const stack = await session.openStack(command, settings);
  const { summary, notices } = await runStep("pulumi up", (say) =>
    bringUp(stack, company, say, session.signal),
  );
  for (const line of [summary, ...notices]) console.log(`  ${line}`);
  return stack;
}
