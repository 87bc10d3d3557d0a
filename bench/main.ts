// npm run bench -- NAME [OPTIONS]: runs the benchmark of this name. Exit codes: 0 well, 1 a bar is missed (with --check) or the
// benchmark failed, 2 the command line is wrong.

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === "--help") return console.log(usage());
  const benchmark = benchmarks.find((one) => one.name === name);
  if (!benchmark)
    return refuse(name === undefined ? "Name a benchmark." : `There is no benchmark "${name}".`);
  try {
    await benchmark.load()(args);
  } catch (error) {
    if (isWrongOption(error)) return refuse(error.message);
    console.error(error);
    process.exitCode = 1;
  }
}

interface Benchmark {
  name: string;
  summary: string;
  options: string;
  /** Loads the benchmark's file alone: the code that another one needs would take part in what is measured. */
  load(): (args: readonly string[]) => void | Promise<void>;
}

const benchmarks: readonly Benchmark[] = [
  {
    name: "authorizer",
    summary: "the authorizer's decisions, beside other libraries that verify tokens",
    options: "[--check] [--json FILE]",
    load: () => (require("./authorizer") as typeof import("./authorizer")).benchmarkAuthorizer,
  },
  {
    name: "document",
    summary: "reading and rendering an OpenAPI document of 300 operations",
    options: "[--check]",
    load: () => (require("./document") as typeof import("./document")).benchmarkDocument,
  },
  {
    name: "fork",
    summary: "what a company installs, and its preview, beside a fork",
    options: "[--rounds N] [--check]",
    load: () => (require("./fork") as typeof import("./fork")).benchmarkFork,
  },
  {
    name: "gateway",
    summary: "a call through the local gateway, beside a bare Node.js proxy",
    options: "[--check] [--json FILE]",
    load: () => (require("./gateway") as typeof import("./gateway")).benchmarkGateway,
  },
  {
    name: "scale",
    summary: "deployments of 100 to 10,000 customers on the real engine",
    options: "[--check] [--help] ...",
    load: () => (require("./scale") as typeof import("./scale")).benchmarkScale,
  },
  {
    name: "tenant",
    summary: "the tenant with 10,000 organizations: start-up, memory and requests",
    options: "[--check]",
    load: () => (require("./tenant") as typeof import("./tenant")).benchmarkTenant,
  },
];

function usage(): string {
  const lines = benchmarks.map(
    ({ name, options, summary }) => `  ${name.padEnd(12)}${options.padEnd(25)}${summary}`,
  );
  return ["Usage: npm run bench -- NAME [OPTIONS]", "", ...lines].join("\n");
}

function refuse(reason: string): void {
  console.error(`${reason}\n\n${usage()}`);
  process.exitCode = 2;
}

/** Whether parseArgs of node:util refused the options. */
function isWrongOption(error: unknown): error is Error {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_")
  );
}

void main(process.argv.slice(2));
