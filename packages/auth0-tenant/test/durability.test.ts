// kill -9 at moments that nobody chose: what the tenant has answered is there afterwards, and nothing is there by half.
import { randomFraction, seededRandomness } from "../src/randomness";
import { temporaryDirectory } from "../testing/in-process";
import { runMain, type TenantProcess } from "../testing/main-process";
import { openSession, type Session } from "../testing/main-session";
import { History } from "./durability-history";

jest.setTimeout(60_000);

const rounds = 6;
const writers = 6;
const { directory, remove } = temporaryDirectory();
let running: TenantProcess | undefined;

afterAll(async () => {
  running?.kill("SIGKILL");
  await running?.ended;
  remove();
});

it("keeps what it has answered, whole, through kill -9", async () => {
  const random = seededRandomness("durability");
  const changes = ["none", "rename", "delete"] as const;
  let onAcknowledged = () => {};
  const history = new History(() => onAcknowledged());
  let customer = 0;
  let api: Session | undefined;

  for (let round = 1; round <= rounds; round += 1) {
    const tenant = runMain(["--dir", directory]);
    running = tenant;
    const session = await openSession(await tenant.printed);
    if (!api) {
      const scopes = [{ value: "read:orders" }];
      const body = { name: "Orders", identifier: "https://api.example", scopes };
      expect(await session.call("POST", "/resource-servers", body)).toMatchObject({ status: 201 });
    }
    api = session;
    await history.check(session);

    // With the answer of this number, others are on their way; a fraction of a millisecond shifts the moment among them.
    const last = history.acknowledged + 1 + Math.floor(randomFraction(random) * 80);
    const turns = Math.floor(randomFraction(random) * 4);
    let killed = false;
    onAcknowledged = () => {
      if (killed || history.acknowledged < last) return;
      killed = true;
      afterTurns(turns, () => tenant.kill("SIGKILL"));
    };
    const writer = async () => {
      for (;;) {
        customer += 1;
        const change = changes[Math.floor(randomFraction(random) * changes.length)] ?? "none";
        await history.writeCustomer(session, `customer-${customer}`, change);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: writers }, writer));
    // Each was stopped by the connection, not by an answer that was wrong.
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { code: expect.stringMatching(/^(ECONNRESET|ECONNREFUSED|EPIPE)$/) },
      });
    }
    expect(await tenant.ended).toMatchObject({ code: null, signal: "SIGKILL", stderr: "" });
  }

  const tenant = runMain(["--dir", directory]);
  running = tenant;
  await history.check(await openSession(await tenant.printed));
  expect(history.acknowledged).toBeGreaterThan(rounds * writers);
});

function afterTurns(turns: number, action: () => void): void {
  if (turns === 0) action();
  else setImmediate(() => afterTurns(turns - 1, action));
}
