// The company of a row as the program reads it: from files of a folder, with the settings that the engine would hand over.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Company as Loaded, loadCompany } from "../../packages/customers-as-code/src/deployment/company";
import { formatProblems } from "../../packages/customers-as-code/src/problems/problem";
import { loadSettings, type Settings } from "../../packages/customers-as-code/src/settings/settings";
import { readConfig } from "../../packages/customers-as-code/src/stacks/stack-settings";
import { type Company, filesOfCompany } from "../support/company";

/** By path, over those of the company; what a link leads to, or the bytes of a file. */
export type RawFiles = Readonly<Record<string, string | Buffer | { link: string } | { folder: true }>>;

export interface Read {
  /** `file:line:column  what is wrong`. */
  problems: string[];
  settings?: Settings;
  company?: Loaded;
}

export function readCompany(one: Company, raw: RawFiles = {}): Read {
  const folder = mkdtempSync(join(tmpdir(), "safeguards-"));
  const { paths, read } = filesOfCompany(one);
  for (const [path, text] of Object.entries({ ...Object.fromEntries(read(paths)), ...raw })) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof text === "string" || Buffer.isBuffer(text)) writeFileSync(file, text);
    else if ("link" in text) symlinkSync(text.link, file);
    else mkdirSync(file);
  }
  const back = process.cwd();
  process.chdir(folder);
  try {
    return load();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problems: message.split("\n").filter((line) => !/^\d+ problems? in \d+ of /.test(line)) };
  } finally {
    process.chdir(back);
    rmSync(folder, { recursive: true });
  }
}

function load(): Read {
  const { values, encrypted, problems } = readConfig("dev");
  if (problems.length > 0) throw new Error(formatProblems(problems, 1));
  const unexpected = () => {
    throw new Error("nothing is declared or called here");
  };
  void pulumi.runtime.setMocks({ newResource: unexpected, call: unexpected }, "customers-as-code", "dev");
  pulumi.runtime.setAllConfig(values, encrypted);
  const { PULUMI_CONFIG_SECRET_KEYS: before } = process.env;
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(encrypted);
  try {
    const settings = loadSettings();
    return { problems: [], settings, company: loadCompany(settings) };
  } finally {
    if (before === undefined) delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    else process.env.PULUMI_CONFIG_SECRET_KEYS = before;
  }
}
