// The Developer Portal: Moesif's two images as one Fargate service behind a load balancer. Optional.

import * as pulumi from "@pulumi/pulumi";
import { SignInApplication } from "../auth0/sign-in-application";
import * as aws from "../pulumi/aws";
import { ServiceRole, type ServiceRoleArgs } from "../pulumi/service-role";
import { awsx } from "./awsx";
import { apiVariables, containerOf, containerPorts, webVariables } from "./containers";
import { LoadBalancer } from "./load-balancer";
import { Network } from "./network";
import type { PortalSettings, secretVariables } from "./portal-settings";

/** Arguments of {@link DeveloperPortal}. */
export interface DeveloperPortalArgs {
  /** The setting `portal` (docs/how-to/portal.md), with its secrets. */
  portal: PortalSettings & {
    secrets: Record<"moesifApplicationId" | "moesifManagementToken" | "stripeApiKey", pulumi.Input<string>>;
  };
  /** Domain of the Auth0 tenant. */
  domain: string;
  /** The application with which the portal makes organizations and clients. */
  management: { clientId: pulumi.Input<string>; clientSecret: pulumi.Input<string> };
  /** Audience and scopes of the company's own API, of which the portal's users get clients. */
  audience: pulumi.Input<string>;
  /** Names of scopes, which the document declares. */
  scopes: string[];
  /** Days for which its logs are kept, one of the values that CloudWatch allows. */
  logRetentionDays: number;
  /** Key that encrypts the secret and the log; default: keys of AWS's own. */
  kmsKeyArn?: string | undefined;
}

/**
 * The Moesif Developer Portal with all that it needs: sign-in, secrets, network, load balancer, log, role and service. It needs the
 * package `@pulumi/awsx`.
 *
 * @example
 * const company = await openCompany();
 * const { settings, portalScopes: scopes } = company;
 * if (settings.portal) {
 *   new DeveloperPortal("portal", { ...settings, portal: settings.portal, management, audience: api.audience, scopes });
 * }
 */
export class DeveloperPortal extends pulumi.ComponentResource {
  /** Where people open it, without a slash at the end. */
  readonly url: string;
  /** Where its two names must lead, if no hosted zone is given. */
  readonly dnsName: pulumi.Output<string>;

  constructor(name: string, args: DeveloperPortalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("customers-as-code:portal:DeveloperPortal", name, {}, opts);
    const parent = { parent: this };
    const { portal, domain, management, scopes, kmsKeyArn } = args;
    const { images } = portal;
    this.url = `https://${portal.domainName}`;

    const signIn = new SignInApplication(`${name}-sign-in`, { url: this.url }, parent);
    const secret = this.secret(name, args);
    const logs = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: args.logRetentionDays, kmsKeyId: kmsKeyArn },
      parent,
    );
    const role = new ServiceRole(
      `${name}-execution`,
      {
        service: "ecs-tasks.amazonaws.com",
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
        trustCondition: {
          StringEquals: { "aws:SourceAccount": aws.getCallerIdentityOutput({}, parent).accountId },
        },
        allow: [
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resource: pulumi.interpolate`${logs.arn}:*`,
          },
          { actions: ["secretsmanager:GetSecretValue"], resource: secret.arn },
          ...(kmsKeyArn ? [{ actions: ["kms:Decrypt"], resource: kmsKeyArn }] : []),
          ...pullsOf(Object.values(images)),
        ],
      },
      parent,
    );
    const network = new Network(name, portal, parent);
    const balancer = new LoadBalancer(
      name,
      {
        network,
        certificateArn: portal.certificateArn,
        domainNames: { web: portal.domainName, api: portal.apiDomainName },
        hostedZoneId: portal.hostedZoneId,
      },
      parent,
    );

    const client = signIn.clientId.apply((clientId) => ({ domain, clientId }));
    const plugin = pulumi
      .all([management.clientId, args.audience])
      .apply(([clientId, audience]) => ({ domain, clientId, audience, scopes }));
    const cluster = new aws.ecs.Cluster(name, {}, parent);
    new awsx.ecs.FargateService(
      name,
      {
        cluster: cluster.arn,
        desiredCount: portal.desiredCount,
        networkConfiguration: {
          subnets: network.taskSubnetIds,
          securityGroups: [network.taskGroupId],
          assignPublicIp: network.assignPublicIp,
        },
        loadBalancers: (["web", "api"] as const).map((container) => ({
          containerName: container,
          containerPort: containerPorts[container],
          targetGroupArn: balancer.targetGroupArns[container],
        })),
        taskDefinitionArgs: {
          cpu: String(portal.cpu),
          memory: String(portal.memory),
          // What Moesif publishes (distribution/docker/build.sh).
          runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
          containers: {
            web: containerOf("web", {
              image: images.web,
              variables: client.apply((of) => webVariables(portal, of)),
              logGroup: logs,
            }),
            api: containerOf("api", {
              image: images.api,
              variables: pulumi.all([plugin, client]).apply(([of, by]) => apiVariables(portal, of, by)),
              secrets: secret.version,
              logGroup: logs,
            }),
          },
          logGroup: { skip: true },
          executionRole: { roleArn: role.arn },
          // What runs in the task calls nothing of AWS, and so has no credentials for it.
          taskRole: { skip: true },
        },
        // A deployment that does not come up goes back to what ran before.
        deploymentCircuitBreaker: { enable: true, rollback: true },
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        healthCheckGracePeriodSeconds: 900,
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
      },
      { parent: this, dependsOn: balancer.rules },
    );
    this.dnsName = balancer.dnsName;
    this.registerOutputs({ url: this.url, dnsName: this.dnsName });
  }

  private secret(name: string, { portal, management, kmsKeyArn }: DeveloperPortalArgs) {
    const parent = { parent: this };
    const secret = new aws.secretsmanager.Secret(
      name,
      { description: "What the Developer Portal's API must keep to itself.", kmsKeyId: kmsKeyArn },
      parent,
    );
    const values: Record<(typeof secretVariables)[number], pulumi.Input<string>> = {
      MOESIF_APPLICATION_ID: portal.secrets.moesifApplicationId,
      MOESIF_MANAGEMENT_TOKEN: portal.secrets.moesifManagementToken,
      PLUGIN_AUTH0_M2M_CLIENT_SECRET: management.clientSecret,
      STRIPE_API_KEY: portal.secrets.stripeApiKey,
    };
    const version = new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(values)) },
      parent,
    );
    return {
      arn: secret.arn,
      version: pulumi.all([secret.arn, version.versionId]).apply(([arn, versionId]) => ({ arn, versionId })),
    };
  }
}

/**
 * What it takes to pull images from the company's own registry; Docker Hub asks for nothing.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html
 */
function pullsOf(images: string[]): ServiceRoleArgs["allow"] {
  const repositories = images.flatMap((image) => {
    const [, account, region, repository] =
      /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image) ?? [];
    return repository === undefined ? [] : [`arn:aws:ecr:${region}:${account}:repository/${repository}`];
  });
  if (repositories.length === 0) return [];
  return [
    // It knows no resources.
    { actions: ["ecr:GetAuthorizationToken"], resource: "*" },
    ...repositories.map((resource) => ({
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resource,
    })),
  ];
}
