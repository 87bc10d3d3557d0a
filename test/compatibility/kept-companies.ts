// The companies whose states are kept: each is a folder of customers, an OpenAPI document and settings.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Those of the next version. */
export const companiesFolder = join(__dirname, "companies");

/** By version and company: the company's files as they were, and the states that the version has left. */
export const statesFolder = join(__dirname, "states");

export interface Company {
  name: string;
  folder: string;
}

export function listCompanies(folder: string): Company[] {
  return readdirSync(folder).map((name) => ({ name, folder: join(folder, name) }));
}

/** Both by the key without the project's namespace. */
export interface CompanySettings {
  config: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** With the paths of the customers and the OpenAPI document. */
export function readCompanySettings({ folder }: Company): CompanySettings {
  const { config, secrets }: CompanySettings = parse(readFileSync(join(folder, "settings.yaml"), "utf8"));
  const paths = { customers: join(folder, "customers"), openapi: join(folder, "openapi.yaml") };
  return { config: { ...config, ...paths }, secrets };
}

/** Names of the company's stacks; the main stack is the last. */
export function stackNamesOf({ config }: Pick<CompanySettings, "config">, main: string): string[] {
  const shards = Number(config.shards ?? 1);
  const numbers = shards > 1 ? Array.from({ length: shards }, (_, index) => index + 1) : [];
  return [...numbers.map((number) => `${main}-shard-${number}`), main];
}
