import { outputDescriptions } from "../../../packages/customers-as-code/src/deployment/stack-outputs";
import { code, renderTable } from "./markdown";

/** All outputs of a stack. */
export function renderOutputs(): string {
  return renderTable(
    ["Output", "Present", "Secret", "Meaning"],
    Object.entries(outputDescriptions).map(([name, { condition = "always", isSecret, meaning }]) => [
      code(name),
      condition,
      isSecret ? "yes" : "",
      meaning,
    ]),
  );
}
