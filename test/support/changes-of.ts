// What the engine does in an operation, from its events.
import type { Stack } from "@pulumi/pulumi/automation";

/** What the engine did, by resource: `Client globex/warehouse` → `update`. What stayed the same is left out. */
export async function changesOf(
  run: (onEvent: Parameters<Stack["up"]>[0] & object) => Promise<unknown>,
): Promise<Record<string, string>> {
  const changes: Record<string, string> = {};
  await run({
    onEvent: (event) => {
      const metadata = event.resourcePreEvent?.metadata;
      if (!metadata || metadata.op === "same" || metadata.op === "refresh") return;
      const [, , type = "", name = ""] = metadata.urn.split("::");
      changes[`${type.split(/[:$]/).at(-1)} ${name}`] = metadata.op;
    },
  });
  return changes;
}
