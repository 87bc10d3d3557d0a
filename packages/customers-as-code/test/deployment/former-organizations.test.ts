import {
  findFormerOrganizations,
  forgetExpired,
  isDenied,
  type Remembered,
  successorOf,
} from "../../src/deployment/former-organizations";

const now = new Date("2026-11-30T12:00:00Z");
const since = now.toISOString();
const long = "2026-11-01T12:00:00.000Z";

const deployed = (...ids: string[]) =>
  Object.fromEntries(
    ids.map((id) => [id, { status: "suspended", organizationId: `org_${id}`, clients: {} }]),
  );
const declared = (id: string, previously?: string) => ({
  id,
  status: "active" as const,
  ...(previously !== undefined && { previously }),
});

const find = (given: Partial<Remembered>) =>
  findFormerOrganizations({ former: {}, deployed: {}, declared: [], ...given }, now);

test("a customer whose file has gone leaves an organization, and one that is renamed does not", () => {
  expect(
    find({ deployed: deployed("a", "b", "c"), declared: [declared("a"), declared("new", "b")] }),
  ).toEqual({
    org_c: { customer: "c", since },
  });
});

test("those of before are kept with their date, however often it is deployed", () => {
  const former = { org_c: { customer: "c", since: long } };
  expect(find({ former })).toEqual(former);
  expect(find({ former, deployed: deployed("c") })).toEqual(former);
});

test("what a declared customer has is none", () => {
  const former = { org_a: { customer: "a", since: long }, org_b: { customer: "b", since: long } };
  expect(find({ former, deployed: deployed("a"), declared: [declared("a")] })).toEqual({
    org_b: former.org_b,
  });
});

test("a customer that was deployed without an organization leaves none", () => {
  expect(find({ deployed: { a: { status: "active", clients: {} } } })).toEqual({});
});

test("names that every object has are names like others", () => {
  expect(find({ deployed: deployed("constructor"), declared: [declared("a")] })).toEqual({
    org_constructor: { customer: "constructor", since },
  });
  expect(find({ deployed: {}, declared: [declared("constructor")] })).toEqual({});
});

describe("of a former organization", () => {
  const gone = { customer: "a", since };
  const replaced = { ...gone, replaced: true as const };

  test("the successor has the customer's name, or had it", () => {
    expect(successorOf(gone, [declared("b", "a")])).toEqual(declared("b", "a"));
    expect(successorOf(gone, [declared("b", "a"), declared("a")])).toEqual(declared("a"));
    expect(successorOf(gone, [declared("b")])).toBeUndefined();
  });

  test("calls are denied, unless it was replaced and its customer is active", () => {
    const suspended = { ...declared("a"), status: "suspended" as const };
    expect([undefined, suspended, declared("a")].map((one) => isDenied(gone, one))).toEqual([
      true,
      true,
      true,
    ]);
    expect([undefined, suspended, declared("a")].map((one) => isDenied(replaced, one))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test("one is forgotten once its tokens have expired and Auth0 has it no more, and not before", async () => {
  const former = {
    org_fresh: { customer: "fresh", since: "2026-11-30T11:00:00Z" },
    org_gone: { customer: "gone", since: long },
    org_there: { customer: "there", since: long },
    org_unreadable: { customer: "", since: "" },
  };
  const asked: string[] = [];
  const exists = async (id: string) => {
    asked.push(id);
    return id !== "org_gone";
  };
  const kept = await forgetExpired(former, { lifetime: 86_400, now, exists });
  expect(Object.keys(kept)).toEqual(["org_fresh", "org_there", "org_unreadable"]);
  expect(asked).toEqual(["org_gone", "org_there", "org_unreadable"]);
});
