import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { Customer } from "../../src/auth0/customer";
import { inWaves, type Registering } from "../../src/pulumi/waves";

/** Things whose registration the test ends, one by one. */
class Engine {
  readonly open: (() => void)[] = [];
  most = 0;

  readonly start = (name: string): Registering & { name: string } => {
    const registered = new Promise<void>((resolve) => this.open.push(resolve));
    this.most = Math.max(this.most, this.open.length);
    return { name, registered };
  };

  /** Ends the newest one: what is first begun need not be first done. */
  async finishOne() {
    this.open.pop()?.();
    await turn();
  }
}

const names = Array.from({ length: 10 }, (_, n) => `customer-${n}`);

test("no more than so many are under way, and the next begins as soon as one is registered", async () => {
  const engine = new Engine();
  const made = inWaves(names, engine.start, { atOnce: 3 });
  for (let n = 0; n < names.length; n += 1) {
    expect(engine.open).toHaveLength(Math.min(3, names.length - n));
    await engine.finishOne();
  }
  expect(engine.most).toBe(3);
  expect((await made).map(({ name }) => name)).toEqual(names);
});

test("it ends only when the last one is registered", async () => {
  const engine = new Engine();
  let isDone = false;
  void inWaves(names.slice(0, 2), engine.start, { atOnce: 3 }).then(() => (isDone = true));
  await engine.finishOne();
  expect(isDone).toBe(false);
  await engine.finishOne();
  expect(isDone).toBe(true);
});

test("none is no wave", async () => {
  expect(await inWaves([], new Engine().start)).toEqual([]);
});

test("errors have their traces again once all are registered", async () => {
  const { stackTraceLimit } = Error;
  const engine = new Engine();
  const made = inWaves(names, engine.start, { atOnce: 3 });
  expect(Error.stackTraceLimit).toBe(0);
  for (const _ of names) await engine.finishOne();
  await made;
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("a customer counts as registered once the engine has each of its resources", async () => {
  const open = new Map<string, number>();
  let most = 0;
  await pulumi.runtime.setMocks({
    async newResource({ type, name, custom = true }) {
      if (!custom) return { id: undefined, state: {} };
      const [id = ""] = name.split("/");
      if (type.endsWith(":Organization")) open.set(id, 9);
      most = Math.max(most, open.size);
      await turn();
      // An organization, and two clients with four resources each.
      const left = (open.get(id) ?? 0) - 1;
      if (left === 0) open.delete(id);
      else open.set(id, left);
      return { id: `${name}-id`, state: { clientId: `client of ${name}`, clientSecret: "secret" } };
    },
    call: ({ token }) => {
      throw new Error(`the program calls ${token}`);
    },
  });
  const client = { scopes: ["read:orders"], closing: false, rotation: "1" };
  const customer = (id: string) =>
    new Customer(id, {
      ...{ id, displayName: id, organization: id, status: "active", metadata: {} },
      clients: [
        { ...client, name: "one" },
        { ...client, name: "two" },
      ],
      ...{ audience: "https://api.example.com/", domain: "example.eu.auth0.com", protect: false },
    });
  await inWaves(names, customer, { atOnce: 3 });
  expect({ most, left: [...open.keys()] }).toEqual({ most: 3, left: [] });
});
