// JSON, more carefully than JSON.parse reads it.

/** The value; undefined where the text is no JSON. JSON.parse's own error quotes the text, which is nothing for a log. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Whether an object anywhere in the text, which must be valid JSON, has two members with one name: JSON.parse keeps the last. */
export function hasDuplicateKeys(json: string): boolean {
  /** Names of the objects around the position; undefined stands for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let position = 0; position < json.length; position += 1) {
    switch (json.charCodeAt(position)) {
      case openBrace:
        open.push(new Set());
        break;
      case openBracket:
        open.push(undefined);
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        break;
      case quote: {
        const start = position;
        position = endOfString(json, start);
        const names = open.at(-1);
        if (!names || !isName(json, position)) break;
        const text = json.slice(start + 1, position);
        const name = text.includes("\\") ? String(JSON.parse(`"${text}"`)) : text;
        if (names.has(name)) return true;
        names.add(name);
      }
    }
  }
  return false;
}

const [openBrace, closeBrace, openBracket, closeBracket, quote, colon] = [0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x3a];

/** Position of the quote that ends the string which starts at the given one. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, position: number): boolean {
  let backslashes = 0;
  while (json[position - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

/** Whether the string that ends at the position is followed by a colon. */
function isName(json: string, end: number): boolean {
  let next = end + 1;
  while (json.charCodeAt(next) <= 0x20) next += 1;
  return json.charCodeAt(next) === colon;
}
