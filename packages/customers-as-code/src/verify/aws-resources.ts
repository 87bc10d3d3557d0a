// What a stack has in AWS that no output names: log groups and roles, from its exported state.
import { asRecord } from "../problems/record";

export interface AwsResources {
  /** What the authorizer prints; a JWT authorizer prints nothing. */
  authorizerLogs?: LogGroup;
  /** With Moesif, it holds what could not be delivered, and no calls. */
  accessLogs?: LogGroup;
  roles: readonly DeclaredRole[];
}

export interface LogGroup {
  name: string;
  region: string;
}

/** A role with the rights that the program declares. */
export interface DeclaredRole {
  name: string;
  /** Policy documents by name. */
  inline: Readonly<Record<string, unknown>>;
  /** ARNs. */
  attached: readonly string[];
}

/** @param exported output of `pulumi stack export` */
export function readAwsResources(exported: unknown): AwsResources {
  const { resources } = asRecord(asRecord(exported).deployment);
  const all = (Array.isArray(resources) ? resources : []).map((one) => {
    const { urn, type, outputs } = asRecord(one);
    return { urn: String(urn), type, outputs: asRecord(outputs) };
  });
  const ofType = (type: string) => all.filter((one) => one.type === type);
  const logsOf = (component: string) => {
    const group = ofType("aws:cloudwatch/logGroup:LogGroup").find(({ urn }) =>
      urn.includes(`:${component}$`),
    );
    if (!group) return undefined;
    const { name, arn } = group.outputs;
    return { name: String(name), region: String(arn).split(":")[3] ?? "" };
  };
  const authorizerLogs = logsOf("AuthorizerFunction");
  const accessLogs = logsOf("AccessLogs");
  return {
    ...(authorizerLogs && { authorizerLogs }),
    ...(accessLogs && { accessLogs }),
    roles: ofType("aws:iam/role:Role").map(({ outputs: { name } }) => {
      const ofRole = (type: string) =>
        ofType(type).flatMap(({ outputs }) => (outputs.role === name ? [outputs] : []));
      return {
        name: String(name),
        inline: Object.fromEntries(
          ofRole("aws:iam/rolePolicy:RolePolicy").map((policy) => [
            String(policy.name),
            JSON.parse(String(policy.policy)),
          ]),
        ),
        attached: ofRole("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ policyArn }) =>
          String(policyArn),
        ),
      };
    }),
  };
}
