import { paceCustomers } from "../../src/deployment/pace";

const known = new Set(["acme"]);
const alone = { stacks: 1, number: 1, known };

/** When each may begin, where all ask at once, at ten and a half seconds of the clock. */
async function turns(options: { perMinute: number; stacks: number; number: number }, ...customers: string[]) {
  const begun: number[] = [];
  const now = () => 10_500;
  const turn = paceCustomers({ known, ...options, now, wait: async (time) => begun.push(now() + time) });
  for (const id of customers) await turn({ id });
  return begun;
}

test("new customers begin one after the other, evenly spaced", async () => {
  expect(await turns({ ...alone, perMinute: 120 }, "a", "b", "c")).toEqual([10_500, 11_000, 11_500]);
  expect(await turns({ ...alone, perMinute: 60 }, "a", "b", "c")).toEqual([11_000, 12_000, 13_000]);
});

test("stacks that are deployed side by side share the minute, and no two of them begin one at the same time", async () => {
  const share = (number: number) => turns({ perMinute: 60, stacks: 3, number }, "a", "b");
  expect(await Promise.all([1, 2, 3].map(share))).toEqual([
    [12_000, 15_000],
    [13_000, 16_000],
    [11_000, 14_000],
  ]);
});

test("a turn that went by while others were made is not made up for", async () => {
  let time = 0;
  const begun: number[] = [];
  const turn = paceCustomers({
    ...{ ...alone, perMinute: 60 },
    now: () => time,
    wait: async (milliseconds) => begun.push(time + milliseconds),
  });
  for (time of [0, 5_200, 5_300]) await turn({ id: "new" });
  expect(begun).toEqual([0, 6_000, 7_000]);
});

test("a turn is waited for", async () => {
  const asked = Date.now();
  await paceCustomers({ ...alone, perMinute: 600 })({ id: "new" });
  await paceCustomers({ ...alone, perMinute: 600, now: () => 50 })({ id: "new" });
  // The second one's is at 100 milliseconds of its clock.
  expect(Date.now()).toBeGreaterThanOrEqual(asked + 49);
});

test("who is there already waits for nobody, by a new id neither", async () => {
  const wait = jest.fn(async () => undefined);
  const turn = paceCustomers({ ...alone, perMinute: 1, wait });
  await turn({ id: "acme" });
  await turn({ id: "acme-corporation", previously: "acme" });
  expect(wait).not.toHaveBeenCalled();
});

test("without a limit nobody waits", async () => {
  const wait = jest.fn(async () => undefined);
  const turn = paceCustomers({ ...alone, perMinute: 0, wait });
  await Promise.all(["a", "b", "c"].map((id) => turn({ id })));
  expect(wait).not.toHaveBeenCalled();
});
