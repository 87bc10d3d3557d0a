// Log groups as files: one line an event.
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";

export class LogFiles {
  private readonly streams = new Map<string, WriteStream>();
  private isClosed = false;

  /** @param read sees every line too */
  constructor(
    private readonly directory: string,
    private readonly read: (line: string) => void = () => {},
  ) {
    mkdirSync(directory, { recursive: true });
  }

  /** The file of a log group, whose name may hold slashes. */
  fileOf(group: string): string {
    return join(this.directory, `${encodeURIComponent(group)}.log`);
  }

  append(group: string, line: string): void {
    // An invocation that the closing broke off may still tell of that.
    if (this.isClosed) return;
    let stream = this.streams.get(group);
    if (!stream) {
      stream = createWriteStream(this.fileOf(group), { flags: "a" });
      this.streams.set(group, stream);
    }
    stream.write(`${line}\n`);
    this.read(line);
  }

  /** Resolves when everything appended so far is in the files. */
  async flush(): Promise<void> {
    await Promise.all(
      [...this.streams.values()].map(
        (stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
      ),
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(
      [...this.streams.values()].map((stream) => new Promise<void>((resolve) => stream.end(resolve))),
    );
    this.streams.clear();
  }
}
