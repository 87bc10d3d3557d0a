// Log groups as files: one line an event.
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { privateFolder } from "../private-files";

export class LogFiles {
  private readonly groups = new Map<string, Group>();
  private isClosed = false;

  /** @param read sees every line too */
  constructor(
    private readonly directory: string,
    private readonly read: (line: string) => void = () => {},
  ) {
    privateFolder(directory);
  }

  /** The file of a log group, whose name may hold slashes. */
  fileOf(group: string): string {
    return join(this.directory, `${encodeURIComponent(group)}.log`);
  }

  append(name: string, line: string): void {
    // An invocation that the closing broke off may still log that.
    if (this.isClosed) return;
    let group = this.groups.get(name);
    if (!group) {
      group = { stream: createWriteStream(this.fileOf(name), { flags: "a", mode: 0o600 }), waiting: "" };
      this.groups.set(name, group);
    }
    // One write for all that comes at once.
    if (group.waiting === "") setImmediate(write, group);
    group.waiting += `${line}\n`;
    this.read(line);
  }

  /** Resolves when everything appended so far is in the files. */
  async flush(): Promise<void> {
    await Promise.all(
      [...this.groups.values()].map((group) => {
        write(group);
        return new Promise<void>((resolve) => group.stream.write("", () => resolve()));
      }),
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(
      [...this.groups.values()].map((group) => {
        write(group);
        return new Promise<void>((resolve) => group.stream.end(resolve));
      }),
    );
    this.groups.clear();
  }
}

interface Group {
  stream: WriteStream;
  /** Lines that are not written yet. */
  waiting: string;
}

function write(group: Group): void {
  if (group.waiting === "") return;
  group.stream.write(group.waiting);
  group.waiting = "";
}
