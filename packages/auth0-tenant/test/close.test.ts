// A tenant that closes while requests are under way: nothing is written to a closed store, and nothing is lost.
import { startTenant } from "../src";
import { Store, type Table } from "../src/store";
import { temporaryDirectory } from "../testing/in-process";

interface Item {
  id: string;
}
const items: Table<Item> = { name: "items", id: ({ id }) => id, indexes: {} };

test("closing a store ends the writes that are under way, and refuses later ones", async () => {
  const { directory, remove } = temporaryDirectory();
  const store = Store.open(directory);
  const writes = Array.from({ length: 50 }, (_, n) => store.write((view) => view.put(items, { id: `${n}` })));
  await Promise.all([store.close(), ...writes]);
  await expect(store.write(() => undefined)).rejects.toThrow("the tenant's store is closed");
  const again = Store.open(directory);
  expect(again.read((view) => view.list(items).count())).toBe(50);
  await again.close();
  remove();
});

test("a tenant closes cleanly right after token requests, whose log events are written a moment later", async () => {
  const { directory, remove } = temporaryDirectory();
  for (let round = 0; round < 5; round += 1) {
    const tenant = await startTenant({ directory });
    const { url, domain, fetch, clientId: client_id, clientSecret: client_secret } = tenant;
    const body = {
      grant_type: "client_credentials",
      audience: `https://${domain}/api/v2/`,
      client_id,
      client_secret,
    };
    const ask = () => fetch(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams(body) });
    await Promise.all([ask(), ask()]);
    // These end while the tenant closes, or are cut.
    const late = [ask(), ask(), ask()].map((one) => one.catch(() => undefined));
    await tenant.close();
    await Promise.all(late);
  }
  remove();
});
