// Names that pass from one organization to another: Auth0 refuses them in the middle of a deployment, so the program does before it.
import { checkOrganizationNames } from "../../src/deployment/organization-names";
import { formatProblem } from "../../src/problems/problem";

type Declared = Parameters<typeof checkOrganizationNames>[0]["declared"][number];

/** @param last by customer, the name at the last deployment */
const check = (declared: Declared[], last: Record<string, string | undefined>) =>
  checkOrganizationNames({
    declared,
    deployed: Object.fromEntries(
      Object.entries(last).map(([id, organization]) => [
        id,
        organization === undefined ? {} : { organization },
      ]),
    ),
    placeOf: (id) => ({ file: `customers/${id}.yaml`, line: 2, column: 15 }),
  }).map(formatProblem);

const one = (id: string, organization = id, previously?: string): Declared => ({
  ...{ id, organization },
  ...(previously !== undefined && { previously }),
});

const taken = (id: string, name: string, by: string, remedy: string) =>
  `customers/${id}.yaml:2:15  organization name "${name}" is that of customer ${by} until this deployment has ended, and Auth0 refuses a name that is taken. ${remedy}`;

test("names that stay, new ones, and those that nobody has any more are accepted", () => {
  expect(
    check([one("acme"), one("globex", "globex-eu"), one("new")], { acme: "acme", globex: "globex" }),
  ).toEqual([]);
  expect(check([one("stark", "acme", "acme")], { acme: "acme" })).toEqual([]);
  expect(check([one("acme"), one("globex", "acme-eu")], { acme: undefined, globex: undefined })).toEqual([]);
});

test("a swap is refused on both sides, with the way by a third name", () => {
  const by = (id: string, third: string) =>
    `Deploy a third name of ${id} first, such as "${third}", and the names that you want after it.`;
  expect(check([one("acme", "globex"), one("globex", "acme")], { acme: "acme", globex: "globex" })).toEqual([
    taken("acme", "globex", "globex", by("acme", "globex-new")),
    taken("globex", "acme", "acme", by("globex", "acme-new")),
  ]);
});

test("a circle of three is a swap, and a chain is deployed from its end", () => {
  const last = { a: "a", b: "b", c: "c" };
  const circle = check([one("a", "b"), one("b", "c"), one("c", "a")], last);
  expect(circle.map((problem) => /third name of (\w)/.exec(problem)?.[1])).toEqual(["a", "b", "c"]);
  expect(check([one("a", "b"), one("b", "c"), one("c", "d")], last)).toEqual([
    taken("a", "b", "b", 'Deploy the new name of b first ("c"), and that of a after it.'),
    taken("b", "c", "c", 'Deploy the new name of c first ("d"), and that of b after it.'),
  ]);
  // Whoever waits for a circle is not in it.
  expect(check([one("x", "a"), one("a", "b"), one("b", "a2")], { a: "a", b: "b" })[0]).toContain(
    'Deploy the new name of a first ("b")',
  );
});

test("the name of a customer that goes is refused for a new one, since the engine deletes last", () => {
  expect(check([one("wayne", "acme")], { acme: "acme" })).toEqual([
    taken(
      "wayne",
      "acme",
      "acme",
      'Deploy the removal of acme first, and wayne after it; if they are one customer, write "previously: acme" in the file of wayne.',
    ),
  ]);
});

test("a customer with a new id still has its own name, and so has another one after it", () => {
  const last = { acme: "acme", globex: "globex" };
  expect(check([one("stark", "globex", "acme"), one("globex", "stark")], last)).toEqual([
    taken(
      "stark",
      "globex",
      "globex",
      'Deploy the new name of globex first ("stark"), and that of stark after it.',
    ),
  ]);
});

test("a third name is no longer than Auth0 allows", () => {
  const long = "a".repeat(50);
  const [problem = ""] = check([one("acme", long), one("b", "acme")], { acme: "acme", b: long });
  const [, third = ""] = /such as "([^"]+)"/.exec(problem) ?? [];
  expect(third).toHaveLength(50);
});
