// The program behind `npm run bench`. Its benchmarks themselves run in .ci/run.
import { spawnSync } from "node:child_process";

function runBench(...args: string[]) {
  const program = ["--require", "customers-as-code/start-up.cjs", "bench/main.ts"];
  return spawnSync(process.execPath, [...program, ...args], { encoding: "utf8" });
}

test.each([
  ["no name", [], "Name a benchmark."],
  ["a wrong name", ["gatway", "--check"], 'There is no benchmark "gatway".'],
  ["a wrong option of a benchmark", ["tenant", "--chekc"], "Unknown option '--chekc'"],
])("The benchmarks' program lists them and ends with 2 for %s.", (_, args, reason) => {
  const { status, stdout, stderr } = runBench(...args);
  expect(stderr).toContain(reason);
  const listed = [...stderr.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  expect(listed).toEqual(["authorizer", "document", "gateway", "scale", "tenant"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

test("The benchmarks' program hands the options on to the benchmark that is named.", () => {
  const { status, stdout } = runBench("scale", "--help");
  expect(stdout).toContain("npm run bench -- scale [OPTIONS]");
  expect(status).toBe(0);
});
