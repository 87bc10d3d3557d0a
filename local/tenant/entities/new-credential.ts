import { z } from "zod";

/** What a new credential is made of, by itself and inside a new client. */
export const newCredential = z.strictObject({
  credential_type: z.enum(["public_key", "cert_subject_dn", "x509_cert"]),
  name: z.string().max(128).optional(),
  pem: z.string().min(1).max(4096).optional(),
  subject_dn: z.string().min(1).max(256).optional(),
  alg: z.enum(["RS256", "RS384", "PS256"]).default("RS256"),
  kid: z.string().min(1).max(64).optional(),
  parse_expiry_from_cert: z.boolean().optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type NewCredential = z.output<typeof newCredential>;
