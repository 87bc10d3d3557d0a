// Random pairs of companies: each difference has a sentence that names the thing, and nothing grave is below the first forty lines.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { compareDeclared } from "../../packages/customers-as-code/src/review/changes/compare";
import { renderComment } from "../../packages/customers-as-code/src/review/comment/comment-text";
import { checkReviewable } from "../../packages/customers-as-code/src/review/comment/grave-changes";
import { plan } from "../../packages/customers-as-code/testing/preview-events";
import { type Company, type CustomerData, company, declaredBy, demand, keys } from "../support/company";
import { assign } from "./row";

type Edit = (company: Company) => void;

const ids = ["acme", "globex", "initech", "umbrella", "new-1", "new-2", "constructor"];
const clientNames = ["default", "reports", "warehouse", "keyed", "ci"];
const scopeNames = ["read:orders", "write:orders", "read:invoices", "write:invoices"];
const routes = [
  "/health get",
  "/orders get",
  "/orders post",
  "/orders delete",
  "/invoices get",
  "/stock get",
];

// Files refuse a name that is blank, or begins or ends with a space.
const letters = fc.string({ unit: fc.constantFrom(..."abcXYZ 019@#*_`~[]()!|&-+.:/"), maxLength: 40 });
const text = fc.oneof(
  letters.map((one) => one.trim() || "a"),
  fc.constantFrom("@".repeat(255), "Globex", "Acme Corporation", "{}", "toString", "…", "日本語"),
);
const scopes = fc.subarray(scopeNames, { minLength: 1 });
const url = fc.constantFrom("https://a.example.com", "https://b.example.com/v1", "https://c.example.com");
const client = fc.record(
  {
    scopes,
    rotation: fc.integer({ min: 1, max: 3 }),
    closing: fc.boolean(),
    tokenQuota: fc.record({ perDay: fc.integer({ min: 1, max: 500 }) }),
  },
  { requiredKeys: ["scopes"] },
);
const keyed = fc.record({
  scopes,
  authentication: fc.constant("private_key_jwt"),
  publicKey: fc.constantFrom(keys.first, keys.second),
});
const customer = fc.record(
  {
    displayName: text,
    contact: fc.constantFrom("a@example.com", "b@example.com"),
    status: fc.constantFrom("active", "suspended", "closing"),
    plan: fc.constantFrom("free", "gold"),
    metadata: fc.dictionary(fc.constantFrom("note", "stripeCustomerId", "toString"), text),
    members: fc.uniqueArray(fc.constantFrom("jane@example.com", "joe@example.com")),
    delivery: fc.record({ awsAccountId: fc.constantFrom("111111111111", "222222222222") }),
    clients: fc.dictionary(
      fc.constantFrom(...clientNames),
      fc.oneof({ weight: 4, arbitrary: client }, keyed),
      {
        minKeys: 1,
      },
    ),
  },
  { requiredKeys: ["displayName", "clients"] },
);
const settings: Record<string, fc.Arbitrary<unknown>> = {
  backendUrl: url,
  protect: fc.boolean(),
  removalLimit: fc.constantFrom("10%", "25%", "50%", "100%", "3"),
  tokenLifetime: fc.integer({ min: 60, max: 90_000 }),
  authorizerCacheSeconds: fc.integer({ min: 0, max: 3600 }),
  publicRoutes: fc.subarray(["GET /health", "GET /orders"]),
  replaceable: fc.subarray(ids),
  stageName: fc.constantFrom("v1", "v2"),
  apiType: fc.constantFrom("rest", "http"),
  enforcePlans: fc.boolean(),
  liveSuspensions: fc.boolean(),
  dashboard: fc.boolean(),
  moesifIngestUrl: url,
  backends: fc.dictionary(
    fc.constantFrom("warehouse", "default"),
    fc.record({ kind: fc.constant("http"), url }),
  ),
  tags: fc.dictionary(fc.constantFrom("team", "cost"), fc.constantFrom("a", "b")),
  "auth0:domain": fc.constantFrom("example.eu.auth0.com", "stranger.eu.auth0.com"),
  "aws:region": fc.constantFrom("eu-central-1", "us-east-1"),
  "aws:profile": text,
  remvalLimit: text,
};

const setting = fc.constantFrom(...Object.keys(settings)).chain((key) =>
  fc.option(settings[key] ?? text, { nil: undefined }).map(
    (value): Edit =>
      ({ config }) => {
        const full = key.includes(":") ? key : `customers-as-code:${key}`;
        if (value === undefined) delete config[full];
        else config[full] = value;
      },
  ),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: setting },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...ids), fc.option(customer, { nil: undefined, freq: 8 })).map(
      ([id, value]): Edit =>
        ({ customers }) => {
          if (value === undefined) Reflect.deleteProperty(customers, id);
          else customers[id] = value;
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...clientNames), client).map(
      ([id, name, value]): Edit =>
        ({ customers }) => {
          const found = Object.hasOwn(customers, id) ? customers[id] : undefined;
          if (found) found.clients[name] = value;
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...routes), fc.array(fc.subarray(scopeNames), { maxLength: 2 })).map(
      ([route, alternatives]): Edit =>
        ({ document }) => {
          const [path = "", method = ""] = route.split(" ");
          document.paths[path] = {
            ...document.paths[path],
            [method]: {
              security: demand(...alternatives),
              responses: { "200": { description: "Done." } },
            },
          };
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("protected-customers", "granted-scopes"),
        fc.constantFrom("disabled", "advisory", "mandatory"),
      )
      .map(
        ([name, level]): Edit =>
          ({ policy }) =>
            assign(policy, [name], level),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        "index.ts",
        "packages/customers-as-code/src/review/guards/guards.ts",
        ".github/CODEOWNERS",
      )
      .map(
        (path): Edit =>
          ({ program }) => {
            program[path] = `${program[path]}// other\n`;
          },
      ),
  },
);

/** One difference: what its sentence has, and whether a person must see it first. */
interface Expected {
  /** One of them is in the sentence. */
  names: string[];
  parts: string[];
  isGrave: boolean;
}

/** Told apart from what is tested: from the companies as data. */
function expectedOf(base: Company, head: Company): Expected[] {
  return [
    ...ofSettings(base, head),
    ...ofCustomers(base, head),
    ...ofDocument(base, head),
    ...differingKeys(base.policy, head.policy).map((name) => ({
      names: [`\`${name}\``],
      parts: [],
      isGrave: false,
    })),
    ...differingKeys(base.program, head.program).map((path) => ({
      names: [`\`${path}\``, "the guards", "the program", "the rules of owners"],
      parts: [],
      isGrave: true,
    })),
  ];
}

const graveSettings = [
  "backendUrl",
  "stageName",
  "apiType",
  "moesifIngestUrl",
  "auth0:domain",
  "aws:region",
  "aws:profile",
];

function ofSettings(base: Company, head: Company): Expected[] {
  return differingKeys(base.config, head.config).map((full) => {
    const key = full.replace("customers-as-code:", "");
    const isOff = key === "protect" && head.config[full] === false;
    const isEffective =
      !["stageName", "apiType"].includes(key) ||
      (base.config[full] !== undefined && head.config[full] !== undefined);
    return {
      names: [`\`${key}\``, `\`${key}.`, `\`${full}\``],
      parts: [],
      isGrave: isOff || (isEffective && graveSettings.includes(key)),
    };
  });
}

function ofCustomers(base: Company, head: Company): Expected[] {
  return differingKeys(base.customers, head.customers).flatMap((id): Expected[] => {
    const [old, next] = [of(base.customers, id), of(head.customers, id)];
    if (!old || !next)
      return [{ names: [`\`${id}\``], parts: [], isGrave: !next && old?.status !== "closing" }];
    const { clients: before, ...shared } = old;
    const { clients: after, ...sharedAfter } = next;
    return [
      ...differingKeys(shared, sharedAfter).map((key) => ({
        names: [`\`${id}\``],
        parts: [],
        isGrave:
          key === "status" &&
          (next.status === "suspended" || next.status === "closing") &&
          (old.status ?? "active") === "active",
      })),
      ...differingKeys(withoutDefaults(before), withoutDefaults(after)).flatMap((name): Expected[] => {
        const names = [`client \`${name}\` of \`${id}\``, `\`${id}/${name}\``];
        const [was, is] = [of(before, name), of(after, name)];
        const gained = listOf(is?.scopes).filter((scope) => !listOf(was?.scopes).includes(scope));
        if (!was) return [{ names, parts: [], isGrave: true }];
        return [
          { names, parts: [], isGrave: !is && !was.closing && next.status !== "closing" },
          ...(is ? gained.map((scope) => ({ names, parts: [`\`${scope}\``], isGrave: true })) : []),
        ];
      }),
    ];
  });
}

/** A default that is written changes nothing. */
function withoutDefaults(clients: CustomerData["clients"]): object {
  return Object.fromEntries(
    Object.entries(clients).map(([name, { rotation = 1, closing = false, ...rest }]) => [
      name,
      { ...rest, rotation, closing },
    ]),
  );
}

function ofDocument(base: Company, head: Company): Expected[] {
  const operations = ({ document: { paths } }: Company) =>
    Object.fromEntries(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
      ),
    );
  const [old, next] = [operations(base), operations(head)];
  return differingKeys(old, next).map((route) => {
    const security = next[route]?.security;
    const isPublic = isDeepStrictEqual(security, []) && !isDeepStrictEqual(old[route]?.security, []);
    const [method = "", path = ""] = route.split(" ");
    return {
      names: [`\`${route}\``, `\`paths ${path} ${method.toLowerCase()}`],
      parts: [],
      isGrave: isPublic,
    };
  });
}

function differingKeys(before: object, after: object): string[] {
  const keysOf = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keysOf.filter((key) => !isDeepStrictEqual(of(before, key), of(after, key)));
}

function of<T>(map: Record<string, T>, key: string): T | undefined;
function of(map: object, key: string): unknown;
function of(map: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(map, key)?.value;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function applied(edits: readonly Edit[], to: Company): Company {
  const edited = structuredClone(to);
  for (const one of edits) one(edited);
  return structuredClone(edited);
}

test("every difference has a sentence, and nothing grave is below the first forty lines", () => {
  const edits = fc.array(edit, { maxLength: 5 });
  const start = company();
  fc.assert(
    fc.property(edits, fc.array(edit, { maxLength: 12 }), (ofBase, ofHead) => {
      const base = applied(ofBase, start);
      const head = applied(ofHead, base);
      const changes = compareDeclared(declaredBy(base), declaredBy(head));
      const refusals = checkReviewable(changes);
      const comment = renderComment({ plan: plan(), refusals, lastSeen: {}, changes });
      const first = comment.split("\n").slice(0, 40);
      expect(comment.length).toBeLessThanOrEqual(65_536);
      expect(new Set(changes.map(({ at }) => at)).size).toBe(changes.length);
      for (const { names, parts, isGrave } of expectedOf(base, head)) {
        const isSaid = (line: string) =>
          names.some((name) => line.includes(name)) && parts.every((part) => line.includes(part));
        const said = changes.filter(({ sentence }) => isSaid(sentence));
        expect({ names, parts, said: said.length > 0 }).toEqual({ names, parts, said: true });
        if (!isGrave) continue;
        const shown = first.some(
          (line) => /^- \*\*[a-z ]+\*\*/.test(line) && names.some((name) => line.includes(name)),
        );
        expect({ names, parts, shown }).toEqual({ names, parts, shown: true });
      }
      // What the comparison calls grave itself, whatever it is.
      for (const { name } of changes.filter(({ gravity }) => gravity === "grave")) {
        const shown = first.some(
          (line) => line.startsWith("- **") && (line.includes(name) || isClientIn(line, name)),
        );
        expect({ name, shown }).toEqual({ name, shown: true });
      }
    }),
    { numRuns: 2000 },
  );
}, 600_000);

/** A line of its own names a client as `ci` of `acme`, a group as `acme/ci`. */
function isClientIn(line: string, name: string): boolean {
  const [id, client] = name.replaceAll("`", "").split("/");
  return line.includes(`client \`${client}\` of \`${id}\``);
}
