// The config block `portal` as tests have it, with the keys beside it.

/** As little of the Developer Portal as one can say. */
export const portal = {
  domainName: "portal.example.com",
  apiDomainName: "portal-api.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  images: { web: "moesif/dev-portal:1.2.3", api: "moesif/dev-portal-api:1.2.3" },
  moesif: { liveEventLogWorkspaceId: "live-1", timeSeriesWorkspaceId: "series-1" },
  stripe: { publishableKey: "pk_test_1" },
};

export const portalSecrets = {
  moesifApplicationId: "moesif-application",
  moesifManagementToken: "moesif-token",
  stripeApiKey: "sk_test_1",
};

/** In a network that there is, with an image of the company's own and names in Route 53. */
export const ownPortal = {
  ...portal,
  hostedZoneId: "Z0123456789ABC",
  images: {
    web: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/dev-portal:4f2a9c1",
    api: `moesif/dev-portal-api@sha256:${"0".repeat(64)}`,
  },
  network: {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  },
};
