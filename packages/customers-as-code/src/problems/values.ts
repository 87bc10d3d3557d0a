// Values that settings have in several places, with the messages for wrong ones.
import { z } from "zod";

const beginning = "must be a URL that begins with https:// or http://";

/** URL of an HTTP service, to which paths are appended. */
export const webUrl = z.string({ error: beginning }).superRefine((url, { addIssue }) => {
  const fault = urlFault(url);
  if (fault !== undefined) addIssue(fault);
});

/** Such a URL, or an empty string for none. */
export const webUrlOrNone = z.string({ error: beginning }).superRefine((url, { addIssue }) => {
  const fault = url === "" ? undefined : urlFault(url);
  if (fault !== undefined) addIssue(fault);
});

function urlFault(url: string): string | undefined {
  // URL parsers forgive what API Gateway does not: https:/host, https:\\host, spaces around it.
  if (!/^https?:\/\/[^/\\\s?#]/i.test(url) || /[\s\\]/.test(url) || !URL.canParse(url)) return beginning;
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") return "must not hold a user name or password";
  return /[?#]/.test(url) ? "must end with a host or path, without ? and #" : undefined;
}

const whole = "must be a whole number";
/** Also from a string, as which the engine hands over numbers. An empty string, `0x10` and `1e3` are none. */
export const wholeNumber = (minimum: number, maximum: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^[+-]?\d+$/)
          .transform(Number),
      ],
      { error: whole },
    )
    .pipe(
      z
        .number()
        .int({ error: whole })
        .min(minimum, { error: `must be at least ${minimum}` })
        .max(maximum, { error: `must be at most ${maximum}` }),
    );

/** Also from a string, as which the command line writes what is no whole number. */
export const decimalNumber = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^[+-]?(\d+\.?\d*|\.\d+)$/)
      .transform(Number),
  ],
  { error: "must be a number" },
);

/** The command line writes what looks like a number, or is true or false, as such into maps and lists. */
export const writtenText = (error: string) =>
  z.union([z.string(), z.number(), z.boolean()], { error }).transform(String);
