// What the command needs to know of the company, and what is wrong with an answer: pure functions, for flags and questions alike.
//
// The rules repeat the essential ones of customers-as-code, which is not installed yet: `npm create` downloads a few hundred kilobytes
// instead of Pulumi's SDK. In the new folder, `npm test` applies all of them.

export const ciSystems = ["github", "gitlab", "none"] as const;
export const languages = ["typescript", "javascript"] as const;
export type CiSystem = (typeof ciSystems)[number];
export type Language = (typeof languages)[number];

export interface Answers {
  /** Name of the npm package and of the Pulumi project, which is the namespace of its settings. */
  name: string;
  /** Domain of the Auth0 tenant. */
  domain: string;
  /** Identifier of the API in Auth0. */
  audience: string;
  backendUrl: string;
  region: string;
  /** Names of the stacks; the first is the one that the README deploys. */
  stacks: string[];
  ci: CiSystem;
  language: Language;
  /** Who approves changes, as CODEOWNERS names them. */
  owner: string;
}

export const defaults = {
  domain: "example.eu.auth0.com",
  audience: "https://api.example.com/",
  backendUrl: "https://backend.example.com",
  region: "eu-central-1",
  stacks: ["dev"],
  ci: "github",
  language: "typescript",
  owner: "@example/platform",
} as const satisfies Omit<Answers, "name" | "stacks"> & { stacks: readonly string[] };

/** @returns what is wrong and what to do, as the predicate of a sentence about the flag */
export function nameFault(name: string): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    return `is "${name}". Use 1 to 63 lower-case letters, digits and hyphens, beginning with a letter.`;
  }
  return takenNames.get(name)?.(name);
}

const takenNames = new Map([
  // npm refuses a package that depends on its own name.
  ...["customers-as-code", "customers-as-code-local", "create-customers-as-code", "auth0-tenant"].map(
    (name) =>
      [
        name,
        (taken: string) =>
          `is "${taken}", which is the name of a package that the company installs. Choose another name.`,
      ] as const,
  ),
  // The project's name is the namespace of its settings.
  ...["auth0", "aws", "awsx", "pulumi"].map(
    (name) =>
      [
        name,
        (taken: string) => `is "${taken}", the namespace of a provider's settings. Choose another name.`,
      ] as const,
  ),
]);

const local = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/;
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const bareDomain = new RegExp(`^(?=.{1,253}$)(${label}\\.)+${label}$`);

/** Tokens name the tenant in one spelling, and the authorizer compares it character by character. */
export function domainFault(domain: string): string | undefined {
  const isDomain = (text: string) => local.test(text) || bareDomain.test(text);
  if (isDomain(domain)) return undefined;
  const right = domain
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "")
    .replace(/\.$/, "");
  const remedy = isDomain(right) ? `Use "${right}".` : 'Use a bare domain such as "example.eu.auth0.com".';
  return `is "${domain}", which is not a domain as tokens have it: no scheme, no slash, no capital letters. ${remedy}`;
}

export function audienceFault(audience: string): string | undefined {
  if (audience === "") return 'is empty. Use the identifier of your API, such as "https://api.example.com/".';
  if (/[\s\p{C}]/u.test(audience)) {
    return `is "${audience}", which has spaces or invisible characters. Remove them.`;
  }
  if (/^https:\/\/([^/]+\.auth0\.com|localhost(:\d+)?)\/api\/v2\/$/.test(audience)) {
    return `is "${audience}", the identifier of Auth0's Management API: every customer's token could manage the tenant. Use the identifier of your own API.`;
  }
  return undefined;
}

/** API Gateway doesn't forgive what URL parsers do. */
export function backendUrlFault(url: string): string | undefined {
  const isUrl = /^https?:\/\/[^/\\\s?#]/i.test(url) && !/[\s\\]/.test(url) && URL.canParse(url);
  if (!isUrl) return `is "${url}". Use a URL that begins with https:// or http://.`;
  const { username, password } = new URL(url);
  // Without the value, which holds a password.
  if (username !== "" || password !== "") return "has a user name or password. Remove it.";
  if (/[?#]/.test(url)) return `is "${url}". It must end with a host or path, without ? and #.`;
  return undefined;
}

/** Whether AWS has the region is for `npm test`, which knows all of them. */
export function regionFault(region: string): string | undefined {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return undefined;
  return `is "${region}". Use an AWS region such as "eu-central-1".`;
}

/** @param stacks all of them, of which some may be wrong */
export function stackFaults(stacks: readonly string[]): string[] {
  if (stacks.length === 0) return ['names no stack. Use names such as "dev,prod".'];
  const twice = stacks.filter((stack, index) =>
    // Each has a file of its name, and some file systems ignore case.
    stacks.slice(0, index).some((other) => other.toLowerCase() === stack.toLowerCase()),
  );
  return [
    ...stacks.flatMap((stack) => stackFault(stack) ?? []),
    ...[...new Set(twice)].map((stack) => `names "${stack}" twice. Remove one of them.`),
  ];
}

function stackFault(stack: string): string | undefined {
  if (stack.includes("/"))
    return `has "${stack}". Leave the organization out: "${stack.replace(/^.*\//, "")}".`;
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(stack)) {
    return `has "${stack}". Use letters, digits, "-", "_" and ".", beginning with a letter or digit.`;
  }
  if (stack === "local") return 'has "local", the stack of the local cloud. Choose another name.';
  if (/-shard-\d+$/.test(stack)) {
    return `has "${stack}", the name of a shard. Choose another name; the setting "shards" makes the shards.`;
  }
  return undefined;
}

export function splitStacks(given: string): string[] {
  return given.split(/[\s,]+/).filter(Boolean);
}

/** Users and teams as GitHub and GitLab name them, or e-mail addresses. */
export function ownerFault(owner: string): string | undefined {
  const isOwner = (one: string) => /^(@[\w.-]+(\/[\w.-]+)*|[^\s@#]+@[^\s@#]+\.[^\s@#]+)$/.test(one);
  if (owner.trim() !== "" && owner.trim().split(/\s+/).every(isOwner)) return undefined;
  return `is "${owner}". Use a team, a user or an e-mail address, such as "@example/platform".`;
}
