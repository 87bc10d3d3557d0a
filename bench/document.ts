// How long it takes to read, check and render a document of 300 operations, beside parsing and printing it as JSON.
// npm run bench -- document [--check]
import { parseArgs } from "node:util";
import { singleBackend } from "../packages/customers-as-code/src/gateway/backends/backend";
import { renderRestApiBody } from "../packages/customers-as-code/src/gateway/rest/rest-api-body";
import { readDocument } from "../packages/customers-as-code/src/openapi/document";
import { parseSource } from "../packages/customers-as-code/src/problems/source";
import { largeDocument, largeYaml } from "../packages/customers-as-code/testing/large-document";
import { median } from "./authorizer/median";

/** Of the first time in a process, which is the only one while deploying. */
const mostMilliseconds = 1000;

const yaml = largeYaml();
const json = JSON.stringify(largeDocument(), undefined, 2);

export function benchmarkDocument(args: readonly string[]): void {
  const { values: options } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean", default: false } },
  });
  const first = milliseconds(() => readAndRender(yaml));
  const rows: [what: string, milliseconds: number][] = [
    ["YAML, the first time in a process", first],
    ["YAML, again", again(() => readAndRender(yaml))],
    ["JSON, again", again(() => readAndRender(json))],
    ["JSON.parse and JSON.stringify", again(() => JSON.stringify(JSON.parse(json)))],
  ];
  console.log(
    `300 operations, ${Math.round(yaml.length / 1000)} KB of YAML, ${Math.round(json.length / 1000)} KB of JSON`,
  );
  for (const [what, time] of rows) console.log(`${what.padEnd(36)}${time.toFixed(1).padStart(8)} ms`);

  if (options.check && first >= mostMilliseconds) {
    console.error(`Missed: the first time must be under ${mostMilliseconds} ms`);
    process.exitCode = 1;
  }
}

function readAndRender(text: string): void {
  const { api, problems } = readDocument(parseSource("openapi.yaml", text), [], (file) => {
    throw new Error(`${file} is not part of the document`);
  });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("\n"));
  renderRestApiBody(api, {
    authorizerUri: "arn",
    authorizerCacheSeconds: 60,
    backends: singleBackend("https://example.com"),
  });
}

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const again = (work: () => void) => median(Array.from({ length: 9 }, () => milliseconds(work)));
