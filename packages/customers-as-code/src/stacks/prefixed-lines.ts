// The output of several processes side by side: whole lines, each with the name of whose it is.

/** Writes what arrives in pieces as whole lines, each with the prefix. */
export class PrefixedLines {
  private rest = "";

  constructor(
    private readonly write: (text: string) => void,
    private readonly prefix = "",
  ) {}

  push(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.writeLine(`${line}\n`);
  }

  /** What has no end of line yet. */
  end(): void {
    if (this.rest !== "") this.writeLine(this.rest);
    this.rest = "";
  }

  private writeLine(line: string): void {
    this.write(line === "\n" ? line : this.prefix + line);
  }
}
