// The one definition of a customer file: it validates, types the program and generates schema.json for editors.
import { z } from "zod";

/** Auth0: 1 to 50 lower-case letters, digits, `_` and `-`, beginning with a letter or digit. */
export const organizationName = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, {
    error: "must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit",
  });

/** Auth0 refuses `<` and `>` in the names that it shows. */
const displayName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^<>]*$/, { error: "must not contain '<' or '>'" });

export const clientFile = z.strictObject({
  scopes: z.array(z.string()).min(1).meta({
    description:
      "Scopes of the API that the client's tokens carry; each must be declared by the OpenAPI document.",
  }),
});

export const customerFile = z.strictObject({
  displayName: displayName.meta({ description: "Name of the customer as people see it." }),
  organization: organizationName.optional().meta({
    description: "Name of the Auth0 organization. Default: the file's name without its ending.",
  }),
  status: z
    .enum(["active", "suspended"])
    .default("active")
    .meta({ description: "A suspended customer's requests are answered with 403." }),
  clients: z
    .record(organizationName, clientFile)
    .refine((clients) => Object.keys(clients).length > 0, { error: "must name at least one client" })
    .meta({ description: "Machine-to-machine clients by name." }),
});

/** A customer as its file says, defaults filled in. */
export type CustomerFile = z.output<typeof customerFile>;

/** The JSON schema that editors use, as the text of customers/schema.json. */
export function renderSchema(): string {
  const schema = z.toJSONSchema(customerFile, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ ...schema, title: "Customer" }, null, 2)}\n`;
}
