// Expressions over metrics, as far as the program has some: + - * / with parentheses, and FILL.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

/** Values by the time at which their period begins. */
export type Values = ReadonlyMap<number, number>;

type Operand = number | Values;

/**
 * @param times of all periods that are asked for, which FILL fills
 * @throws where the expression has what the local CloudWatch does not know
 */
export function evaluateExpression(
  expression: string,
  series: ReadonlyMap<string, Values>,
  times: readonly number[],
): Values {
  const tokens = expression.match(/\d+(\.\d+)?|\w+|[-+*/(),]/g) ?? [];
  let at = 0;
  const next = () => tokens[at++];
  const expect = (token: string) => {
    if (next() !== token) throw new Error(`"${expression}" lacks a "${token}"`);
  };

  const sum = (): Operand => {
    let left = product();
    while (tokens[at] === "+" || tokens[at] === "-") left = combine(next() ?? "", left, product());
    return left;
  };
  const product = (): Operand => {
    let left = value();
    while (tokens[at] === "*" || tokens[at] === "/") left = combine(next() ?? "", left, value());
    return left;
  };
  const value = (): Operand => {
    const token = next() ?? "";
    if (token === "(") {
      const inner = sum();
      expect(")");
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (token === "FILL") return fill();
    const found = series.get(token);
    if (!found) throw new Error(`"${expression}" names "${token}", which the local CloudWatch does not know`);
    return found;
  };
  const fill = (): Values => {
    expect("(");
    const filled = sum();
    expect(",");
    const filler = sum();
    expect(")");
    if (typeof filled === "number" || typeof filler !== "number") {
      throw new Error(`"${expression}" fills a number, or with a series`);
    }
    return new Map(times.map((time) => [time, filled.get(time) ?? filler]));
  };

  const result = sum();
  if (at < tokens.length || typeof result === "number") {
    throw new Error(`"${expression}" is more than the local CloudWatch computes`);
  }
  return result;
}

/** Of two series, where both have a value; the rest doesn't have one. */
function combine(operator: string, left: Operand, right: Operand): Operand {
  if (typeof left === "number" && typeof right === "number") return apply(operator, left, right);
  const times = typeof left === "number" ? right : left;
  if (typeof times === "number") return times;
  const result = new Map<number, number>();
  for (const time of times.keys()) {
    const a = typeof left === "number" ? left : left.get(time);
    const b = typeof right === "number" ? right : right.get(time);
    if (a === undefined || b === undefined) continue;
    const value = apply(operator, a, b);
    if (Number.isFinite(value)) result.set(time, value);
  }
  return result;
}

function apply(operator: string, a: number, b: number): number {
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  return operator === "*" ? a * b : a / b;
}
