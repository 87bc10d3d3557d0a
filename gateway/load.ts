// Reads the company's OpenAPI document from the disk.
import { readFileSync } from "node:fs";
import type { Problem } from "../diagnostics/problem";
import { parseSource } from "../diagnostics/source";
import { unreadable } from "../diagnostics/unreadable";
import { type ApiDocument, readDocument } from "./document";

/**
 * @param file path relative to the working directory, YAML or JSON
 * @param publicRoutes operations that may need no token, such as `GET /health`
 */
export function loadDocument(
  file: string,
  publicRoutes: readonly string[],
): { api: ApiDocument; problems: Problem[]; files: number } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const remedy = `Write the API's OpenAPI document there, or set the config key "openapi" to its path.`;
    return {
      api: { title: "", version: "", scopes: {}, operations: [] },
      problems: [unreadable(file, error, remedy)],
      files: 0,
    };
  }
  return { ...readDocument(parseSource(file, text), publicRoutes), files: 1 };
}
