// `--adapt-security`: makes a document one whose tokens the gateway can check, with a single client credentials scheme.
import type { Document } from "yaml";
import { asRecord, isRecord } from "./record";

/** What was changed, in sentences; or why nothing was. */
export type Adaptation = { changes: string[] } | { fault: string };

/**
 * Changes the document in place. Public operations stay public; every other one requires a token of the scheme.
 * @param schemes names of the client credentials schemes that the document has
 * @param tokenUrl of a scheme that is added
 */
export function adaptSecurity(document: Document, schemes: readonly string[], tokenUrl: string): Adaptation {
  const top = asRecord(document.toJS());
  const paths = Object.entries(asRecord(top.paths));
  const elsewhere = paths.find(([, item]) => typeof asRecord(item).$ref === "string");
  if (elsewhere) {
    return {
      fault: `has the operations of "${elsewhere[0]}" in another place. Bundle the document so that all are under paths, or remove --adapt-security.`,
    };
  }
  const changes: string[] = [];
  const [found] = schemes;
  const scheme = found ?? freeName(asRecord(asRecord(top.components).securitySchemes));
  if (found === undefined) {
    document.setIn(["components", "securitySchemes", scheme], document.createNode(newScheme(tokenUrl)));
    changes.push(`Added the security scheme "${scheme}" with the scopes read and write.`);
  }
  // A document that never speaks of security doesn't say that anyone may call.
  const isSilent =
    top.security === undefined &&
    !paths.some(([, item]) => operationsOf(item).some(([, { security }]) => security !== undefined));
  const shared = requirementsFor(top.security, scheme);
  const isSharedRight = shared !== undefined && isSame(shared, top.security);
  let adapted = 0;
  for (const [path, item] of paths) {
    for (const [method, { security: own }] of operationsOf(item)) {
      if (own === undefined && isSharedRight) continue;
      const kept = isSilent ? undefined : requirementsFor(own ?? top.security, scheme);
      const security = kept ?? [{ [scheme]: found === undefined ? [scopeFor(method)] : [] }];
      if (isSame(own, security)) continue;
      document.setIn(["paths", path, method, "security"], document.createNode(security));
      if (security.length > 0) adapted += 1;
    }
  }
  // Each operation has its own by now.
  if (!isSharedRight) document.delete("security");
  const operations = adapted === 1 ? "1 operation requires" : `${adapted} operations require`;
  if (adapted > 0) changes.push(`${operations} a token of "${scheme}" and nothing else.`);
  return { changes };
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

function operationsOf(item: unknown): [method: string, operation: Record<string, unknown>][] {
  return Object.entries(asRecord(item)).flatMap(([method, operation]) =>
    methods.includes(method) && isRecord(operation) ? [[method, operation]] : [],
  );
}

/** @returns what is left without other schemes; empty for a public operation, and undefined if nothing is left */
function requirementsFor(security: unknown, scheme: string): Record<string, unknown>[] | undefined {
  const requirements = Array.isArray(security) ? security.map(asRecord) : [];
  // An empty requirement makes the token optional.
  if (requirements.length === 0 || requirements.some((one) => Object.keys(one).length === 0)) return [];
  const kept = requirements.filter((one) => Object.keys(one).join() === scheme);
  return kept.length > 0 ? kept : undefined;
}

function scopeFor(method: string): string {
  return method === "get" || method === "head" ? "read" : "write";
}

function newScheme(tokenUrl: string) {
  const scopes = { read: "Read", write: "Create, change and delete" };
  return { type: "oauth2", flows: { clientCredentials: { tokenUrl, scopes } } };
}

function freeName(taken: Record<string, unknown>, name = "customers"): string {
  return Object.hasOwn(taken, name) ? freeName(taken, `${name}Token`) : name;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
