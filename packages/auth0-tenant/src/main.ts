// The program `auth0-tenant`: runs a tenant until SIGINT or SIGTERM.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare } from "./compare/compare-command";
import { faultKinds } from "./faults";
import { startTenant } from "./index";
import { onEndOfNpx } from "./npx";
import { isPlan, type Plan, planNames } from "./plans";
import { makeNewFilesPrivate } from "./private-files";
import { parseSeed, type SeedRequest } from "./seed";

const usage = `auth0-tenant --dir DIR [--port N] [--plan PLAN] [--rate-limits PLAN] [--seed FILE] [--fault SPEC]...
auth0-tenant compare --help

Runs an Auth0 tenant on localhost and prints one line of JSON: domain, url, caFile, clientId, clientSecret.

  --dir DIR           Directory of the tenant's state, keys, certificates and request log
  --port N            Default: the port that the directory remembers, or a free one
  --plan PLAN         ${planNames.join(", ")}; default: enterprise
  --rate-limits PLAN  The rate limits of a plan; default: none
  --seed FILE         JSON list of requests to the Management API that fill a new tenant
  --fault SPEC        METHOD PATH KIND [NAME=VALUE]..., such as "POST /api/v2/clients 500-after count=1";
                      kinds: ${faultKinds.join(", ")}

Example: auth0-tenant --dir .tenant --port 8443`;

async function main(): Promise<void> {
  makeNewFilesPrivate();
  const [command, ...rest] = process.argv.slice(2);
  if (command === "compare") return compare(rest);
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      port: { type: "string" },
      plan: { type: "string" },
      "rate-limits": { type: "string" },
      seed: { type: "string" },
      fault: { type: "string", multiple: true },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (!values.dir) throw new Error(`--dir is missing\n\n${usage}`);
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) < 65_536)) {
    throw new Error(`--port is a number from 0 to 65535, not "${values.port}"`);
  }
  const tenant = await startTenant({
    directory: values.dir,
    ...(values.port !== undefined && { port: Number(values.port) }),
    plan: planOf("--plan", values.plan),
    rateLimits: planOf("--rate-limits", values["rate-limits"]),
    ...(values.seed !== undefined && { seed: readSeed(values.seed) }),
    faults: values.fault ?? [],
  });
  const { domain, url, caFile, clientId, clientSecret, seeded } = tenant;
  const saved = Object.keys(seeded).length > 0 && { seeded };
  console.log(JSON.stringify({ domain, url, caFile, clientId, clientSecret, ...saved }));
  let isClosing = false;
  const close = () => {
    if (isClosing) return;
    isClosing = true;
    stopWatching();
    void tenant.close();
  };
  const stopWatching = onEndOfNpx(close);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, close);
}

function planOf(option: string, value: string | undefined): Plan | undefined {
  if (value === undefined || isPlan(value)) return value;
  throw new Error(`${option} is one of ${planNames.join(", ")}, not "${value}"`);
}

function readSeed(file: string): SeedRequest[] {
  try {
    return parseSeed(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`--seed ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
