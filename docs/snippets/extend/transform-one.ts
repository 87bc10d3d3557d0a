// Another property of one of the package's resources.
import type { ResourceTransform } from "@pulumi/pulumi";
import { declareCompany, declareProgram } from "customers-as-code";

const moreMemory: ResourceTransform = ({ type, name, props, opts }) =>
  type === "aws:lambda/function:Function" && name === "gateway-authorizer"
    ? { props: { ...props, memorySize: 512 }, opts }
    : undefined;

export default declareProgram(async () => {
  const { outputs } = await declareCompany({ gateway: { transforms: [moreMemory] } });
  return outputs;
});
