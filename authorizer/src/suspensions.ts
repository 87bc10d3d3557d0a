// Who may not call although the token is good: the deployed list, and one that reaches the running function.
import { readParameter, readS3Object } from "./aws-read";
import type { Caller } from "./claims";
import type { AuthorizerConfig, Lifetimes, LiveSuspensions, Suspended } from "./config";
import { readJson } from "./json";
import type { DenyReason } from "./reason";
import { Renewed } from "./renewed";

/**
 * Half a minute while there are requests, a minute where they are rare. When the list cannot be read, the last one
 * counts for an hour; then we cannot decide: who can keep the list from us must not win a suspended customer's access.
 */
const defaultLifetimes: Lifetimes = { refreshSeconds: 30, waitSeconds: 60, limitSeconds: 3600 };

export class Suspensions {
  private readonly organizations: ReadonlySet<string> | undefined;
  private readonly deployed: Lists;
  private readonly live: Renewed<Lists> | undefined;

  constructor(
    { organizations, suspended, liveSuspensions }: Omit<AuthorizerConfig, "routes">,
    report: (error: unknown) => void,
  ) {
    this.organizations = organizations === "any" ? undefined : new Set(organizations);
    this.deployed = new Lists(suspended);
    if (!liveSuspensions) return;
    const read = async () => new Lists(parseSuspended(await readSource(liveSuspensions)));
    const lifetimes = { ...defaultLifetimes, ...liveSuspensions };
    this.live = new Renewed<Lists>(undefined, read, lifetimes, "suspensions_unavailable", report);
  }

  /** @throws {Fault} @throws {MustWait} */
  reasonToDeny(caller: Caller): DenyReason | undefined {
    if (this.organizations?.has(caller.organizationId) === false) return "organization_not_listed";
    return this.deployed.find(caller) ?? this.live?.current.find(caller);
  }
}

class Lists {
  private readonly organizations: ReadonlySet<string>;
  private readonly clients: ReadonlySet<string>;
  private readonly tokens: ReadonlySet<string>;

  constructor({ organizations = [], clients = [], tokens = [] }: Partial<Suspended>) {
    this.organizations = new Set(organizations);
    this.clients = new Set(clients);
    this.tokens = new Set(tokens);
  }

  find({ organizationId, clientId, jti, tokenId }: Caller): DenyReason | undefined {
    if (this.organizations.has(organizationId)) return "organization_suspended";
    if (this.clients.has(clientId)) return "client_suspended";
    if (this.tokens.has(tokenId) || (jti !== undefined && this.tokens.has(jti))) return "token_revoked";
    return undefined;
  }
}

function readSource(source: LiveSuspensions): Promise<string> {
  return source.kind === "ssm" ? readParameter(source.name) : readS3Object(source.bucket, source.key);
}

/** @throws where the text is anything else: a misspelt member must not suspend nobody. */
function parseSuspended(text: string): Partial<Suspended> {
  const value = readJson(text);
  if (!isSuspended(value)) {
    throw new Error(
      'the list of suspensions must be a JSON object with "organizations", "clients" and "tokens", each a list of texts',
    );
  }
  return value;
}

function isSuspended(value: unknown): value is Partial<Suspended> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, list]) =>
        ["organizations", "clients", "tokens"].includes(name) &&
        Array.isArray(list) &&
        list.every((id) => typeof id === "string"),
    )
  );
}
