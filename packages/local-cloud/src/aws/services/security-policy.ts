// Which TLS an endpoint of API Gateway takes: security policies of Regional REST APIs and of domain names.
import type { ReportFailure } from "../property";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html */
export const securityPolicies = [
  "TLS_1_0",
  "TLS_1_2",
  "SecurityPolicy_TLS13_1_3_2025_09",
  "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
  "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_2021_06",
];

export function isEnhanced(securityPolicy: unknown): boolean {
  return typeof securityPolicy === "string" && securityPolicy.startsWith("SecurityPolicy_");
}

/** In AWS's words: serverless/serverless#13332. */
export const accessModeRequired = "Endpoint access mode is required for the specified security policy";

/**
 * "When you use an enhanced security policy, you must also set the endpoint access mode."
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
export function checkSecurityPolicy(
  { endpointAccessMode, securityPolicy }: { endpointAccessMode: unknown; securityPolicy: unknown },
  report: ReportFailure,
): void {
  if (isEnhanced(securityPolicy) && endpointAccessMode === undefined) {
    report("endpointAccessMode", accessModeRequired);
  }
  if (!isEnhanced(securityPolicy) && endpointAccessMode !== undefined) {
    report("endpointAccessMode", "goes with a security policy that begins with SecurityPolicy_ only");
  }
}
