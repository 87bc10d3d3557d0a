// The command line: its options, its help, and everything that is wrong with it at once.
import { Command, CommanderError, type Option } from "@commander-js/extra-typings";
import { closest, distance } from "fastest-levenshtein";
import { ciSystems, defaults, languages } from "./answers";
import { readVersion } from "./package-folder";
import type { Problem } from "./problem";

/** As they are given: unchecked, and absent if they are not. */
export interface Flags {
  folder?: string;
  name?: string;
  domain?: string;
  audience?: string;
  backendUrl?: string;
  openapi?: string;
  adaptSecurity?: true;
  publicRoute?: string[];
  region?: string;
  stacks?: string;
  ci?: string;
  language?: string;
  owner?: string;
  fromFork?: string;
  upstream?: string;
  leaveChanges?: true;
  /** False with --no-install. */
  install: boolean;
  yes?: true;
}

/** The program's arguments and options. */
export function createCommand() {
  return new Command("create-customers-as-code")
    .usage("FOLDER [options]")
    .description(
      "Creates the repository of a company that keeps its API's customers as code. On a terminal, asks for what no option gives.",
    )
    .argument("[folder]", "the new folder; its name is the project's")
    .option("--name <name>", "name of the project, if it is not the folder's")
    .option("--domain <domain>", `domain of the Auth0 tenant (default: "${defaults.domain}")`)
    .option("--audience <identifier>", `identifier of the API in Auth0 (default: "${defaults.audience}")`)
    .option(
      "--backend-url <url>",
      `URL of the service behind the gateway (default: "${defaults.backendUrl}")`,
    )
    .option("--openapi <file>", "the API's OpenAPI 3 document, which is copied (default: an example)")
    .option(
      "--adapt-security",
      "with --openapi: make the copy require tokens of one client credentials scheme, which is added if there is none",
    )
    .option(
      "--public-route <operation>",
      'operation that anyone may call, such as "GET /health"; can be repeated',
      (route: string, routes: string[] = []) => [...routes, route],
    )
    .option("--region <region>", `AWS region (default: "${defaults.region}")`)
    .option(
      "--stacks <names>",
      `names of the stacks, separated by commas (default: "${defaults.stacks.join()}")`,
    )
    .option("--ci <system>", `one of ${ciSystems.join(", ")} (default: "${defaults.ci}")`)
    .option("--language <language>", `one of ${languages.join(", ")} (default: "${defaults.language}")`)
    .option("--owner <team>", `who approves changes (default: "${defaults.owner}")`)
    .option(
      "--from-fork <folder>",
      "convert a fork of customers-as-code 0.1.0, with its customers and settings",
    )
    .option("--upstream <commit>", "with --from-fork: the commit that was forked, if it isn't 0.1.0")
    .option(
      "--leave-changes",
      "with --from-fork: convert although the fork changed the program, without its changes",
    )
    .option("--no-install", "don't run npm install")
    .option("-y, --yes", "ask nothing; use the defaults")
    .version(readVersion(), "--version", "show the version")
    .helpOption("--help", "show this help")
    .configureHelp({ helpWidth: 100 })
    .addHelpText(
      "after",
      `
Examples:
  npm create customers-as-code my-company
  npm create customers-as-code my-company -- --domain my-company.eu.auth0.com --openapi ../api/openapi.yaml --yes
  npm create customers-as-code my-company -- --from-fork ../our-fork`,
    )
    .exitOverride();
}

/** @throws {CommanderError} for --help and --version, which have been printed */
export function readFlags(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): { flags: Flags; problems: Problem[] } {
  const command = createCommand();
  const { rest, problems } = setMistakesAside(args, command.options);
  command.allowExcessArguments().parse(rest, { from: "user" });
  const [folder, ...excess] = command.args;
  const flags = { ...(folder && { folder }), ...command.opts() };
  const taken = findTakenByNpm(command.options, flags, environment);
  // Without "--", the values of such options arrive as arguments.
  if (taken.length > 0) return { flags, problems: [...problems, ...taken] };
  for (const argument of excess)
    problems.push({ place: argument, message: "is an unexpected argument. Name one folder." });
  return { flags, problems };
}

/** `npm create NAME --domain x`, without `--`, makes the option one of npm's own, which programs find in their environment. */
function findTakenByNpm(options: readonly Option[], flags: Flags, environment: NodeJS.ProcessEnv): Problem[] {
  const given = new Set(Object.keys(flags));
  return options.flatMap((option): Problem[] => {
    const long = option.long ?? "";
    const key = `npm_config_${long.slice(2).replaceAll("-", "_")}`;
    // npm has a --yes and a --no-install itself.
    const isOurs = option.required || ["--leave-changes", "--adapt-security"].includes(long);
    if (!isOurs || !environment[key] || given.has(option.attributeName())) return [];
    const message = `has gone to npm. Put "--" before the options: npm create customers-as-code my-company -- ${option.flags}`;
    return [{ place: long, message }];
  });
}

/** Commander ends at the first mistake. It gets the arguments without them. */
function setMistakesAside(args: readonly string[], options: readonly Option[]) {
  const rest: string[] = [];
  const problems: Problem[] = [];
  const names = [...options.flatMap(({ long }) => long ?? []), "--help", "--version"];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? "";
    const [flag = "", inline] = argument.split(/=(.*)/s);
    const option = options.find(({ long, short }) => flag === long || flag === short);
    if (!argument.startsWith("-") || argument === "-") rest.push(argument);
    else if (option === undefined && !names.includes(flag)) {
      const near = closest(flag, names);
      const hint =
        flag.startsWith("--") && distance(flag, near) <= 3
          ? `Did you mean "${near}"?`
          : "For all options: --help";
      problems.push({ place: flag, message: `is not an option. ${hint}` });
    } else if (!option?.required) {
      if (inline === undefined) rest.push(argument);
      else problems.push({ place: flag, message: "takes no value. Leave it out." });
    } else if (inline !== undefined) rest.push(argument);
    else {
      const value = args[index + 1];
      if (value === undefined || value.startsWith("--")) {
        problems.push({ place: flag, message: `needs a value: ${option.flags}.` });
      } else {
        // In one argument, so that a value may begin with a hyphen.
        rest.push(`${flag}=${value}`);
        index += 1;
      }
    }
  }
  return { rest, problems };
}

/** Of --help or --version. */
export function hasPrinted(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}
