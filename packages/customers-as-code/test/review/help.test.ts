// Each command of CI explains itself, without anything in its environment.
import { spawnSync } from "node:child_process";
import { scripts } from "../../../../package.json";

const commands = Object.entries(scripts).filter(([name]) => name.startsWith("ci:"));

it.each(commands)("npm run %s -- --help prints the usage", (name, command) => {
  const [, ...args] = command.split(" ");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, "--help"], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "" },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`Usage: npm run ${name}`);
});
