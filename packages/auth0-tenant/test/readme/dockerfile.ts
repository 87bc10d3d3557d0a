// What the Dockerfile says, as data.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DockerImage {
  from: string;
  args: Record<string, string>;
  run: string;
  env: Record<string, string>;
  user: string;
  workdir: string;
  port: string;
  healthcheck: string[];
  entrypoint: string[];
  /** Every instruction's name, in order. */
  instructions: string[];
}

export function readDockerfile(): DockerImage {
  const text = readFileSync(join(__dirname, "../../Dockerfile"), "utf8");
  const lines = text
    .replaceAll(/\\\n/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const instructions = lines.map((line) => /^([A-Z]+) +(.*)$/.exec(line)?.slice(1) ?? [line, ""]);
  const textOf = (name: string) => instructions.find(([found]) => found === name)?.[1] ?? "";
  const assignments = (name: string) =>
    Object.fromEntries(
      textOf(name)
        .split(/ +/)
        .map((assignment) => assignment.split(/=(.*)/).slice(0, 2)),
    );
  return {
    from: textOf("FROM"),
    args: assignments("ARG"),
    run: textOf("RUN"),
    env: assignments("ENV"),
    user: textOf("USER"),
    workdir: textOf("WORKDIR"),
    port: textOf("EXPOSE"),
    healthcheck: JSON.parse(textOf("HEALTHCHECK").replace(/^.* CMD /, "")),
    entrypoint: JSON.parse(textOf("ENTRYPOINT")),
    instructions: instructions.map(([name = ""]) => name),
  };
}
