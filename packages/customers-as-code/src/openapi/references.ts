// Finds what the references ($ref) of an OpenAPI document point to, in as many files as it has.
import { posix } from "node:path";
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import { parseSource, type Source, type SourceOptions } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { errorCode } from "../problems/unreadable";
import { describePath } from "./describe-path";
import {
  type DocumentElement,
  getChildElement,
  getRootElement,
  identifyElement,
  parseJsonPointer,
  readReference,
} from "./element";

/** @throws where the file cannot be read */
export type ReadText = (file: string) => string;

/** Why a reference leads nowhere; undefined if the file has problems that are already reported. */
export interface UnresolvedReference {
  reason: string | undefined;
}

/** A response of many operations may be an anchor; nested ones still can't keep the program busy. */
export const documentOptions: SourceOptions = { maxAliasCount: 5_000 };

export class References {
  /** Syntax errors of the files that were read. */
  readonly problems: Problem[] = [];
  private readonly sources = new Map<string, Source>();
  /** Against references that lead through themselves. */
  private readonly following = new Set<string>();

  constructor(
    root: Source,
    private readonly readText: ReadText,
  ) {
    this.sources.set(posix.normalize(root.file), root);
  }

  /** How many files were read. */
  get files(): number {
    return this.sources.size;
  }

  /** What a reference points to, such as `orders.yaml`, `#/components/parameters/page` or `../a.yaml#/b`. */
  findTarget(from: DocumentElement, reference: string): DocumentElement | UnresolvedReference {
    // https://datatracker.ietf.org/doc/html/rfc3986#section-3.1
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(reference)) {
      return { reason: "is remote; bundle the document first" };
    }
    const [path, fragment] = splitReference(reference);
    if (path === undefined || fragment === undefined) return { reason: "is not percent-encoded as a URL is" };
    if (fragment !== "" && !fragment.startsWith("/")) {
      return { reason: 'must have a JSON pointer after the "#", such as #/components/parameters/page' };
    }
    const source = path === "" ? from.source : this.open(from.source.file, path);
    if ("reason" in source) return source;
    if (source.problems.length > 0) return { reason: undefined };
    let element = getRootElement(source);
    for (const key of parseJsonPointer(fragment)) {
      const holder = getChildElement(element, key) ? element : this.followReferences(element);
      const next = getChildElement(holder, key);
      if (!next) return { reason: missing(holder, key) };
      element = next;
    }
    return element;
  }

  /** What stands in the end where one reference leads to another; the element itself where it is none. */
  followReferences(element: DocumentElement): DocumentElement {
    const reference = readReference(element);
    const id = identifyElement(element);
    if (reference === undefined || this.following.has(id)) return element;
    this.following.add(id);
    const found = this.findTarget(element, reference);
    const last = "reason" in found ? element : this.followReferences(found);
    this.following.delete(id);
    return last;
  }

  private open(from: string, path: string): Source | UnresolvedReference {
    const file = posix.isAbsolute(path) ? path : posix.join(posix.dirname(from), path);
    const known = this.sources.get(file);
    if (known) return known;
    let text: string;
    try {
      text = this.readText(file);
    } catch (error) {
      const reason =
        errorCode(error) === "EISDIR"
          ? `leads to the folder ${file}. Correct the path, which is relative to its own file.`
          : `cannot be read (${errorCode(error)}): it is ${file}, since a path is relative to its own file`;
      return { reason };
    }
    const source = parseSource(file, text, documentOptions);
    this.sources.set(file, source);
    this.problems.push(...source.problems);
    return source;
  }
}

function splitReference(reference: string): (string | undefined)[] {
  const hash = reference.indexOf("#");
  const parts = hash < 0 ? [reference, ""] : [reference.slice(0, hash), reference.slice(hash + 1)];
  return parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return undefined;
    }
  });
}

function missing({ source, path, value }: DocumentElement, key: string): string {
  const keys = isRecord(value) ? Object.keys(value) : [];
  const near = keys.length === 0 ? "" : ` ${suggestCandidates(key, keys)}`;
  const where = path.length === 0 ? source.file : `${describePath(path)} of ${source.file}`;
  return `leads nowhere: "${key}" is not in ${where}.${near}`;
}
