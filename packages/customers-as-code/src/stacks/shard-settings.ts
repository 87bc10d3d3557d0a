// The settings of a shard, which are those of its main stack.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isNode, isScalar, parseDocument, visit } from "yaml";
import { projectName, settingsFile } from "./stack-settings";

/**
 * Before each deployment, so that there is one place where settings are changed. Git knows nothing of the copies.
 * @param folder of Pulumi.yaml
 */
export function copySettings(main: string, shard: string, folder = "."): void {
  const [from, to] = [settingsFile(main), settingsFile(shard)];
  if (!existsSync(join(folder, from))) throw new Error(`${from} is missing.`);
  const text = readFileSync(join(folder, from), "utf8");
  writeFileSync(join(folder, to), shardSettings(from, text, projectName(folder)));
}

/**
 * Those of the main stack without this program's secret ones, of which a shard uses none. Pulumi Cloud encrypts for one stack alone
 * (pulumi/pulumi, pkg/secrets/service), and the engine decrypts all that a stack's file has, used or not.
 * @param text of the main stack's file
 * @param project its name, which is the namespace of its own settings
 * @throws {Error} where a shard could not read the others
 */
export function shardSettings(file: string, text: string, project: string): string {
  const document = parseDocument(text);
  const config = document.get("config");
  if (!isMap(config)) return text;
  // With a passphrase, or a key of a cloud, the file itself has what decrypts its values, and so has the copy.
  const isForAll = document.has("encryptionsalt") || document.has("encryptedkey");
  const secret = config.items.flatMap(({ key, value }) =>
    hasSecure(value) ? [{ key: String(isScalar(key) ? key.value : key), isWhole: isSecure(value) }] : [],
  );
  // A key without a namespace is the project's.
  const isOwn = (key: string) => key.startsWith(`${project}:`) || !key.includes(":");
  const unused = secret.filter(({ key, isWhole }) => isWhole && isOwn(key));
  const bound = secret.filter((one) => !isForAll && !unused.includes(one)).map(({ key }) => key);
  if (bound.length > 0) {
    const remedy =
      "Give secrets to all of them through the environment (AUTH0_CLIENT_SECRET) or Pulumi ESC, and remove it";
    throw new Error(
      `${file}  ${bound.join(", ")}: Pulumi Cloud encrypts it for this stack alone, so that the shards cannot read it. ${remedy}: pulumi config rm ${bound[0]}`,
    );
  }
  if (unused.length === 0) return text;
  for (const { key } of unused) config.delete(key);
  return document.toString({ lineWidth: 0 });
}

/** As the CLI writes an encrypted value. */
function isSecure(value: unknown): boolean {
  return isMap(value) && value.items.length === 1 && value.has("secure");
}

/** Whether it is one, or has one somewhere. */
function hasSecure(value: unknown): boolean {
  let found = false;
  if (isNode(value)) {
    visit(value, {
      Map: (_, map) => {
        found ||= isSecure(map);
      },
    });
  }
  return found;
}
