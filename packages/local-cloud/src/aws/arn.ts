// Amazon Resource Names.

export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  resource: string;
}

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`; undefined for everything else. */
export function parseArn(text: string): Arn | undefined {
  const match =
    /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z]{2}(?:-[a-z]+)+-\d|\*|):(\d{12}|aws|apigateway|lambda|\*|):(.+)$/s.exec(
      text,
    );
  if (!match) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = match;
  return { partition, service, region, account, resource };
}

/** Whether the pattern, in which `*` stands for any characters and `?` for one, covers the whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  return patternExpression(pattern).test(text);
}

const expressions = new Map<string, RegExp>();

function patternExpression(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replace(/\?/g, ".");
    expression = new RegExp(`^${source}$`, "s");
    // Patterns come from policies, which may differ by token: forget them before they fill the memory.
    if (expressions.size >= 10_000) expressions.clear();
    expressions.set(pattern, expression);
  }
  return expression;
}
