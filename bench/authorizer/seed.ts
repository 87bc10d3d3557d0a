// An authorizer as the samples have it that this one replaces: jsonwebtoken and jwks-rsa, with their defaults.
// https://github.com/auth0-samples/jwt-rsa-aws-custom-authorizer
import { decode, type JwtPayload, verify } from "jsonwebtoken";
import { JwksClient } from "jwks-rsa";

/** Verifies a token with the key of its `kid`, fetched once; neither issuer nor audience are checked. */
export function createVerifier(jwksUri: string): (token: string) => Promise<JwtPayload> {
  const client = new JwksClient({ jwksUri });
  return async (token) => {
    const key = await client.getSigningKey(decode(token, { complete: true })?.header.kid);
    const claims = verify(token, key.getPublicKey());
    if (typeof claims === "string") throw new Error("the payload is not a JSON object");
    return claims;
  };
}

let verifyToken: ReturnType<typeof createVerifier> | undefined;

/** The Lambda function. Its key set is where JWKS_URI says. */
export async function handler(event: { methodArn: string; authorizationToken: string }) {
  verifyToken ??= createVerifier(process.env.JWKS_URI ?? "");
  const { org_id: principalId } = await verifyToken(event.authorizationToken.replace(/^Bearer /, ""));
  return {
    principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }],
    },
  };
}
