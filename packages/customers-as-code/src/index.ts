// What a company's program is made of. docs/how-to/extend.md shows how to put resources of your own beside it.
export { Api, type ApiArgs } from "./auth0/api";
export type { Customer } from "./auth0/customer";
export { ManagementApplication, type ManagementApplicationArgs } from "./auth0/management-application";
export { type CompanyOptions, type DeclaredCompany, declareCompany } from "./deployment/declare-company";
export { declareCustomers } from "./deployment/declare-customers";
export { type OpenCompany, openCompany } from "./deployment/open-company";
export type { StackOutputs } from "./deployment/stack-outputs";
export { type DeclaredAuthorizer, Gateway, type GatewayArgs } from "./gateway/gateway";
export { DeveloperPortal, type DeveloperPortalArgs } from "./portal/developer-portal";
export { declareProgram } from "./pulumi/program";
export type { Settings } from "./settings/settings";
