// `npm run tenant`: runs a tenant until it is told to stop.
import { parseArgs } from "node:util";
import { startTenant } from "./index";
import { isPlan, type Plan, planNames } from "./plans";
import { makeNewFilesPrivate } from "./private-files";

const usage = `npm run tenant -- --dir DIR [--port N] [--plan ${planNames.join("|")}] [--rate-limits PLAN] [--fault SPEC]...

Prints one line of JSON: domain, url, caFile, clientId, clientSecret. A SPEC is METHOD PATH KIND [NAME=VALUE]..., such as
  "POST /api/v2/clients 500-after count=1"; kinds: 429, 500, 503, 500-after, slow, reset, truncate.`;

async function main(): Promise<void> {
  makeNewFilesPrivate();
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      port: { type: "string" },
      plan: { type: "string" },
      "rate-limits": { type: "string" },
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
    faults: values.fault ?? [],
  });
  const { domain, url, caFile, clientId, clientSecret } = tenant;
  console.log(JSON.stringify({ domain, url, caFile, clientId, clientSecret }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void tenant.close());
}

function planOf(option: string, value: string | undefined): Plan | undefined {
  if (value === undefined || isPlan(value)) return value;
  throw new Error(`${option} is one of ${planNames.join(", ")}, not "${value}"`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
