// Reads the company's OpenAPI document from the disk.
import { readFileSync } from "node:fs";
import { parseSource } from "../problems/source";
import { decodeText, readTextFile } from "../problems/text-file";
import { emptyApi, type ReadDocument, readDocument } from "./document";
import { documentOptions } from "./references";

/**
 * @param file path relative to the working directory, YAML or JSON
 * @param publicRoutes operations that may need no token, such as `GET /health`
 * @param needsPolicies false if API Gateway compares the scopes itself
 */
export function loadDocument(
  file: string,
  publicRoutes: readonly string[],
  needsPolicies?: boolean,
): ReadDocument {
  const remedy = `Write the API's OpenAPI document there, or set the config key "openapi" to its path.`;
  const { text, problems } = readTextFile(file, { remedy, limit: mostBytes });
  if (text === undefined) {
    return { api: emptyApi(), wanted: [], problems, files: 0 };
  }
  return readDocument(parseSource(file, text, documentOptions), publicRoutes, readText, needsPolicies);
}

/** More than API Gateway imports of a document (6 MB), of which this one may have more than goes there. */
const mostBytes = 32 * 1024 * 1024;

/** @throws {Error} for what cannot be read, or is not UTF-8 */
function readText(file: string): string {
  const { text, problems } = decodeText(file, readFileSync(file));
  if (text === undefined) throw new Error(problems.map(({ message }) => message).join(" "));
  return text;
}
