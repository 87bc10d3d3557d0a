// A file of text that a person wrote, read strictly: what is none, or is not UTF-8, is a problem and not some other text.
import { readFileSync, statSync } from "node:fs";
import { TextDecoder } from "node:util";
import type { Fault, Problem } from "./problem";
import { unreadableFile } from "./unreadable";

/** Of a customer file, more than a thousand times what one needs. */
const mostBytes = 1024 * 1024;

export interface TextFile {
  /** Absent if it cannot be read. */
  text?: string;
  problems: Problem[];
}

/**
 * Reads a file.
 * @param path as it is to show in problems, relative to `folder`
 * @param remedy what to do if the operating system does not let us read it
 */
export function readTextFile(path: string, { remedy, limit = mostBytes, at = path }: ReadOptions): TextFile {
  const refuse = (fault: Fault) => ({ problems: [{ file: path, ...fault }] });
  try {
    const status = statSync(at);
    // To read a pipe or a socket would wait forever; of a folder, the operating system says so.
    if (!status.isFile() && !status.isDirectory()) {
      return refuse({ code: "file-not-regular", message: "is not a regular file. Replace it with one." });
    }
    if (status.size > limit) {
      const message = `has ${status.size} bytes, and at most ${limit} are read. Make it smaller.`;
      return refuse({ code: "file-too-large", message });
    }
    return decodeText(path, readFileSync(at));
  } catch (error) {
    return { problems: [unreadableFile(path, error, remedy, at)] };
  }
}

interface ReadOptions {
  remedy: string;
  limit?: number;
  /** Where it is, if that is not the path that problems show. */
  at?: string;
}

/** The text that bytes are in UTF-8. @param file as it is to show in problems */
export function decodeText(file: string, bytes: Uint8Array): TextFile {
  const code = "file-not-utf8";
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { problems: [{ file, line: 1, column: 1, code, message: "is UTF-16. Save it as UTF-8." }] };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), problems: [] };
  } catch {
    const line = lineOfFault(bytes);
    return { problems: [{ file, line, column: 1, code, message: "is not valid UTF-8. Save it as UTF-8." }] };
  }
}

/** 1-based. No byte of a longer character is a line feed, so that each line can be decoded by itself. */
function lineOfFault(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    if (feed === -1) break;
    start = end + 1;
  }
  return line;
}
