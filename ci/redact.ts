// The last of several locks: GitHub hides secrets in logs, but not in comments.

/** Names of variables whose values nobody may see. */
const secretName = /SECRET|TOKEN|PASSWORD|PASSPHRASE|_KEY$|^KEY/i;

/** The text without any secret of the environment; short values are no secrets, and would tear words apart. */
export function redact(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(environment).flatMap(([name, value = ""]) =>
    secretName.test(name) && value.length >= 8 ? [value] : [],
  );
  // Of two of which one begins with the other, the longer goes first.
  secrets.sort((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}
