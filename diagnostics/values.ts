// Values that settings have in several places, with what is said of wrong ones.
import { z } from "zod";

/** Of a service. */
export const webUrl = z.url({
  protocol: /^https?$/,
  error: "must be a URL that begins with https:// or http://",
});

/** Also from a text, as which the engine hands over numbers. */
export const wholeNumber = (minimum: number, maximum: number) =>
  z.coerce
    .number({ error: "must be a whole number" })
    .int({ error: "must be a whole number" })
    .min(minimum, { error: `must be at least ${minimum}` })
    .max(maximum, { error: `must be at most ${maximum}` });
