// What is wrong with the flags, all at once.
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import {
  audienceFault,
  backendUrlFault,
  ciSystems,
  domainFault,
  languages,
  nameFault,
  ownerFault,
  regionFault,
  splitStacks,
  stackFaults,
} from "./answers";
import type { Flags } from "./command-line";
import type { Problem } from "./problem";
import { checkFolder } from "./write-folder";

/** Of every flag that is given, but for those that name files. */
export function checkFlags(flags: Flags): Problem[] {
  const faults: [flag: string, value: string | undefined, fault: (value: string) => string | undefined][] = [
    ["--name", flags.name, nameFault],
    ["--domain", flags.domain, domainFault],
    ["--audience", flags.audience, audienceFault],
    ["--backend-url", flags.backendUrl, backendUrlFault],
    ["--region", flags.region, regionFault],
    ["--ci", flags.ci, (value) => choiceFault(value, ciSystems)],
    ["--language", flags.language, (value) => choiceFault(value, languages)],
    ["--owner", flags.owner, ownerFault],
  ];
  return [
    ...faults.flatMap(([place, value, findFault]): Problem[] => {
      const message = value === undefined ? undefined : findFault(value);
      return message === undefined ? [] : [{ place, message }];
    }),
    ...(flags.stacks === undefined ? [] : stackFaults(splitStacks(flags.stacks))).map((message) => ({
      place: "--stacks",
      message,
    })),
    ...(flags.ci === "none" && flags.owner !== undefined
      ? [
          {
            place: "--owner",
            message: "has no effect with --ci none, which writes no CODEOWNERS. Remove it.",
          },
        ]
      : []),
    ...(flags.folder === undefined ? [] : checkTarget(flags.folder, flags.name)),
  ];
}

/** @param name of the project, if it isn't the folder's */
export function checkTarget(folder: string, name: string | undefined): Problem[] {
  const fault = name === undefined ? nameFault(basename(resolve(folder))) : undefined;
  const ofName =
    fault === undefined
      ? []
      : [
          {
            place: folder,
            message: `cannot be the project's name: it ${fault} Or set another name with --name.`,
          },
        ];
  return [...checkFolder(folder), ...ofName];
}

/** Flags that would have no effect. */
export function checkCombination(flags: Flags): Problem[] {
  const isSet = (value: unknown) => value !== undefined;
  if (flags.fromFork === undefined) {
    const ofFork = [
      ...(isSet(flags.upstream) ? ["--upstream"] : []),
      ...(isSet(flags.leaveChanges) ? ["--leave-changes"] : []),
    ].map((place) => ({ place, message: "has no effect without --from-fork. Remove it, or name the fork." }));
    const isUseless = isSet(flags.adaptSecurity) && flags.openapi === undefined;
    const message = "has no effect without --openapi. Remove it, or name the document.";
    return [...ofFork, ...(isUseless ? [{ place: "--adapt-security", message }] : [])];
  }
  const { domain, audience, backendUrl, openapi, adaptSecurity, publicRoute, region, stacks, owner } = flags;
  const ofNewCompanies = Object.entries({
    "--domain": domain,
    "--audience": audience,
    "--backend-url": backendUrl,
    "--openapi": openapi,
    "--adapt-security": adaptSecurity,
    "--public-route": publicRoute,
    "--region": region,
    "--stacks": stacks,
    "--owner": owner,
  });
  const message = "has no effect with --from-fork: the fork's own is kept. Remove it.";
  return [
    ...ofNewCompanies.flatMap(([place, value]) => (isSet(value) ? [{ place, message }] : [])),
    ...(flags.folder !== undefined && isWithin(flags.folder, flags.fromFork)
      ? [{ place: flags.folder, message: "is in the fork. Name a folder outside of it." }]
      : []),
  ];
}

function isWithin(folder: string, parent: string): boolean {
  const path = relative(resolve(parent), resolve(folder));
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** Anyone may call a public route. So each is named twice: in the document, and by the company. */
export function checkPublicRoutes(
  declared: readonly string[],
  named: readonly string[],
  document: string,
): Problem[] {
  const place = "--public-route";
  return [
    ...declared
      .filter((route) => !named.includes(route))
      .map((route) => ({
        place,
        message: `is missing for "${route}", which needs no token according to ${document}. If anyone may call it, add --public-route "${route}"; otherwise give it a "security" in the document.`,
      })),
    ...named
      .filter((route) => !declared.includes(route))
      .map((route) => {
        const near = declared.length > 0 ? closest(route, [...declared]) : undefined;
        const hint =
          near !== undefined && distance(route, near) <= 3 ? `Did you mean "${near}"?` : "Remove it.";
        return {
          place,
          message: `"${route}" is not an operation without "security" in ${document}. ${hint}`,
        };
      }),
  ];
}

function choiceFault(value: string, choices: readonly string[]): string | undefined {
  return choices.includes(value) ? undefined : `is "${value}". Use one of ${choices.join(", ")}.`;
}
