// A tenant as its users meet it: over TLS, with its authority trusted.
import { startTenant } from "../src";
import { seededRandomness } from "../src/randomness";
import { type InProcessOptions, type TestTenant, temporaryDirectory } from "../testing/in-process";

export async function overHttps(options: InProcessOptions = {}): Promise<TestTenant> {
  const { plan, clock, seed = "tenant" } = options;
  const { directory, remove } = temporaryDirectory();
  const tenant = await startTenant({ directory, plan, clock, random: seededRandomness(seed) });
  return {
    ...tenant,
    async close() {
      await tenant.close();
      remove();
    },
  };
}
