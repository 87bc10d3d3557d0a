// How a client with a key pair proves who it is: by a JWT that it signs for each token, a client assertion (RFC 7523). Auth0
// accepts one whose `aud` is the issuer as a single string; the token URL and lists are at their end of life:
// https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Languages in which there is a program that makes an assertion. */
export const assertionLanguages = ["node", "python", "go", "java"] as const;
export type Language = (typeof assertionLanguages)[number];

const files: Record<Language, string> = {
  node: "assertion.mjs",
  python: "assertion.py",
  go: "assertion.go",
  java: "Assertion.java",
};

export interface Signer {
  clientId: string;
  tokenUrl: string;
}

/** With its slash at the end. An issuer follows the domain of the token URL, a custom one too. */
export function issuerOf(tokenUrl: string): string {
  return new URL("/", tokenUrl).href;
}

/** What an assertion is, as comments of a shell. */
export function explainAssertion({ tokenUrl }: Pick<Signer, "tokenUrl">): string {
  return `# This client has no secret. For each token, sign a new assertion with your private key: a JWT (RS256) with
#   iss and sub: the client id
#   aud: "${issuerOf(tokenUrl)}", a single string, with the slash
#   jti: a value that no other assertion has
#   exp: five minutes from now at most
# Send it as client_assertion, with client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer.
`;
}

/** A whole program that prints an assertion. Its first line says how it is run. */
export function renderProgram(language: Language, { clientId, tokenUrl }: Signer): string {
  return readFileSync(join(__dirname, "assertions", files[language]), "utf8")
    .replace('"CLIENT_ID"', JSON.stringify(clientId))
    .replace('"ISSUER"', JSON.stringify(issuerOf(tokenUrl)));
}
