// What `customers validate` reports, and the comment of one stack doesn't have. A pure function.

/** Of a stack without problems, and of all stacks. */
const counts = /^(\S+: all is well|\d+ of \d+ stacks have problems)$/;

/** @param printed by the command @param markdown the comment */
export function listFurtherProblems(printed: string, markdown: string): string[] {
  return printed
    .trim()
    .split("\n")
    .filter((line) => !counts.test(line) && !markdown.includes(withoutStack(line)));
}

/** A stack's name is before its first problem. */
function withoutStack(line: string): string {
  return line.replace(/^[\w.-]+: (?=\S+(:\d+:\d+)? {2})/, "");
}
