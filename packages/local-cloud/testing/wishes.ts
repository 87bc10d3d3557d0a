// An authorizer that answers as the token wishes, so that one function serves every case.
import type { Properties } from "../src/engine/provider";

/** Beside what is wished, the context says how often the function was asked. */
export const authorizerCode = `
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  const token = event.authorizationToken ?? event.headers.Authorization ?? event.headers.authorization;
  const { error, hang, ...answer } = JSON.parse(Buffer.from(token.split(/[ .]+/)[1], "base64url"));
  if (hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (error) throw new Error(error);
  const { event: _, ...wished } = answer.context ?? {};
  const context = { ...wished, calls, ...(answer.context?.event && { event: JSON.stringify(event) }) };
  return "raw" in answer ? answer.raw : { principalId: "client", ...answer, context };
};`;

/** A token for which the authorizer gives this answer, over a policy that allows everything. */
export function wish(answer: Properties = {}): string {
  const policyDocument = policy(["Allow", "*"]);
  return `Bearer ${Buffer.from(JSON.stringify({ policyDocument, ...answer })).toString("base64url")}`;
}

export function wishOf(...statements: [effect: string, ...resources: string[]][]): string {
  return wish({ policyDocument: policy(...statements) });
}

function policy(...statements: [effect: string, ...resources: string[]][]): Properties {
  return {
    Version: "2012-10-17",
    Statement: statements.map(([Effect, ...resources]) => ({
      Effect,
      Action: "execute-api:Invoke",
      Resource: resources.map((resource) =>
        resource === "*" ? "*" : `arn:aws:execute-api:eu-central-1:123456789012:*/v1/${resource}`,
      ),
    })),
  };
}
