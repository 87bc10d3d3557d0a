// What a company's program is made of.
export { Api } from "./auth0/api";
export { ManagementApplication } from "./auth0/management-application";
export { declareCustomers } from "./deployment/declare-customers";
export { openCompany } from "./deployment/open-company";
export type { StackOutputs } from "./deployment/stack-outputs";
export { Gateway } from "./gateway/gateway";
export { DeveloperPortal } from "./portal/developer-portal";
export { declareProgram } from "./pulumi/program";
