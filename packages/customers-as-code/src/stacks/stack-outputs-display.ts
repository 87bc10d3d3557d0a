// The part of the CLI's output that shows the stack's outputs: it comes last, and after a refusal it hides what was refused.

/** Passes lines on as they come, but holds back what begins with the stack's outputs until it is known how the run ended. */
export class HeldOutputs {
  private readonly held: string[] = [];

  /** @param prefix before each line */
  constructor(
    private readonly write: (line: string) => void,
    private readonly prefix = "",
  ) {}

  push(line: string): void {
    if (this.held.length > 0 || line.trimEnd() === `${this.prefix}Outputs:`) this.held.push(line);
    else this.write(line);
  }

  /** Writes what was held back; after a refusal, without the outputs. */
  end(isRefused: boolean): void {
    const lines = this.held.splice(0);
    // The next heading, such as "Resources:"; everything in the section is indented.
    const next = lines.findIndex((line, index) => index > 0 && /^\S/.test(line.slice(this.prefix.length)));
    const shown = !isRefused ? lines : next === -1 ? [] : lines.slice(next);
    for (const line of shown) this.write(line);
  }
}
