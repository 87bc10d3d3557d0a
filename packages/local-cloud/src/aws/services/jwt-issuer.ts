// The issuers of JWT authorizers, which API Gateway looks up when it imports a document.
import type { Account } from "../account";
import type { HttpAuthorizer } from "../gateway/http/http-authorizers";
import { AwsError } from "../resource-type";

const lookUpMilliseconds = 1500;

/** @throws AwsError in the words of haandol/cognito-kakao-example#1 */
export async function requireIssuers(authorizers: Iterable<HttpAuthorizer>, account: Account): Promise<void> {
  for (const authorizer of authorizers) {
    if (authorizer.kind !== "jwt") continue;
    const { issuer } = authorizer;
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    if (await isJson(url, account.fetchIssuer)) continue;
    throw new AwsError(
      "BadRequestException",
      `Caught exception when connecting to ${url} for issuer ${issuer}. Please try again later. Error: Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
  }
}

async function isJson(url: string, fetchIssuer: typeof fetch): Promise<boolean> {
  try {
    const response = await fetchIssuer(url, { signal: AbortSignal.timeout(lookUpMilliseconds) });
    await response.json();
    return response.ok;
  } catch {
    return false;
  }
}
