// What the account of the local AWS knows after a restart.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "../../src/aws/account";

// Local: AWS names the region in each request.
test("keeps the region of the last deployment, which the ARNs of its resources have", async () => {
  const directory = mkdtempSync(join(tmpdir(), "account-"));
  const first = Account.open(directory);
  expect(first.region).toBe("eu-central-1");
  first.region = "us-east-1";
  await first.close();
  const second = Account.open(directory);
  expect(second.arn("execute-api", "api")).toContain(":us-east-1:");
  await second.close();
  rmSync(directory, { recursive: true });
});
