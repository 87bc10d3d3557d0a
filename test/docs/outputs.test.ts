// The table of outputs, compared with what the program returns.
import { outputDescriptions } from "../../packages/customers-as-code/src/deployment/stack-outputs";
import { runProgram } from "../support/run-program";
import { variants } from "../support/variants";

test.each(Object.entries(variants))(
  "%s: every output is described, and is secret if its row says so",
  async (_, settings) => {
    const { program } = await runProgram(settings);
    const { isSecret }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
    const { output }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
    const returned = Object.entries(program).filter(([, value]) => value !== undefined);
    expect(returned.length).toBeGreaterThan(5);
    const descriptions: Readonly<Record<string, { isSecret: boolean } | undefined>> = outputDescriptions;
    for (const [name, value] of returned)
      expect({ name, isSecret: await isSecret(output(value)) }).toEqual({
        name,
        isSecret: descriptions[name]?.isSecret,
      });
  },
);
