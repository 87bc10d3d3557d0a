import * as pulumi from "@pulumi/pulumi";
import { guardRemovals } from "../../auth0/guard-removals";

const settings = { file: "Pulumi.prod.yaml", removalLimit: "25%" };
const customer = (id: string, status: "active" | "closing") => ({
  ...{ id, displayName: id, organization: id, metadata: {}, clients: [], status },
});
const everywhere = Object.fromEntries(
  ["acme", "globex", "initech"].map((id) => [id, { status: "active", clients: {} }]),
);
const last = { here: {}, everywhere };

test("who waits for it is refused what closes too many customers of all stacks, in the words of the check", async () => {
  const closing = Object.keys(everywhere).map((id) => customer(id, "closing"));
  const refused = guardRemovals(closing, settings, Promise.resolve(last));
  await expect(refused).rejects.toThrow(
    "Pulumi.prod.yaml  removalLimit: this deployment closes acme, globex, initech: 3 of 3 customers",
  );
  await refused.catch((error: unknown) => expect(pulumi.RunError.isInstance(error)).toBe(true));
});

test("who waits for it learns what was deployed last, where nothing is refused", async () => {
  const declared = Object.keys(everywhere).map((id) => customer(id, "active"));
  expect(await guardRemovals(declared, settings, Promise.resolve(last))).toBe(last);
});

test("what was not deployed where it belongs is refused first", async () => {
  const refused = Promise.reject(new pulumi.RunError("shards: ..."));
  await expect(guardRemovals([], settings, refused)).rejects.toThrow("shards: ...");
});
