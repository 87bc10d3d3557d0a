import { known } from "../../../../test/support/recorder";
import {
  deniedOrganizations,
  type Organizations,
  rememberOrganizations,
} from "../../src/deployment/denied-organizations";

const now = new Date("2026-11-30T12:00:00Z");
const since = "2026-11-30T01:00:00Z";

type Status = "active" | "suspended" | "closing";

function customer(id: string, status: Status = "active", more: { previously?: string } = {}) {
  return { id, status, displayName: id, organization: id, metadata: {}, clients: [], ...more };
}

/** @param last organization of each deployed customer, by id @param current organization of each declared one */
function organizations(
  declared: ReturnType<typeof customer>[],
  last: Record<string, string>,
  current: Record<string, string>,
  more: Partial<Organizations> = {},
): Organizations {
  return {
    former: {},
    imports: { customers: {} },
    declared,
    deployed: Object.fromEntries(
      Object.entries(last).map(([id, organizationId]) => [
        id,
        { status: "active", organizationId, clients: {} },
      ]),
    ),
    current: declared.flatMap(({ id, status }) => {
      const organizationId = current[id];
      return organizationId === undefined ? [] : [{ id, status, organizationId }];
    }),
    ...more,
  };
}

const denied = (...args: Parameters<typeof organizations>) =>
  known(deniedOrganizations(organizations(...args)));
const remembered = (...args: Parameters<typeof organizations>) =>
  known(rememberOrganizations(organizations(...args), now));
const former = (customer: string, more: { replaced?: true } = {}) => ({
  former: { org_1: { customer, since, ...more } },
});
const imports = (id: string) => ({
  imports: { customers: { [id]: { organization: { id: "org_1", keeps: [] }, clients: {} } } },
});

test("whoever is not active is denied, by the organization of now and of before", async () => {
  const declared = [customer("a"), customer("b", "suspended"), customer("c", "closing")];
  const before = { a: "org_a", b: "org_b", c: "org_c" };
  expect(await denied(declared, before, before)).toEqual(["org_b", "org_c"]);
  expect(await denied(declared, before, { ...before, b: "org_2" })).toEqual(["org_2", "org_b", "org_c"]);
  expect(await denied(declared, {}, { b: "org_b" })).toEqual(["org_b"]);
});

test("whoever has no file is denied", async () => {
  expect(await denied([customer("a")], {}, { a: "org_a" }, former("gone"))).toEqual(["org_1"]);
});

test("whose file is back has the organization again, or another one, and then that one stays denied", async () => {
  expect(await denied([customer("a")], {}, { a: "org_1" }, former("a"))).toEqual([]);
  expect(await denied([customer("a")], {}, { a: "org_2" }, former("a"))).toEqual(["org_1"]);
  expect(await denied([customer("a", "suspended")], {}, { a: "org_2" }, former("a"))).toEqual([
    "org_2",
    "org_1",
  ]);
  expect(
    await denied([customer("new", "active", { previously: "a" })], {}, { new: "org_1" }, former("a")),
  ).toEqual([]);
  expect(await remembered([customer("a")], {}, { a: "org_1" }, former("a"))).toEqual({});
  expect(await remembered([customer("a")], {}, { a: "org_2" }, former("a"))).toEqual(former("a").former);
});

test("a customer that imports it has it once it does, and not by saying so", async () => {
  const more = { ...former("gone"), ...imports("a") };
  expect(await denied([customer("a")], {}, { a: "org_1" }, more)).toEqual([]);
  expect(await denied([customer("a", "suspended")], {}, { a: "org_1" }, more)).toEqual(["org_1"]);
  expect(await denied([customer("a")], { a: "org_a" }, { a: "org_a" }, more)).toEqual(["org_1"]);
  expect(await remembered([customer("a")], {}, { a: "org_1" }, more)).toEqual({});
  expect(await remembered([customer("a")], { a: "org_a" }, { a: "org_a" }, more)).toEqual(more.former);
});

test("an organization that is replaced follows its customer's status in the deployments after that", async () => {
  const replaced = { org_1: { customer: "a", since: now.toISOString(), replaced: true } };
  expect(await denied([customer("a")], { a: "org_1" }, { a: "org_2" })).toEqual([]);
  expect(await remembered([customer("a")], { a: "org_1" }, { a: "org_2" })).toEqual(replaced);
  const next = former("a", { replaced: true });
  expect(await denied([customer("a")], { a: "org_2" }, { a: "org_2" }, next)).toEqual([]);
  expect(await denied([customer("a", "suspended")], { a: "org_2" }, { a: "org_2" }, next)).toEqual([
    "org_2",
    "org_1",
  ]);
  expect(await denied([], {}, {}, next)).toEqual(["org_1"]);
});

test("what a preview cannot know yet, of new customers alone, keeps nobody's list waiting", async () => {
  const declared = [customer("a"), customer("new")];
  const unknown = organizations(declared, { a: "org_a" }, { a: "org_a" });
  const never = new Promise<string>(() => undefined);
  const current = [...unknown.current, { id: "new", status: "active" as const, organizationId: never }];
  expect(await known(deniedOrganizations({ ...unknown, current }))).toEqual([]);
  expect(await known(rememberOrganizations({ ...unknown, current }, now))).toEqual({});
});
