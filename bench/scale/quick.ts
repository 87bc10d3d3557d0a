import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startCloud } from "../../local/cloud";
import { findCommand } from "../../local/engine/command";
import { openLocalStack } from "../../local/local-stack";
import { startTenantProcess } from "../../local/tenant-process";
import { writeCustomer, writeCustomers } from "./customer-files";
import { runEngine, stateFile } from "./engine-run";

const N = Number(process.argv[2]);
const env: Record<string, string> = process.env.EXTRA ? JSON.parse(process.env.EXTRA) : {};
async function main() {
  const directory = mkdtempSync(join(tmpdir(), "scale-"));
  const customers = join(directory, "customers");
  writeCustomers(customers, N);
  const command = await findCommand(console.log);
  const cloud = await startCloud(directory, { startTenant: (d) => startTenantProcess(d) });
  const calls = () =>
    readFileSync(join(directory, "tenant/requests.jsonl"), "utf8")
      .split("\n")
      .filter((l) => l.includes("/api/v2/")).length;
  try {
    const stack = await openLocalStack({
      command,
      project: resolve(__dirname, "../.."),
      directory,
      address: cloud.address,
      config: { customers: { value: customers } },
    });
    const report = async (what: string, args: string[]) => {
      const before = calls();
      const run = await runEngine(stack, args, env);
      console.log(
        what,
        run.seconds.toFixed(1),
        "s",
        JSON.stringify(run.peak),
        ((calls() - before) / N).toFixed(2),
        "calls/customer",
      );
    };
    await report("preview", ["preview"]);
    await report("up", ["up", "--yes", "--skip-preview"]);
    console.log("state", statSync(stateFile(stack)).size);
    await report("noop", ["up", "--yes", "--skip-preview"]);
    writeCustomer(customers, 1, "read:orders");
    await report("preview one", ["preview"]);
    await report("one", ["up", "--yes", "--skip-preview"]);
  } finally {
    await cloud.close();
    rmSync(directory, { recursive: true });
  }
}
void main();
