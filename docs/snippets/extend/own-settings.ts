// A setting of the company's own.
import * as pulumi from "@pulumi/pulumi";
import { declareCompany, declareProgram } from "customers-as-code";

export default declareProgram(async () => {
  const { outputs } = await declareCompany();
  return { ...(await outputs), onCall: new pulumi.Config().require("onCall") };
});
