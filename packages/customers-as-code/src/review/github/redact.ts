// The last of several locks: GitHub hides secrets in logs, but not in comments.

/** Names of variables with secret values. */
const secretName = /SECRET|TOKEN|PASSWORD|PASSPHRASE|_KEY$|^KEY/i;

/** The text without the secrets of the environment. Short values are no secrets, and are parts of ordinary words. */
export function redact(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(environment).flatMap(([name, value = ""]) =>
    secretName.test(name) && value.length >= 8 ? [value] : [],
  );
  // The longer first: another one may be its beginning.
  secrets.sort((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}
