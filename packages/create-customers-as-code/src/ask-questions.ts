// The questions on a terminal: one for each answer that no flag gives.
import type { ConfirmOptions, SelectOptions, TextOptions } from "@clack/prompts";
import {
  audienceFault,
  backendUrlFault,
  defaults,
  domainFault,
  ownerFault,
  regionFault,
  splitStacks,
  stackFaults,
} from "./answers";
import { checkTarget } from "./check-flags";
import type { Flags } from "./command-line";
import { readCompanyDocument } from "./document";
import { InterruptedError, RefusedError } from "./problem";

/** @returns the flags as if all had been given */
export async function askQuestions(flags: Flags): Promise<Flags> {
  const { text, select, confirm } = await loadPrompts();
  const folder =
    flags.folder ??
    (await text({
      message: "In which folder?",
      placeholder: "my-company",
      validate: (value = "") =>
        value === "" ? "Name a new folder." : sentence(checkTarget(value, flags.name)[0]),
    }));
  const ask = (
    given: string | undefined,
    message: string,
    proposal: string,
    findFault: (value: string) => string | undefined,
  ) =>
    given ??
    text({
      message,
      placeholder: proposal,
      defaultValue: proposal,
      // The prompt checks what is typed before it takes the default.
      validate: (value) => it(findFault(value || proposal)),
    });
  const domain = await ask(
    flags.domain,
    "What is the domain of your Auth0 tenant?",
    defaults.domain,
    domainFault,
  );
  const audience = await ask(
    flags.audience,
    "What is the identifier of your API in Auth0?",
    defaults.audience,
    audienceFault,
  );
  const backendUrl = await ask(
    flags.backendUrl,
    "At which URL does your service listen, behind the gateway?",
    defaults.backendUrl,
    backendUrlFault,
  );
  const openapi =
    flags.openapi ??
    (await text({
      message: "Where is your OpenAPI document? Leave it empty to begin with an example.",
      placeholder: "../api/openapi.yaml",
      defaultValue: "",
      validate: (value = "") =>
        value === "" || readCompanyDocument(value).problems.length === 0
          ? undefined
          : sentence(readCompanyDocument(value, { adaptSecurity: true }).problems[0]),
    }));
  // Whatever is wrong yet, adapting its security puts right.
  const [problem] =
    openapi === "" || flags.adaptSecurity === true ? [] : readCompanyDocument(openapi).problems;
  if (problem !== undefined) {
    const message = `${openapi} has no security scheme whose tokens the gateway checks. Add one to the copy, which every operation that isn't public then requires?`;
    if (!(await confirm({ message, initialValue: true }))) throw new RefusedError([problem], 1);
  }
  const adaptSecurity = problem === undefined ? flags.adaptSecurity : true;
  const publicRoute = [...(flags.publicRoute ?? [])];
  const routes =
    openapi === "" ? [] : (readCompanyDocument(openapi, { adaptSecurity }).document?.publicRoutes ?? []);
  for (const route of routes.filter((one) => !publicRoute.includes(one))) {
    if (!(await confirm({ message: `${route} needs no token. May anyone call it?`, initialValue: false }))) {
      const message = `"${route}" has no "security". Add it to the operation, and run this command again.`;
      throw new RefusedError([{ place: openapi, message }], 1);
    }
    publicRoute.push(route);
  }
  const region = await ask(flags.region, "In which AWS region?", defaults.region, regionFault);
  const stacks = await ask(
    flags.stacks,
    "Which stacks, separated by commas?",
    defaults.stacks.join(),
    (value) => stackFaults(splitStacks(value))[0],
  );
  const ci =
    flags.ci ??
    (await select({
      message: "Where do pull requests and deployments run?",
      options: [
        { value: "github", label: "GitHub Actions" },
        { value: "gitlab", label: "GitLab CI" },
        { value: "none", label: "Neither" },
      ],
    }));
  const owner =
    ci === "none"
      ? flags.owner
      : await ask(flags.owner, "Which team approves changes?", defaults.owner, ownerFault);
  const language =
    flags.language ??
    (await select({
      message: "In which language is the program?",
      options: [
        { value: "typescript", label: "TypeScript" },
        { value: "javascript", label: "JavaScript" },
      ],
    }));
  return {
    ...flags,
    folder,
    domain,
    audience,
    backendUrl,
    ...(openapi !== "" && { openapi, publicRoute }),
    ...(adaptSecurity && { adaptSecurity }),
    region,
    stacks,
    ci,
    language,
    ...(owner !== undefined && { owner }),
  };
}

/** The prompts, which throw after Ctrl-C. They are loaded only here: most of the program's start would be theirs. */
async function loadPrompts() {
  const prompts = await import("@clack/prompts");
  return {
    text: async (options: TextOptions) => orThrow<string>(await prompts.text(options)),
    select: async (options: SelectOptions<string>) => orThrow<string>(await prompts.select(options)),
    confirm: async (options: ConfirmOptions) => orThrow<boolean>(await prompts.confirm(options)),
  };
}

/** Prompts return a symbol after Ctrl-C. */
function orThrow<Value extends string | boolean>(value: Value | symbol): Value {
  if (typeof value === "symbol") throw new InterruptedError();
  return value;
}

/** A fault is the predicate of a sentence. */
function it(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `It ${fault}`;
}

function sentence(problem: { place: string; message: string } | undefined): string | undefined {
  return problem && `${problem.place.replace(/^--openapi /, "")} ${problem.message}`;
}
