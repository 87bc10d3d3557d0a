// Reads the company's OpenAPI document from the disk.
import { readFileSync } from "node:fs";
import { parseSource } from "../diagnostics/source";
import { unreadable } from "../diagnostics/unreadable";
import { type ReadDocument, readDocument } from "./document";

/**
 * @param file path relative to the working directory, YAML or JSON
 * @param publicRoutes operations that may need no token, such as `GET /health`
 */
export function loadDocument(file: string, publicRoutes: readonly string[]): ReadDocument {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const remedy = `Write the API's OpenAPI document there, or set the config key "openapi" to its path.`;
    return {
      api: { title: "", version: "", scopes: {}, operations: [] },
      wanted: [],
      problems: [unreadable(file, error, remedy)],
      files: 0,
    };
  }
  return readDocument(parseSource(file, text), publicRoutes, readText);
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}
