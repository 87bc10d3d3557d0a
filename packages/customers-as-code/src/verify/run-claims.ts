// Tries every claim on a deployed stack, one after the other, and forms one verdict.
import { type Connections, Questioner } from "./ask-question";
import { chooseAllowed } from "./choose-operations";
import type { Answer, Claim, StackUnderTest } from "./claim";
import { themes } from "./claims/all-claims";
import { acceptedToken } from "./claims/refusal-claims";
import { ProtocolUnavailable } from "./transport";

export interface Result {
  theme: string;
  id: string;
  claim: string;
  page: string;
  guardsCustomers: boolean;
  verdict: "holds" | "fails" | "unclear" | "not tried";
  expected?: string;
  seen?: string;
  /** Why it was not tried. */
  reason?: string;
}

/**
 * @param stack `showsCaller` is found out first
 * @param table the claims by theme
 */
export async function runClaims(
  stack: Omit<StackUnderTest, "showsCaller">,
  connections: Connections,
  table: Readonly<Record<string, readonly Claim[]>> = themes,
): Promise<Result[]> {
  const known: StackUnderTest = { ...stack, showsCaller: false };
  const questioner = new Questioner(known, connections);
  known.showsCaller = await showsCaller(known, questioner);
  const results: Result[] = [];
  for (const [theme, claims] of Object.entries(table)) {
    for (const claim of claims) {
      const { id, claim: sentence, page, guardsCustomers } = claim;
      results.push({
        ...{ theme, id, claim: sentence, page, guardsCustomers },
        ...(await tryClaim(claim, known, questioner)),
      });
    }
  }
  return results;
}

/** 1 if a claim that guards customers fails, 2 if that is unclear, 0 otherwise. */
export function exitCodeOf(results: readonly Result[]): 0 | 1 | 2 {
  const guards = results.filter(({ guardsCustomers }) => guardsCustomers);
  if (guards.some(({ verdict }) => verdict === "fails")) return 1;
  const accepted = results.find(({ id }) => id === acceptedToken)?.verdict;
  return accepted !== "holds" || guards.some(({ verdict }) => verdict === "unclear") ? 2 : 0;
}

async function tryClaim(
  claim: Claim,
  stack: StackUnderTest,
  questioner: Questioner,
): Promise<Pick<Result, "verdict" | "expected" | "seen" | "reason">> {
  const attempt = claim.plan(stack);
  if ("notTried" in attempt) return { verdict: "not tried", reason: attempt.notTried };
  const { expected, questions } = attempt;
  try {
    const answers: Answer[] = [];
    for (const question of questions) answers.push(await questioner.ask(question));
    return { expected, ...attempt.judge(answers) };
  } catch (error) {
    if (error instanceof ProtocolUnavailable) return { verdict: "not tried", reason: error.message };
    return { verdict: "unclear", expected, seen: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whether the backend answers with the headers that it gets; then a lie would show as well. Behind a JWT authorizer, it may well answer with
 * the organization, which it reads from the token: so it must show a header of the caller's.
 */
async function showsCaller(stack: StackUnderTest, questioner: Questioner): Promise<boolean> {
  const operation = chooseAllowed(stack);
  if (!operation) return false;
  try {
    const headers = [["X-Customers-Verify", stack.marker] as const];
    const { body } = await questioner.ask({
      to: "gateway",
      ...operation,
      token: { of: "customer" },
      headers,
    });
    return body.includes(stack.kind === "jwt" ? stack.marker : stack.customer.organizationId);
  } catch {
    return false;
  }
}
