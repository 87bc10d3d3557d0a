// The program behind `npm run bench`. Its benchmarks themselves run in .ci/run.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

function runBench(...args: string[]) {
  const program = ["--conditions=@customers-as-code/source", "--import", "tsx", "bench/main.ts"];
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
  expect(listed).toEqual(["authorizer", "document", "fork", "gateway", "scale", "tenant"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

test("The benchmarks' program hands the options on to the benchmark that is named.", () => {
  const { status, stdout } = runBench("scale", "--help");
  expect(stdout).toContain("npm run bench -- scale [OPTIONS]");
  expect(status).toBe(0);
});

test("The files that benchmarks start as processes exist, whose names no compiler checks.", () => {
  const files = readdirSync("bench", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const started = files.flatMap((file) =>
    [...readFileSync(join("bench", file), "utf8").matchAll(/"(bench\/[^"]+)"/g)].map(([, path = ""]) => path),
  );
  expect(started).toContain("bench/gateway/local-gateway.ts");
  expect(started.filter((path) => !existsSync(path))).toEqual([]);
});
