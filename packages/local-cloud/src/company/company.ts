// The company whose stack runs here: its settings and the operations of its API.
import { join } from "node:path";
import type { CloudAddress } from "../presence";
import { type CompanySettings, readCompanySettings } from "./company-settings";
import { adviseOption, type ConfigArgument, commandLine } from "./config-argument";
import { adaptSettings, findDocument, type LocalSettings } from "./local-settings";
import { type ApiOperation, readOperations } from "./operations";

export interface Company {
  given: CompanySettings;
  operations: ApiOperation[];
}

/**
 * @param stack whose settings count; by default `dev`, else the only one that has any
 * @param options settings of the command line, which win
 * @throws {Error} if there is no such stack
 */
export function readCompany(
  folder: string,
  stack?: string,
  options: readonly ConfigArgument[] = [],
): Company {
  const given = readCompanySettings(folder, stack, options);
  return { given, operations: readOperations(join(folder, findDocument(given))) };
}

export function settingsFor({ given, operations }: Company, address: CloudAddress): LocalSettings {
  const open = operations.filter(({ security }) => security.length === 0);
  return adaptSettings(
    given,
    open.map(({ method, path }) => `${method} ${path}`),
    address,
  );
}

/** The local stack's file is made from the company's: what is wrong in it is reported where people can correct it. */
export function restorePlaces(message: string, { given }: Company): string {
  return message.replace(
    /^Pulumi\.local\.yaml(?::\d+:\d+)?( {2}([\w:]+)([^\s:]*).*)/gm,
    (_, rest: string, key: string, within: string) => {
      const setting = given.settings.find((one) => one.key === key);
      const path = key + within;
      if (setting?.arguments.some((one) => isAtOrWithin(path, one))) return commandLine + adviseOption(rest);
      return (setting?.place ?? given.file ?? "Pulumi.dev.yaml") + rest;
    },
  );
}

function isAtOrWithin(path: string, other: string): boolean {
  return path.startsWith(other) && /^([.[]|$)/.test(path.slice(other.length));
}
