// What other people wrote, in the log of a workflow: no line of it may be a command to the runner, which reads them from there.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

/**
 * The text with every beginning of a command broken: `::` at the start of a line, before which the runner skips white space, and the
 * older `##[` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs).
 */
export function withoutCommands(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}

/** Writes what arrives in pieces as whole lines, each with a prefix and {@link withoutCommands}. */
export class PlainLines {
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
    const plain = withoutCommands(line);
    this.write(plain === "\n" ? plain : this.prefix + plain);
  }
}

/** In one line, with the characters escaped that are invisible, change the direction or begin another line. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `\\u{${point.toString(16)}}`;
  });
}
