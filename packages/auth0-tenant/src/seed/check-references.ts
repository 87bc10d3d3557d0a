// Names in a seed: each is given once, and what refers to one finds it.
import { suggest } from "./explain-issue";
import { type Path, renderPath, type SeedFault } from "./seed-problem";
import { defaultConnection } from "./seed-schema";

/** Takes any value, and finds what it can in it: the schema reports the rest. */
export function checkReferences(seed: unknown): SeedFault[] {
  const known = {
    apis: listMaps(seed, "apis"),
    organizations: listMaps(seed, "organizations"),
    clients: listMaps(seed, "clients"),
    connections: listMaps(seed, "connections"),
    roles: listMaps(seed, "roles"),
    users: listMaps(seed, "users"),
  };
  const names = {
    api: namesOf(known.apis, "identifier"),
    organization: namesOf(known.organizations, "name"),
    client: [...namesOf(known.clients, "name"), ...namesOf(known.clients, "client_id")],
    connection: [...namesOf(known.connections, "name"), defaultConnection],
    role: namesOf(known.roles, "name"),
    user: ["email", "username", "user_id"].flatMap((key) => namesOf(known.users, key)),
  };
  const refer = (kind: keyof typeof names, { path, text }: Found): SeedFault[] => {
    const isSame = (name: string) =>
      kind === "user" ? name.toLowerCase() === text.toLowerCase() : name === text;
    if (names[kind].some(isSame)) return [];
    const remedy =
      names[kind].length > 0
        ? suggest(text, names[kind])
        : `Add it under "${kind}s", or remove the reference.`;
    const message = `${renderPath(path)}: the seed has no ${nouns[kind]} "${text}". ${remedy}`;
    return [{ code: "unknown-reference", path, message }];
  };
  const referToScopes = (of: Entry): SeedFault[] => {
    const audience = stringsAt(of, "audience")[0];
    if (!audience || managementApi.test(audience.text)) return [];
    const api = known.apis.find(({ map }) => Reflect.get(map, "identifier") === audience.text);
    if (!api) return refer("api", audience);
    const scopes = scopesOf(api);
    return stringsAt(of, "scope")
      .filter(({ path, text }) => path.length > of.path.length + 1 && !scopes.includes(text))
      .map(({ path, text }) => ({
        code: "unknown-reference",
        path,
        message: `${renderPath(path)}: the API "${audience.text}" has no scope "${text}". ${suggest(text, scopes)}`,
      }));
  };
  const referAll = (kind: keyof typeof names, entries: Entry[], key: string) =>
    entries.flatMap((entry) => stringsAt(entry, key)).flatMap((found) => refer(kind, found));

  const members = known.organizations.flatMap((one) => listMaps(one.map, "members", one.path));
  const enabled = known.organizations.flatMap((one) => listMaps(one.map, "connections", one.path));
  const grants = known.clients.flatMap((one) => listMaps(one.map, "grants", one.path));
  const permissions = known.roles.flatMap((one) => listMaps(one.map, "permissions", one.path));
  return [
    ...findDuplicates(known.apis, "identifier"),
    ...findDuplicates(known.organizations, "name"),
    ...findDuplicates(known.organizations, "id"),
    ...findDuplicates(known.clients, "name"),
    ...findDuplicates(known.clients, "client_id"),
    ...findDuplicates(known.connections, "name"),
    ...findDuplicates(known.roles, "name"),
    ...findDuplicates(known.users, "user_id"),
    ...findDuplicates(known.users, "email", "connection"),
    ...findDuplicates(known.users, "username", "connection"),
    ...known.clients.flatMap((one) =>
      findDuplicates(listMaps(one.map, "grants", one.path), "audience", "subject_type"),
    ),
    ...referAll("user", known.organizations, "members"),
    ...referAll("user", members, "user"),
    ...referAll("role", members, "roles"),
    ...referAll("connection", known.organizations, "connections"),
    ...referAll("connection", enabled, "name"),
    ...referAll("organization", known.clients, "default_organization"),
    ...grants.flatMap(referToScopes),
    ...referAll("organization", grants, "organizations"),
    ...referAll("client", known.connections, "enabled_clients"),
    ...permissions.flatMap(referToScopes),
    ...referAll("connection", known.users, "connection"),
    ...referAll("role", known.users, "roles"),
  ];
}

const nouns = {
  ...{ api: "API", organization: "organization", client: "client", connection: "connection" },
  ...{ role: "role", user: "user" },
};

/** Of whatever domain: a tenant has one. */
const managementApi = /^https:\/\/[^/]+\/api\/v2\/$/;

/** A map of the seed, and where it is. */
interface Entry {
  path: Path;
  map: object;
}

/** A string of the seed, and where it is. */
interface Found {
  path: Path;
  text: string;
}

/** The maps in the list under the key. */
function listMaps(map: unknown, key: string, path: Path = []): Entry[] {
  const list: unknown = typeof map === "object" && map !== null ? Reflect.get(map, key) : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((inner: unknown, at) =>
    typeof inner === "object" && inner !== null ? [{ path: [...path, key, at], map: inner }] : [],
  );
}

/** The string under the key, or the strings of the list there. */
function stringsAt({ path, map }: Entry, key: string): Found[] {
  const value: unknown = Reflect.get(map, key);
  if (typeof value === "string") return [{ path: [...path, key], text: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, at) =>
    typeof text === "string" ? [{ path: [...path, key, at], text }] : [],
  );
}

function namesOf(entries: readonly Entry[], key: string): string[] {
  return entries.flatMap((entry) => stringsAt(entry, key).map(({ text }) => text));
}

function scopesOf(api: Entry): string[] {
  const inMaps = listMaps(api.map, "scopes");
  return [...namesOf([api], "scopes"), ...namesOf(inMaps, "value")];
}

/** @param within entries may share the name if they differ in this key */
function findDuplicates(entries: readonly Entry[], key: string, within?: string): SeedFault[] {
  const first = new Map<string, Path>();
  return entries.flatMap((entry) => {
    const [found] = stringsAt(entry, key);
    if (!found) return [];
    const apart = within === undefined ? "" : String(Reflect.get(entry.map, within) ?? "");
    const name = `${found.text.toLowerCase()} ${apart}`;
    const before = first.get(name);
    if (!before) {
      first.set(name, found.path);
      return [];
    }
    const message = `${renderPath(found.path)} is "${found.text}", as ${renderPath(before)} is. Rename or remove one of them.`;
    return [{ code: "duplicate", path: found.path, message }];
  });
}
