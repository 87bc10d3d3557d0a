// Runs the Go tests against tenants of their own: npm run test:go-auth0
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTenant, type TenantOptions } from "../../src";

interface Run extends Pick<TenantOptions, "faults" | "rateLimits"> {
  /** Names of Go tests, as a regular expression. */
  tests: string;
}

const byName = "GET /api/v2/organizations/name";

const runs: Run[] = [
  { tests: "^Test(Client|ResourceServer|Organization)" },
  {
    tests: "^Test(Retr|GivesUp|DoesNotRetry|Provider|Fails)",
    faults: [
      `${byName}/limited-twice 429 count=2 reset=1`,
      `${byName}/limited-thrice 429 count=3 reset=1`,
      `${byName}/unavailable 503 count=1`,
      `${byName}/unavailable-for-the-provider 503 count=2`,
      `${byName}/slow slow delay=30000 count=1`,
      "POST /api/v2/organizations 500-after count=1",
      "POST /api/v2/clients 500-after count=1",
      "POST /api/v2/resource-servers reset count=1",
      "POST /api/v2/users truncate count=1",
    ],
  },
  { tests: "^TestRateLimits$", rateLimits: "free" },
  { tests: "^TestTokenRequestIsTriedInItsOtherForm$", faults: ["POST /oauth/token 503 count=1"] },
  {
    tests: "^TestTokenRequestIsNotTriedAThirdTimeWithoutRetries$",
    faults: ["POST /oauth/token 503 count=2"],
  },
  {
    tests: "^TestTokenRequestIsTriedInBothFormsAgainWithRetries$",
    faults: ["POST /oauth/token 503 count=3"],
  },
];

async function main(): Promise<void> {
  for (const run of runs) {
    const code = await runTests(run);
    if (code !== 0) process.exitCode = code;
  }
}

/** @returns go's exit code */
async function runTests({ tests, ...options }: Run): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "tenant-"));
  const tenant = await startTenant({ directory, ...options });
  try {
    console.log(`go test -run '${tests}'`);
    return await go(["test", "-count=1", "-v", "-run", tests, "./..."], {
      TENANT_DOMAIN: tenant.domain,
      TENANT_CLIENT_ID: tenant.clientId,
      TENANT_CLIENT_SECRET: tenant.clientSecret,
      SSL_CERT_FILE: tenant.caFile,
    });
  } finally {
    await tenant.close();
    rmSync(directory, { recursive: true });
  }
}

function go(args: string[], environment: Record<string, string>): Promise<number> {
  const child = spawn("go", args, {
    cwd: __dirname,
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`Go is needed for these tests: ${error.message}`)));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
