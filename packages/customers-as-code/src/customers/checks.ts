// What a schema cannot say: how the parts of a customer file fit together, and the files among themselves.
import type { ProblemCode } from "../problems/codes";
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { checkRotation, utcDateOf } from "./check-rotation";

/** Looks at the plain value, so that clients are checked in a file that has other problems too. */
export function checkClients(source: Source, scopes: readonly string[]): Problem[] {
  const clients = Object.entries(asRecord(asRecord(source.value).clients));
  const today = utcDateOf(new Date());
  const checked = clients.flatMap(([name, value]) => [
    ...checkScopes(source, name, asRecord(value).scopes, scopes),
    ...checkAuthentication(source, name, asRecord(value)),
    ...checkRotation(source, name, asRecord(value), today),
  ]);
  const renames = clients.map(([name, value]) => ({
    name,
    previously: asRecord(value).previously,
    place: source.at(["clients", name, "previously"]),
    prefix: `clients.${name}.`,
  }));
  return [...checked, ...checkRenames("client", renames)];
}

/** The engine would make one membership, and then refuse to make it again. */
export function checkMembers(source: Source): Problem[] {
  const { members } = asRecord(source.value);
  const emails = (Array.isArray(members) ? members : []).map((email) => String(email).toLowerCase());
  return emails.flatMap((email, index): Problem[] => {
    if (emails.indexOf(email) === index) return [];
    const message = `members: "${email}" is listed twice. Remove one.`;
    return [{ ...source.at(["members", index]), code: "member-listed-twice", message }];
  });
}

/** What a file is known by, as far as it can be reported where it has problems. */
export interface Named {
  id: string;
  organization: string;
  source: Source;
}

/**
 * An organization's name is unique in its tenant; two endings make two files of one id; a rename leaves no old file; and what people
 * know a customer by is nobody else's.
 */
export function checkTogether(named: readonly Named[]): Problem[] {
  const problems: Problem[] = [];
  const organizations = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { id, organization, source } of named) {
    const at = source.at(["organization"]);
    const other = ids.get(id);
    if (other !== undefined) {
      const message = `customer "${id}" is declared by ${other} too. Keep one.`;
      problems.push({ ...source.at([]), code: "customer-declared-twice", message });
      continue;
    }
    ids.set(id, at.file);
    const taken = organizations.get(organization);
    if (taken !== undefined) {
      const message = `organization name "${organization}" is taken by ${taken}`;
      problems.push({ ...at, code: "organization-name-taken", message });
    } else {
      organizations.set(organization, `${at.file}:${at.line}:${at.column}`);
    }
  }
  const renames = named.map(({ id, source }) => ({
    name: id,
    previously: asRecord(source.value).previously,
    place: source.at(["previously"]),
    prefix: "",
  }));
  problems.push(...checkRenames("customer", renames));
  // Files with a problem are left out: one of them may be a copy of the other, which is reported already.
  const reported = new Set(problems.map(({ file }) => file));
  return [...problems, ...checkDisplayNames(named.filter(({ source }) => !reported.has(source.file)))];
}

function checkDisplayNames(named: readonly Named[]): Problem[] {
  const taken = new Map<string, string>();
  return named.flatMap(({ source }): Problem[] => {
    const { displayName } = asRecord(source.value);
    if (typeof displayName !== "string") return [];
    const at = source.at(["displayName"]);
    const other = taken.get(lookOf(displayName));
    if (other === undefined) {
      taken.set(lookOf(displayName), `${at.file}:${at.line}:${at.column}`);
      return [];
    }
    const message = `displayName: "${displayName}" is also the name at ${other}; case and spaces make no difference. Give one of them another name.`;
    return [{ ...at, code: "display-name-taken", message }];
  });
}

/** The same for names that look alike: capitals, spaces, and the forms in which Unicode has one character. */
function lookOf(name: string): string {
  return name.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toUpperCase().normalize("NFKC");
}

function checkScopes(source: Source, client: string, listed: unknown, scopes: readonly string[]): Problem[] {
  return (Array.isArray(listed) ? listed : []).flatMap((scope: unknown, index, all): Problem[] => {
    if (typeof scope !== "string") return [];
    const at = source.at(["clients", client, "scopes", index]);
    const prefix = `clients.${client}.scopes: "${scope}"`;
    // An API without scopes is the document's problem.
    if (scopes.length > 0 && !scopes.includes(scope)) {
      const message = `${prefix} is not a scope of the API. ${suggestCandidates(scope, scopes)}`;
      return [{ ...at, code: "scope-not-in-api", message }];
    }
    return all.indexOf(scope) < index
      ? [{ ...at, code: "scope-listed-twice", message: `${prefix} is listed twice. Remove one.` }]
      : [];
  });
}

function checkAuthentication(source: Source, name: string, client: Record<string, unknown>): Problem[] {
  const { authentication = "client_secret", publicKey } = client;
  const path = ["clients", name];
  if (authentication === "private_key_jwt" && publicKey === undefined) {
    const message = `clients.${name}.publicKey: is missing, which "private_key_jwt" needs. Ask the customer for it.`;
    return [{ ...source.at([...path, "authentication"]), code: "public-key-missing", message }];
  }
  if (authentication === "client_secret" && publicKey !== undefined) {
    // Which a rotated key leaves, and by which the secret would be another client's.
    const rotationToo = client.rotation === undefined ? "" : " and rotation";
    const message = `clients.${name}.publicKey: has no effect with a client secret. Remove it${rotationToo}, or add "authentication: private_key_jwt".`;
    return [{ ...source.atKey(path, "publicKey"), code: "public-key-unused", message }];
  }
  return [];
}

interface Rename {
  name: string;
  previously: unknown;
  place: { file: string; line: number; column: number };
  prefix: string;
}

/** An old name that is somebody's would give one set of resources to two. */
function checkRenames(noun: "customer" | "client", renames: readonly Rename[]): Problem[] {
  const names = new Set(renames.map(({ name }) => name));
  const claims = new Map<string, string>();
  return renames.flatMap(({ name, previously, place, prefix }) => {
    if (typeof previously !== "string") return [];
    const problem = (code: ProblemCode, reason: string): Problem[] => [
      { ...place, code, message: `${prefix}previously: "${previously}" ${reason}` },
    ];
    if (previously === name) {
      return problem("previously-same-name", `is the name that the ${noun} has now. Remove the line.`);
    }
    if (names.has(previously)) {
      const reason = `is a ${noun} that still exists. Rename that one, or remove this line.`;
      return problem("previously-still-exists", reason);
    }
    const claim = claims.get(previously);
    if (claim !== undefined) {
      const reason = `is also in ${claim}. Only one of them can have had this name: remove the other line.`;
      return problem("previously-claimed-twice", reason);
    }
    claims.set(previously, `${place.file}:${place.line}:${place.column}`);
    return [];
  });
}
