// GitHub's runner obeys lines of a step's output, whoever wrote them: file names, scopes, what Auth0 answers.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs

/** Has all that this process prints go through {@link WithoutCommands}. */
export function printNoCommands(): void {
  if (isDone) return;
  isDone = true;
  for (const stream of [process.stdout, process.stderr]) {
    const printed = new WithoutCommands();
    stream.write = new Proxy(stream.write, {
      apply: (write, _, [chunk, ...rest]) =>
        Reflect.apply(write, stream, [typeof chunk === "string" ? printed.clean(chunk) : chunk, ...rest]),
    });
  }
}

let isDone = false;

/** Puts a space into whatever the runner would take for a command, also where it comes in several pieces. */
export class WithoutCommands {
  /** What of the newest line is printed already. */
  private begun = "";

  clean(text: string): string {
    const { begun } = this;
    const all = begun + text;
    let cleaned = "";
    let at = begun.length;
    for (const { index, 0: found } of all.matchAll(commands)) {
      const end = index + found.length;
      if (end < at) continue;
      cleaned += `${all.slice(at, end)} `;
      at = end;
    }
    cleaned += all.slice(at);
    this.begun = (begun + cleaned).split(/[\r\n]/).at(-1) ?? "";
    return cleaned;
  }
}

/**
 * A line, which LF or CR ends, that begins with `::` after white space, or has `##[` anywhere; all but the last character. The
 * runner compares as .NET does by default, which passes over characters that nobody sees.
 */
const commands =
  /(?:^|(?<=[\r\n]))(?:(?![\r\n])[\s\p{Cc}\p{DI}])*:(?:(?![\r\n])[\p{Cc}\p{DI}])*(?=:)|#[\p{Cc}\p{DI}]*#[\p{Cc}\p{DI}]*(?=\[)/gu;
