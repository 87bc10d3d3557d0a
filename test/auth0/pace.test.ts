import { pace } from "../../auth0/pace";

const known = new Set(["acme"]);

/** Milliseconds after which each may begin, where all ask at once. */
async function turns(options: { perMinute: number; stacks?: number }, ...customers: string[]) {
  const started = performance.now();
  const turn = pace({ known, stacks: 1, ...options });
  return Promise.all(
    customers.map(async (id) => {
      await turn({ id });
      return Math.round((performance.now() - started) / 100) / 10;
    }),
  );
}

test("new customers begin one after the other, evenly spaced", async () => {
  expect(await turns({ perMinute: 120 }, "a", "b", "c")).toEqual([0, 0.5, 1]);
});

test("stacks that are deployed side by side share the minute", async () => {
  expect(await turns({ perMinute: 240, stacks: 2 }, "a", "b", "c")).toEqual([0, 0.5, 1]);
});

test("who is there already waits for nobody, by a new id neither", async () => {
  const turn = pace({ perMinute: 1, stacks: 1, known });
  await turn({ id: "new" });
  await turn({ id: "acme" });
  await turn({ id: "acme-corporation", previously: "acme" });
});

test("without a limit nobody waits", async () => {
  const turn = pace({ perMinute: 0, stacks: 1, known });
  await Promise.all(["a", "b", "c"].map((id) => turn({ id })));
});
