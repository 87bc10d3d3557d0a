import { redact } from "../../../src/review/github/redact";

const secrets: [name: string, value: string, isHidden: boolean][] = [
  ["AUTH0_CLIENT_SECRET", "abcdefgh12345678", true],
  ["PULUMI_ACCESS_TOKEN", "pul-0123456789", true],
  ["PULUMI_CONFIG_PASSPHRASE", "correct horse", true],
  ["AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI", true],
  ["MOESIF_MANAGEMENT_API_KEY", "moesif-key-1", true],
  ["AUTH0_CLIENT_ID", "nXmuosu68RhFpTaA", false],
  ["GITHUB_REPOSITORY", "example/customers", false],
  ["SOME_TOKEN", "short", false],
];

test.each(secrets)("of %s, the value %s is hidden: %p", (name, value, isHidden) => {
  const text = redact(`before ${value} after ${value}`, { [name]: value });
  expect(text).toBe(isHidden ? "before [secret] after [secret]" : `before ${value} after ${value}`);
});

test("of two of which one begins with the other, nothing is left", () => {
  expect(redact("abcdefghij", { A_TOKEN: "abcdefgh", B_TOKEN: "abcdefghij" })).toBe("[secret]");
});
