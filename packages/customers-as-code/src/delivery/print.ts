// One customer's credentials as text: a pure function from a stack's outputs.
import type { ProblemCode } from "../problems/codes";
import { CodedError } from "../problems/command";
import { asRecord, getOwn, isRecord } from "../problems/record";
import { suggestCandidates } from "../problems/suggestion";
import { explainAssertion, issuerOf, type Language, renderProgram } from "./assertion";

export const credentialFormats = ["env", "json", "curl"] as const;
export type Format = (typeof credentialFormats)[number];

export interface PrintRequest {
  /** The stack's, with secrets in clear, as `pulumi stack output --json --show-secrets` gives them. */
  outputs: unknown;
  customer: string;
  /** Only this one of its clients. */
  client?: string;
  format: Format;
  /** Instead of the format: a program in this language that makes the assertions of a client with a key pair. */
  program?: Language;
  /** The old credentials of a rotation, and not the new ones. */
  retiring: boolean;
}

/** What one client needs. */
interface Printed {
  clientId: string;
  clientSecret?: string;
  tokenUrl: string;
  /** The `aud` of the assertions of a client without a secret. */
  assertionAudience?: string;
  audience: string;
  scopes: string[];
  /** Of the API; absent if the outputs are a shard's, which has no API. */
  url?: string;
}

/** Says why there is nothing to print. */
export class NothingToPrint extends CodedError {
  constructor(message: string, code: ProblemCode = "credentials-unavailable") {
    super(code, message);
  }
}

/** @throws {NothingToPrint} */
export function printCredentials(request: PrintRequest): string {
  const { outputs, customer, client, format, program, retiring } = request;
  const clients = clientsOf(asRecord(outputs), customer);
  if (client !== undefined && !Object.hasOwn(clients, client)) {
    throw new NothingToPrint(
      `${customer} has no client "${client}". ${suggestCandidates(client, Object.keys(clients))}`,
      "client-unknown",
    );
  }
  const chosen = Object.entries(clients).filter(([name]) => client === undefined || name === client);
  const printed = chosen.flatMap(([name, value]) => {
    const found = read(asRecord(outputs), asRecord(value), retiring);
    return found ? [[name, found] as const] : [];
  });
  if (printed.length === 0) {
    throw new NothingToPrint(
      `No client of ${customer} that you ask for has an old secret: none of them is rotating.`,
    );
  }
  if (program !== undefined) return printProgram(customer, printed, program);
  const [first] = printed;
  // By all clients that there are: what is printed of one may be appended to what was printed of another.
  const isOnly = Object.keys(clients).length === 1;
  const names = printed.map(([name]) => name);
  if (format === "env") refuseSameNames(names);
  if (format === "json") {
    return `${JSON.stringify(client === undefined ? Object.fromEntries(printed) : first?.[1], null, 2)}\n`;
  }
  return printed
    .map(([name, one]) =>
      format === "env"
        ? `# ${customer}/${name}\n${renderEnv(one, isOnly ? "" : `${constant(name)}_`)}`
        : `# ${customer}/${name}\n${renderCurl(one)}`,
    )
    .join("\n");
}

/** @throws {NothingToPrint} unless it is one client, and has a key pair */
function printProgram(
  customer: string,
  printed: readonly (readonly [name: string, one: Printed])[],
  language: Language,
): string {
  const keyed = printed.filter(([, { clientSecret }]) => clientSecret === undefined);
  const [first, ...others] = keyed;
  if (!first) {
    throw new NothingToPrint(
      `No client of ${customer} that you ask for has a key pair. For one with a secret, print --format curl.`,
    );
  }
  if (others.length > 0) {
    const names = keyed.map(([name]) => name).join(", ");
    throw new NothingToPrint(`Name one client of ${customer} with --client: ${names}.`);
  }
  return renderProgram(language, first[1]);
}

function clientsOf(outputs: Record<string, unknown>, customer: string): Record<string, unknown> {
  const { credentials, customers } = outputs;
  if (!isRecord(credentials)) {
    throw new NothingToPrint('The stack has no output "credentials": has it been deployed?');
  }
  const clients = getOwn(credentials, customer);
  if (!isRecord(clients)) {
    throw new NothingToPrint(
      `The stack has no customer "${customer}". ${suggestCandidates(customer, Object.keys(credentials))} A new customer is there after its deployment.`,
      "customer-unknown",
    );
  }
  const { status } = asRecord(getOwn(asRecord(customers), customer));
  if (status !== "active") {
    throw new NothingToPrint(
      `${customer} is ${status}: its credentials would get 403. Resume it first: npx customers resume ${customer}`,
    );
  }
  return clients;
}

/** Whoever reads a .env file keeps the last of two values of one name. */
function refuseSameNames(clients: readonly string[]): void {
  const prefixes = clients.map(constant);
  const prefix = prefixes.find((one, at) => prefixes.indexOf(one) < at);
  if (prefix === undefined) return;
  const same = clients.filter((name) => constant(name) === prefix);
  throw new NothingToPrint(
    `The names of ${same.join(" and ")} are the same in a .env file: ${prefix}_. Print each into a file of its own with --client, or use --format json.`,
  );
}

function read(
  outputs: Record<string, unknown>,
  client: Record<string, unknown>,
  retiring: boolean,
): Printed | undefined {
  if (retiring && !isRecord(client.retiring)) return undefined;
  const { clientId, clientSecret } = retiring ? asRecord(client.retiring) : client;
  const { tokenUrl, audience, scopes } = client;
  const { url } = outputs;
  return {
    clientId: String(clientId),
    ...(typeof clientSecret === "string" && { clientSecret }),
    tokenUrl: String(tokenUrl),
    ...(typeof clientSecret !== "string" && { assertionAudience: issuerOf(String(tokenUrl)) }),
    audience: String(audience),
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    ...(typeof url === "string" && { url }),
  };
}

function renderEnv(
  { clientId, clientSecret, tokenUrl, audience, scopes, url }: Printed,
  prefix: string,
): string {
  const lines = {
    CLIENT_ID: clientId,
    ...(clientSecret !== undefined && { CLIENT_SECRET: clientSecret }),
    TOKEN_URL: tokenUrl,
    AUDIENCE: audience,
    SCOPES: scopes.join(" "),
    ...(url !== undefined && { API_URL: url }),
  };
  const variables = Object.entries(lines)
    .map(([name, value]) => `${prefix}${name}=${quoteEnv(value)}\n`)
    .join("");
  return clientSecret === undefined ? explainAssertion({ tokenUrl }) + variables : variables;
}

/** Gets a token; the secret goes on the command line, as in Auth0's own examples. */
function renderCurl({ clientId, clientSecret, tokenUrl, audience }: Printed): string {
  const form = {
    grant_type: "client_credentials",
    ...(clientSecret === undefined
      ? { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" }
      : { client_id: clientId, client_secret: clientSecret }),
    audience,
  };
  const fields = Object.entries(form).map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`);
  // The customer signs it with a key that nobody else has.
  if (clientSecret === undefined) fields.push('--data-urlencode "client_assertion=$CLIENT_ASSERTION"');
  const command = `curl -sS ${quote(tokenUrl)} ${fields.join(" ")}\n`;
  return clientSecret === undefined ? explainAssertion({ tokenUrl }) + command : command;
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w:/.=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For both a shell and the readers of .env files, which know no way to write a `'` within `'`. */
function quoteEnv(value: string): string {
  return value.includes("'") ? `"${value.replaceAll(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

/** `build-server` → `BUILD_SERVER` */
function constant(name: string): string {
  const upper = name.toUpperCase().replaceAll("-", "_");
  return /^\d/.test(upper) ? `_${upper}` : upper;
}
