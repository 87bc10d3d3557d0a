// The commands of the Pulumi CLI that change a stack's settings, as remedies print them: they run as they stand.

/** The command that sets what a path leads to, such as `["plans", "free"]`. @param path the first is the setting's key */
export function setCommand(path: readonly PropertyKey[], value = "VALUE", isSecret = false): string {
  return `pulumi config set ${isSecret ? "--secret " : ""}${argument(path)} ${quoted(value)}`;
}

/** The command that removes what a path leads to. */
export function unsetCommand(path: readonly PropertyKey[]): string {
  return `pulumi config rm ${argument(path)}`;
}

function argument(path: readonly PropertyKey[]): string {
  const [key = "", ...within] = path;
  if (within.length === 0) return quoted(String(key));
  return `--path '${(String(key) + within.map(step).join("")).replaceAll("'", "'\\''")}'`;
}

/** A name with a dot or a bracket would lead elsewhere: https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/ */
function step(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  return /^[^.[\]"\s\\]+$/.test(name) ? `.${name}` : `["${name.replaceAll(/["\\]/g, "\\$&")}"]`;
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w%+,./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
