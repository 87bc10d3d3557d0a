// Templates of API Gateway: texts with variables such as $context.requestId.

/** A template, taken apart once so that each request only fills it. */
export interface Template {
  /** Names without the `$`, such as `context.authorizer.org_id`. */
  variables: string[];
  /** @param lookup gives a variable's value; undefined if it doesn't have one */
  fill(lookup: (variable: string) => string | undefined, missing: string): string;
}

const variable = /\$(?:\{((?:context|stageVariables)\.[\w.-]*\w)\}|((?:context|stageVariables)\.[\w.-]*\w))/g;

export function parseTemplate(text: string): Template {
  const parts: (string | { variable: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(variable)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push({ variable: match[1] ?? match[2] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return {
    variables: parts.flatMap((part) => (typeof part === "string" ? [] : [part.variable])),
    fill(lookup, missing) {
      let result = "";
      for (const part of parts)
        result += typeof part === "string" ? part : (lookup(part.variable) ?? missing);
      return result;
    },
  };
}

/** Directives of the Velocity Template Language, which the local gateway does not run. */
export function findDirective(text: string): string | undefined {
  return /#(set|if|foreach|macro|parse|include|define)\b|\$(input|util)\b/.exec(text)?.[0];
}
