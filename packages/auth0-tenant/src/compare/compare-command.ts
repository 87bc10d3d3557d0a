// `auth0-tenant compare`: the emulator beside a tenant of Auth0.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startTenant } from "../index";
import { isPlan, planNames } from "../plans";
import { type Comparison, runComparison } from "./run-comparison";
import { neededScopes, sandboxName } from "./sandbox";

const compareUsage = `auth0-tenant compare --domain DOMAIN [--plan PLAN] [--json]

Sends the same requests to an Auth0 tenant and to a new emulator, and prints where status or shape of the answers differ.
The tenant must be a sandbox: its friendly name is "${sandboxName}", and it is empty. What is made is deleted again, also
after Ctrl-C. Ends with 0 if nothing differs, with 1 if something does, and with 2 if it cannot find out.

  --domain DOMAIN     Domain of the sandbox tenant
  --plan PLAN         Of the emulator: ${planNames.join(", ")}; default: enterprise
  --json              Print JSON

AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET are those of a client with these scopes of the Management API:
${neededScopes.join(" ")}

Example: auth0-tenant compare --domain sandbox.eu.auth0.com`;

/** Sets the exit code. */
export async function compare(args: readonly string[]): Promise<void> {
  try {
    await compareTenants(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}

async function compareTenants(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      domain: { type: "string" },
      plan: { type: "string", default: "enterprise" },
      json: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(compareUsage);
  const { domain, plan } = values;
  const { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = process.env;
  const wrong = [
    ...(domain ? [] : ["--domain is missing"]),
    ...(domain && !/^[\w.-]+(:\d+)?$/.test(domain)
      ? [`--domain "${domain}" is not a domain: give it without https:// and without a path`]
      : []),
    ...(clientId ? [] : ["the environment has no AUTH0_CLIENT_ID"]),
    ...(clientSecret ? [] : ["the environment has no AUTH0_CLIENT_SECRET"]),
    ...(isPlan(plan) ? [] : [`--plan is one of ${planNames.join(", ")}, not "${plan}"`]),
  ];
  if (wrong.length > 0 || !domain || !clientId || !clientSecret || !isPlan(plan))
    throw new Error(`${wrong.join("\n")}\n\n${compareUsage}`);

  const directory = mkdtempSync(join(tmpdir(), "auth0-tenant-compare-"));
  const interrupted = new AbortController();
  const interrupt = () => {
    console.error("Ending: what was made is deleted first.");
    interrupted.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const emulated = await startTenant({ directory, plan });
  try {
    const comparison = await runComparison({
      ...{ emulated, real: { domain, clientId, clientSecret, fetch } },
      run: `compare-${randomBytes(4).toString("hex")}`,
      signal: interrupted.signal,
    });
    console.log(values.json ? JSON.stringify(comparison, null, 2) : renderComparison(domain, comparison));
    process.exitCode = exitCodeOf(comparison);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    await emulated.close();
    rmSync(directory, { recursive: true });
  }
}

export function renderComparison(
  domain: string,
  { steps, differences, isAborted, left }: Comparison,
): string {
  const lines = differences.flatMap(({ row, step, request, differences: found }) => [
    `${row}, step ${step}: ${request}`,
    ...found.map((one) => `  ${one}`),
  ]);
  return [
    ...lines,
    `${differences.length} of ${steps} answers of ${domain} differ from the emulator's.`,
    ...(isAborted ? ["The comparison was ended early."] : []),
    ...left.map((one) => `Not deleted: ${one}. Delete it in the dashboard.`),
  ].join("\n");
}

export function exitCodeOf({ differences, isAborted, left }: Comparison): number {
  if (isAborted) return 130;
  if (left.length > 0) return 2;
  return differences.length > 0 ? 1 : 0;
}
