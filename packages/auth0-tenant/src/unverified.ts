// What Auth0 does not document and no recording shows: the tenant's guesses, in one place. Clients must not depend on them:
// branch on the status and on `error` or `errorCode`, never on these messages.

/** /oauth/token's refusals; Auth0 publishes no messages for machine-to-machine organizations. By analogy with /authorize. */
export const tokenRefusals = {
  organizationNotAllowed: [400, "invalid_request", "parameter organization is not allowed for this client"],
  organizationRequired: [400, "invalid_request", "parameter organization is required for this client"],
  organizationNotAnId: [
    400,
    "invalid_request",
    "authorization request parameter organization must be an organization id",
  ],
  organizationUnknown: [400, "invalid_request", "organization not found"],
  organizationNotGranted: [403, "access_denied", "Client grant is not associated with the organization"],
  organizationsNotInPlan: [403, "access_denied", "Organizations are not available on this tenant's plan"],
  noAudience: [403, "access_denied", "Non-global clients are not allowed access to APIv1"],
  missingGrantType: [400, "invalid_request", "Missing required parameter: grant_type"],
  missingClientId: [401, "access_denied", "Unauthorized"],
  invalidBody: [400, "invalid_request", "Invalid request body"],
  duplicateParameter: [400, "invalid_request", "Duplicated parameter"],
  twoAuthentications: [400, "invalid_request", "More than one client authentication method was used"],
  assertionInvalid: [401, "invalid_client", "Failed to verify client assertion"],
  assertionReplayed: [401, "invalid_client", "Client assertion was used before"],
  assertionType: [400, "invalid_request", "Unsupported client_assertion_type"],
  organizationQuota: [429, "too_many_requests", "Organization quota exceeded"],
  unsupportedGrantType: [403, "unsupported_grant_type", "Unsupported grant type"],
} as const satisfies Record<string, readonly [status: number, error: string, description: string]>;

/** "Client has not been granted scopes: x" */
export const scopesNotGranted = (scopes: string[]) =>
  `Client has not been granted scopes: ${scopes.join(", ")}`;

/** Messages of the Management API that no source gives. */
export const managementMessages = {
  missingAuthentication: "Missing authentication",
  badAuthorizationHeader: "Bad HTTP authentication header format",
  expiredToken: "Expired token received for JSON Web Token validation",
  wrongAudience: "Bad audience",
  notFound: "Not Found",
  invalidJson: "Invalid request payload JSON format",
  notASystemChange: "The Auth0 Management API cannot be changed in this way.",
  allScopesOnManagementApi: "allow_all_scopes is not allowed for the Auth0 Management API.",
  thirdPartyAnyOrganization: "Third-party clients cannot use allow_any_organization.",
  identifierTaken: "A resource server with the same identifier already exists.",
  userExists: "The user already exists.",
  connectionTaken: "A connection with the same name already exists",
  actionTaken: "An action with the same name already exists",
  tokenRateLimit: "Global limit has been reached",
  attributesAndUsername:
    "Cannot set both options.attributes and options.requires_username or options.validation",
  noIdentifier: "options.attributes must contain one active identifier",
  emailNotUnique: "options.attributes.email.unique cannot be false if the email is an active identifier",
  clientQuery:
    "q permits client_grant.organization_id:{organization_id} and client_grant.allow_any_organization:true.",
  clientQueryAlone: "q cannot be used in combination with other filters.",
  clientQueryByCheckpoint: "q requires the paging parameters from and take.",
  noSuchRole: "The role does not exist.",
  noSuchPermission: "The permission does not exist.",
  notAMember: "The user is not a member of the organization.",
  connectionAdded: "The connection has already been added to this organization.",
} as const;

/** Other behaviour. */
export const unverifiedBehaviour = {
  /** A GET of a client shows its secret with either of these. */
  secretScopes: ["read:client_keys", "read:client_credentials"],
  /** Seconds that a private_key_jwt assertion may live at most. */
  assertionLifetime: 300,
  /** Seconds of difference between the clocks that are forgiven in an assertion. */
  clockSkew: 5,
  /** A scope that the API no longer has stays in grants, but is in no token. */
  unknownScopesAreNotIssued: true,
  /** Plans whose tenants may have organizations in machine-to-machine tokens. */
  plansWithMachineOrganizations: ["self-service", "enterprise"],
  plansWithPrivateKeyJwt: ["enterprise"],
} as const;
