// What a customer file says of the customer's status.

import type { CustomerFile } from "../customers/customer-schema";
import { oneLine } from "./edit";
import { type Edit, editMap } from "./edit-map";

/**
 * The file with another status. An active customer's has no such line, nor the reason that stood behind it.
 * @param reason goes behind the status as a comment, in place of the one that is there
 */
export function setStatus(text: string, status: CustomerFile["status"], reason?: string): string {
  const comment = reason === undefined ? "" : oneLine(reason);
  const edit: Edit =
    status === "active"
      ? { drop: "status" }
      : { set: "status", value: status, after: ["displayName"], ...(comment && { comment }) };
  return editMap(text, [], [edit]) ?? text;
}
