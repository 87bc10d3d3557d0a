// The program `auth0-tenant`: runs a tenant until SIGINT or SIGTERM.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./compare/compare-command";
import { faultKinds } from "./faults";
import { parseSeed, type RunningTenant, startTenant, type TenantOptions } from "./index";
import { onEndOfNpx } from "./npx";
import { isPlan, type Plan, planNames } from "./plans";
import { makeNewFilesPrivate } from "./private-files";

const defaultDirectory = ".auth0-tenant";

const usage = `auth0-tenant [--seed FILE] [--port N] [OPTION]...
auth0-tenant compare --help

Runs an Auth0 tenant on localhost and prints one line of JSON: domain, url, caFile, clientId, clientSecret, and ids of what a
seed made. Ends with 0 after Ctrl-C or SIGTERM, and with 1 if it can't start.

  --seed FILE         YAML or JSON file that fills a new tenant: organizations, clients, APIs, users
  --port N            Default: the port that the directory remembers, or a free one
  --dir DIR           Directory of the tenant's state, keys, certificates and request log; default: ${defaultDirectory}
  --reset             Delete the directory's state first, so that the seed fills it again; certificates and port stay
  --host ADDRESS      Address to listen at; default: 127.0.0.1. In a container: 0.0.0.0
  --domain DOMAIN     Domain by which clients reach the tenant, which its certificate is for; default: localhost. The port is
                      added unless DOMAIN has one
  --plan PLAN         ${planNames.join(", ")}; default: enterprise
  --rate-limits PLAN  The rate limits of a plan; default: none
  --fault SPEC        METHOD PATH KIND [NAME=VALUE]..., such as "POST /api/v2/clients 500-after count=1";
                      kinds: ${faultKinds.join(", ")}

Environment variables stand for options that are not given: AUTH0_TENANT_PORT, AUTH0_TENANT_DIR, AUTH0_TENANT_HOST,
AUTH0_TENANT_DOMAIN, AUTH0_TENANT_PLAN and AUTH0_TENANT_RATE_LIMITS. AUTH0_TENANT_SEED is a seed itself, as YAML.

Example: auth0-tenant --port 8443 --seed tenant.yaml`;

async function main(): Promise<void> {
  makeNewFilesPrivate();
  const [command, ...rest] = process.argv.slice(2);
  if (command === "compare") return compare(rest);
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      domain: { type: "string" },
      fault: { type: "string", multiple: true },
      help: { type: "boolean" },
      host: { type: "string" },
      plan: { type: "string" },
      port: { type: "string" },
      "rate-limits": { type: "string" },
      reset: { type: "boolean" },
      seed: { type: "string" },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const options = tenantOptions(values);
  const tenant = await startTenant(options);
  if (options.directory === defaultDirectory) hideFromGit(defaultDirectory);
  console.log(JSON.stringify(describeTenant(tenant)));
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

interface OptionValues {
  dir?: string;
  domain?: string;
  fault?: string[];
  host?: string;
  plan?: string;
  port?: string;
  "rate-limits"?: string;
  reset?: boolean;
  seed?: string;
}

/** @throws with everything that is wrong with the options */
function tenantOptions(values: OptionValues): TenantOptions {
  const problems: string[] = [];
  // An empty variable counts for none, as a workflow has one without a value.
  const readOption = (name: "dir" | "domain" | "host" | "plan" | "port" | "rate-limits") => {
    const variable = `AUTH0_TENANT_${name.toUpperCase().replace("-", "_")}`;
    const inherited = process.env[variable] || undefined;
    return { given: values[name] ?? inherited, source: values[name] === undefined ? variable : `--${name}` };
  };
  const planOf = (name: "plan" | "rate-limits"): Plan | undefined => {
    const { given, source } = readOption(name);
    if (given === undefined || isPlan(given)) return given;
    problems.push(`${source} must be one of ${planNames.join(", ")}, not "${given}".`);
    return undefined;
  };
  const { given: port, source } = readOption("port");
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536)) {
    problems.push(`${source} must be a number from 0 to 65535, not "${port}".`);
  }
  const [plan, rateLimits] = [planOf("plan"), planOf("rate-limits")];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const seed = values.seed ?? seedOfEnvironment();
  const [domain, host] = [readOption("domain").given, readOption("host").given];
  return {
    directory: readOption("dir").given ?? defaultDirectory,
    reset: values.reset ?? false,
    faults: values.fault ?? [],
    ...(port !== undefined && { port: Number(port) }),
    ...(domain !== undefined && { domain }),
    ...(host !== undefined && { host }),
    ...(plan && { plan }),
    ...(rateLimits && { rateLimits }),
    ...(seed !== undefined && { seed }),
  };
}

function seedOfEnvironment() {
  const text = process.env.AUTH0_TENANT_SEED;
  return text ? parseSeed(text, "AUTH0_TENANT_SEED") : undefined;
}

/** It holds secrets, and lies in a folder that is likely a repository. */
function hideFromGit(directory: string): void {
  const ignored = join(directory, ".gitignore");
  if (!existsSync(ignored)) writeFileSync(ignored, "*\n");
}

function describeTenant({ domain, url, caFile, clientId, clientSecret, seeded }: RunningTenant): object {
  const made = Object.entries(seeded).filter(([, ids]) => Object.keys(ids).length > 0);
  return {
    ...{ domain, url, caFile, clientId, clientSecret },
    ...(made.length > 0 && { seeded: Object.fromEntries(made) }),
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
