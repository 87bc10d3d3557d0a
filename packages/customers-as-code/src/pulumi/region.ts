import * as pulumi from "@pulumi/pulumi";

/** The region of the stack, in the order in which the provider looks for it; undefined if only its profile knows. */
export function configuredRegion(environment: Readonly<Record<string, string | undefined>> = process.env) {
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment;
  return new pulumi.Config("aws").get("region") || AWS_REGION || AWS_DEFAULT_REGION || undefined;
}
