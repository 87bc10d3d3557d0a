// Another property of every resource of a type, the company's own ones too.
import * as pulumi from "@pulumi/pulumi";
import { declareCompany, declareProgram } from "customers-as-code";

export default declareProgram(async () => {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type === "aws:iam/role:Role"
      ? { props: { ...props, permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" }, opts }
      : undefined,
  );
  const { outputs } = await declareCompany();
  return outputs;
});
