// What a change of each setting means to a guard of pull requests. A test holds the table to the settings that there are.

export type SettingKind =
  /** Loosens, or may loosen, what protects customers: never together with customers. */
  | { kind: "guard"; guards: string }
  /** Where calls, tokens and records go, and what they meet: grave, and shown as such. */
  | { kind: "traffic" }
  /** What customers' changes may need beside them. */
  | { kind: "ordinary" };

const guard = (guards: string): SettingKind => ({ kind: "guard", guards });
const traffic: SettingKind = { kind: "traffic" };
const ordinary: SettingKind = { kind: "ordinary" };

/** By key, without the project's name; keys of a stack's file beside `config` are in parentheses. */
export const settingKinds: Readonly<Record<string, SettingKind>> = {
  protect: guard("has the engine refuse to delete or replace customers"),
  removalLimit: guard("limits how many customers one deployment may remove or close"),
  replaceable: guard("names the customers whose credentials a deployment may replace"),
  approvedChanges: guard("approves changes of the API's URL or tokens, which cut off every customer"),
  customers: guard("names the folder of all customer files"),
  publicRoutes: guard("names the operations that need no token"),
  authorizerCacheSeconds: guard("is how long a suspended customer's token may still be accepted"),
  liveSuspensions: guard("lets customers be suspended without a deployment"),
  webAclArn: guard("is the web ACL that every request must pass"),
  httpAuthorizer: guard("decides who checks tokens"),
  "auth0:clientId": guard("is the client with which Pulumi signs in to Auth0"),
  "auth0:clientSecret": guard("is the secret with which Pulumi signs in to Auth0"),
  "auth0:domain": guard("is the tenant whose tokens are accepted"),
  "(environment)": guard("names the ESC environments, which bring settings of their own"),
  "(secretsprovider)": guard("decides who can decrypt the stack's secrets"),
  "(encryptedkey)": guard("decides who can decrypt the stack's secrets"),
  "(encryptionsalt)": guard("decides who can decrypt the stack's secrets"),

  "aws:region": traffic,
  apiType: traffic,
  audience: traffic,
  backendUrl: traffic,
  backends: traffic,
  binaryMediaTypes: traffic,
  corsAllowedOrigins: traffic,
  customDomain: traffic,
  // A first delivery needs it in the same pull request.
  deliveryKmsKeyArn: traffic,
  enforcePlans: traffic,
  moesifApplicationId: traffic,
  moesifIngestUrl: traffic,
  openapi: traffic,
  portal: traffic,
  portalScopes: traffic,
  stageName: traffic,
  tokenLifetime: traffic,
  validateRequests: traffic,
  kmsKeyArn: traffic,

  alarms: ordinary,
  dashboard: ordinary,
  defaultPlan: ordinary,
  logRetentionDays: ordinary,
  manageCloudWatchRole: ordinary,
  maxResources: ordinary,
  moesifManagementToken: ordinary,
  newCustomersPerMinute: ordinary,
  plans: ordinary,
  rotateEveryDays: ordinary,
  shards: ordinary,
  stripeApiKey: ordinary,
  tags: ordinary,
  tracing: ordinary,
};
