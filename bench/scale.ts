// What customers cost by the hundred, the thousand and ten thousand, on the real engine with the local tenant.
// npm run bench -- scale [--customers 100,1000] [--check]
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openCompany, type Run } from "./scale/large-company";

/** How many times as long the baseline may take. What it takes beyond that is nobody's question, and would be an hour. */
const patience = 8;

const usage = `npm run bench -- scale [OPTIONS]

  --customers N,N     (default 100,1000,10000)
  --baseline N        all in one stack that writes its state at each step, until it has taken ${patience} times as long as
                      the shards, which must be among the customers; 0 leaves it out (default 1000)
  --limited N         with the rate limits of an enterprise plan; 0 leaves it out (default 1000)
  --check             exit with 1 where a bar is missed, or not measured`;

/** What docs/how-to/scale.md recommends. */
const customersPerShard = 100;
/** Of the 960 requests a minute that an enterprise plan grants, a new customer takes some 13.3. */
const newCustomersPerMinute = 65;

interface Bar {
  name: string;
  /** Absent where it was not measured. */
  measured?: number;
  isMet(measured: number): boolean;
  limit: string;
}

interface Measured {
  customers: number;
  firstUp: Run;
  noChange: Run;
  preview: Run;
  pullRequest: Run;
  oneUp: Run;
  stateMegabytes: number;
}

export async function benchmarkScale(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      customers: { type: "string", default: "100,1000,10000" },
      baseline: { type: "string", default: "1000" },
      limited: { type: "string", default: "1000" },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(usage);
    return;
  }
  console.log(`${cpus().length} processors, Node.js ${process.version}\n`);
  const measured: Measured[] = [];
  for (const customers of options.customers.split(",").map(Number)) measured.push(await measure(customers));
  const inOneStack = Number(options.baseline);
  const baseline = await measureBaseline(inOneStack, measured);
  const limited = await measureLimited(Number(options.limited));
  const bars = barsOf(measured, { customers: inOneStack, run: baseline }, limited);
  console.log(`\n${table(measured)}\n`);
  for (const { name, measured: value, limit, isMet } of bars) {
    const verdict = value === undefined ? "not measured" : isMet(value) ? "met" : "MISSED";
    console.log(`${verdict.padEnd(12)} ${name}: ${value?.toPrecision(3) ?? "-"} (${limit})`);
  }
  const isMissed = bars.some(({ measured: value, isMet }) => value === undefined || !isMet(value));
  if (options.check && isMissed) process.exitCode = 1;
}

async function measure(customers: number): Promise<Measured> {
  const shards = Math.max(2, Math.ceil(customers / customersPerShard));
  const company = await openCompany({ customers, shards });
  const print = printer(customers, `${customers} customers in ${shards} shards`);
  try {
    await company.shards("move");
    const firstUp = print("first up", await company.shards("up"));
    const noChange = print("up without a change", await company.shards("up"));
    const shard = company.changeOne();
    const changed = ["--only", "local", "--only", shard];
    const preview = print("preview of one customer's change", await company.shards("preview", ...changed));
    const pullRequest = print("pull request with it", await company.previewPullRequest());
    const oneUp = print("up of it", await company.shards("up", ...changed));
    const stateMegabytes = company.stateMegabytes();
    console.log(
      `  state: ${stateMegabytes.toFixed(1)} MB, ${((stateMegabytes * 1000) / customers).toFixed(1)} kB a customer`,
    );
    return { customers, firstUp, noChange, preview, pullRequest, oneUp, stateMegabytes };
  } finally {
    await company.close();
  }
}

async function measureBaseline(customers: number, measured: readonly Measured[]): Promise<Run | undefined> {
  const sharded = measured.find((one) => one.customers === customers);
  if (!sharded) return undefined;
  const company = await openCompany({ customers, shards: 1 });
  try {
    return printer(customers, `${customers} customers in one stack, state written at each step`)(
      "first up",
      await company.up(patience * sharded.firstUp.seconds),
    );
  } finally {
    await company.close();
  }
}

async function measureLimited(customers: number): Promise<Run | undefined> {
  if (customers === 0) return undefined;
  const shards = Math.max(2, Math.ceil(customers / customersPerShard));
  // As many shards as are deployed at once share the minute: all of them here.
  const company = await openCompany({ customers, shards, newCustomersPerMinute });
  try {
    await company.shards("move");
    const run = await company.shards("up", "--at-once", String(shards));
    const title = `${customers} customers, with the rate limits of an enterprise plan`;
    printer(customers, title)(`first up, ${run.refused} of ${run.calls} calls refused`, run);
    return run;
  } finally {
    await company.close();
  }
}

function printer(customers: number, title: string) {
  console.log(title);
  return (what: string, run: Run): Run => {
    const { seconds, processor, stack, together, calls, isCutShort } = run;
    const numbers = [
      isCutShort ? `not done after ${seconds.toFixed(0)} s` : `${seconds.toFixed(1)} s`,
      `${processor.toFixed(1)} s of processor time`,
      `${stack.toFixed(0)} MB a stack, ${together.toFixed(0)} MB in all`,
      `${(calls / customers).toFixed(2)} calls a customer`,
    ];
    console.log(`  ${what}: ${numbers.join("; ")}`);
    return run;
  };
}

/** For docs/how-to/scale.md: seconds, and seconds of processor time in brackets. */
function table(measured: readonly Measured[]): string {
  const columns = [
    "first up",
    "up without a change",
    "preview of one's change",
    "pull request with it",
    "up of it",
  ];
  const rows = measured.map(({ customers, stateMegabytes, ...runs }) => [
    customers.toLocaleString("en-US"),
    ...[runs.firstUp, runs.noChange, runs.preview, runs.pullRequest, runs.oneUp].map(
      ({ seconds, processor }) => `${seconds.toPrecision(3)} (${processor.toPrecision(3)})`,
    ),
    `${stateMegabytes.toFixed(1)} MB`,
  ]);
  const lines = [
    [`customers, in shards of ${customersPerShard}`, ...columns, "state"],
    ["---", ...columns.map(() => "---:"), "---:"],
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function barsOf(
  measured: readonly Measured[],
  { customers: inOneStack, run: baseline }: { customers: number; run: Run | undefined },
  limited: Run | undefined,
): Bar[] {
  const of = (customers: number) => measured.find((one) => one.customers === customers);
  const cost = (one: Measured | undefined) => one && one.firstUp.seconds / one.customers;
  const thousand = of(1000);
  const smaller = [cost(of(100)), cost(thousand)].filter((one) => one !== undefined);
  const largest = cost(of(10_000));
  const compared = of(inOneStack);
  return [
    {
      name: "pull request with one customer's change among 1,000, seconds",
      measured: thousand?.pullRequest.seconds,
      isMet: (value) => value < 15,
      limit: "under 15",
    },
    {
      name: "its memory, engine and program, MB",
      measured: thousand?.pullRequest.stack,
      isMet: (value) => value < 1000,
      limit: "under 1,000",
    },
    {
      name: `first up of ${inOneStack}, times as fast as in one stack${baseline?.isCutShort ? ", at least" : ""}`,
      measured: baseline && compared && baseline.seconds / compared.firstUp.seconds,
      isMet: (value) => value >= 5,
      limit: "at least 5",
    },
    {
      name: "a customer's first up at 10,000, times the seconds of the cheaper of 100's and 1,000's",
      measured: smaller.length > 0 && largest ? largest / Math.min(...smaller) : undefined,
      isMet: (value) => value <= 1.5,
      limit: "at most 1.5",
    },
    {
      name: "calls refused with 429 under rate limits, %",
      measured: limited && (100 * limited.refused) / limited.calls,
      isMet: (value) => value < 5,
      limit: "under 5",
    },
  ];
}
