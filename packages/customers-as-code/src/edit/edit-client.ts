// What a customer file says of one client: of all stacks, or of one alone.
import { type Edit, editMap } from "./edit-map";

/**
 * The file with the client's keys as they must be.
 * @param stack whose part of the file to change; default: the part for all stacks
 * @returns undefined where the client is written so that its lines are not its own: by an anchor, for example
 */
export function editClient(
  text: string,
  client: string,
  edits: readonly Edit[],
  stack?: string,
): string | undefined {
  return editMap(text, [...(stack === undefined ? [] : ["stacks", stack]), "clients", client], edits);
}
