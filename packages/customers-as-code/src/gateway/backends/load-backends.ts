// Reads where the stack's settings stand in their file, so that problems have places there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ReadDocument } from "../../openapi/document";
import { parseSource, type Source } from "../../problems/source";
import { type CheckBackendsArgs, type CheckedBackends, checkBackends } from "./check-backends";

export interface BackendSettings extends Pick<CheckBackendsArgs, "backendUrl" | "apiType"> {
  /** The stack's file. */
  file: string;
  /** As the stack's file has them. */
  backends: CheckBackendsArgs["given"];
}

/** The backends of the stack, and everything that is wrong with them. */
export function loadBackends(
  { file, backends, backendUrl, apiType }: BackendSettings,
  { wanted }: Pick<ReadDocument, "wanted">,
): CheckedBackends & { files: string[] } {
  const places = placesOf(file, `${pulumi.getProject()}:backends`) ?? { file };
  const checked = checkBackends({ given: backends, backendUrl, apiType, wanted, places });
  return { ...checked, files: checked.problems.some((problem) => problem.file === file) ? [file] : [] };
}

/** Undefined where the settings are elsewhere: in a file that the command line names, or with a service. */
function placesOf(file: string, key: string): Pick<Source, "at" | "atKey"> | undefined {
  let source: Source;
  try {
    source = parseSource(file, readFileSync(join(pulumi.getRootDirectory(), file), "utf8"));
  } catch {
    return undefined;
  }
  const above = ["config", key];
  return {
    at: (path) => source.at([...above, ...path]),
    atKey: (path, last) => source.atKey([...above, ...path], last),
  };
}
