// What runs in the portal's task: Moesif's two images, the environment of each, and how one sees that it is well.
// Ports and variables: Moesif/moesif-developer-portal, distribution/docker and the .env.template of both folders.
import type { types } from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { type PortalPlugin, pluginVariables } from "../auth0/portal-env";
import { type PortalSettings, secretVariables } from "./portal-settings";

export type ContainerName = "web" | "api";

/** The images listen on these, whatever their settings. */
export const containerPorts: Record<ContainerName, number> = { web: 4000, api: 3030 };

/** Variables of a container, by name. */
export type Variables = Record<string, string>;

/** Of the front end's build: whatever is in here is in every visitor's browser. */
export function webVariables(
  settings: PortalSettings,
  signIn: { domain: string; clientId: string },
): Variables {
  const { stripe, moesif } = settings;
  return {
    // In a task, the load balancer is another host.
    HOST: "0.0.0.0",
    PORT: String(containerPorts.web),
    REACT_APP_DEV_PORTAL_API_SERVER: `https://${settings.apiDomainName}`,
    REACT_APP_AUTH_PROVIDER: "Auth0",
    REACT_APP_AUTH0_DOMAIN: signIn.domain,
    REACT_APP_AUTH0_CLIENT_ID: signIn.clientId,
    REACT_APP_PAYMENT_PROVIDER: "stripe",
    REACT_APP_STRIPE_PUBLISHABLE_KEY: stripe.publishableKey,
    ...(stripe.managementUrl && { REACT_APP_STRIPE_MANAGEMENT_URL: stripe.managementUrl }),
    ...(moesif.publishableApplicationId && {
      REACT_APP_MOESIF_PUBLISHABLE_APPLICATION_ID: moesif.publishableApplicationId,
    }),
    ...settings.environment.web,
  };
}

/** Of the portal's API, without its secrets. What is not set, the image takes from its .env.template. */
export function apiVariables(
  settings: PortalSettings,
  plugin: PortalPlugin,
  signIn: { domain: string; clientId: string },
): Variables {
  const { moesif } = settings;
  return {
    // The image puts http:// before it, for the way back from Stripe; the load balancer leads on to https.
    FRONT_END_DOMAIN: settings.domainName,
    // The API refuses to start without a provider whose tokens it can check.
    AUTH_PROVIDER: "Auth0",
    AUTH0_DOMAIN: signIn.domain,
    AUTH0_CLIENT_ID: signIn.clientId,
    APP_PAYMENT_PROVIDER: "stripe",
    MOESIF_MONETIZATION_VERSION: moesif.monetizationVersion,
    MOESIF_TEMPLATE_WORKSPACE_ID_LIVE_EVENT_LOG: moesif.liveEventLogWorkspaceId,
    MOESIF_TEMPLATE_WORKSPACE_ID_TIME_SERIES: moesif.timeSeriesWorkspaceId,
    ...settings.environment.api,
    ...pluginVariables(plugin),
  };
}

/** A secret's version, in which each variable has a key of its own. */
interface SecretVersion {
  arn: string;
  versionId: string;
}

/**
 * Where ECS finds the secret variables. They are read once, when a task starts: naming the version has a new value start
 * new tasks. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function secretReferences({ arn, versionId }: SecretVersion) {
  return secretVariables.map((name) => ({ name, valueFrom: `${arn}:${name}::${versionId}` }));
}

export interface ContainerArgs {
  image: string;
  variables: pulumi.Input<Variables>;
  secrets?: pulumi.Input<SecretVersion>;
  logGroup: { name: pulumi.Input<string>; region: pulumi.Input<string> };
}

/** The container as ECS takes it. */
export function containerOf(
  name: ContainerName,
  { image, variables, secrets, logGroup }: ContainerArgs,
): types.input.ecs.TaskDefinitionContainerDefinitionArgs {
  return {
    name,
    image,
    essential: true,
    portMappings: [{ containerPort: containerPorts[name], protocol: "tcp" }],
    environment: pulumi
      .output(variables)
      // In an order of their own, so that nothing but a change changes the task.
      .apply((all) =>
        Object.keys(all)
          .sort()
          .map((key) => ({ name: key, value: all[key] })),
      ),
    ...(secrets && { secrets: pulumi.output(secrets).apply(secretReferences) }),
    healthCheck: { ...healthCheckOf(containerPorts[name]), ...patience[name] },
    // Node as the first process would not end on a signal.
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup.name,
        "awslogs-region": logGroup.region,
        "awslogs-stream-prefix": name,
      },
    },
  };
}

const healthCheckOf = (port: number) => ({ command: healthCommand(port), interval: 30, timeout: 5 });

/**
 * Ends well where a server answers at the port, whatever it is short of an error of its own: the API has no path to be
 * asked about its health. Both images are made from node:18, which has `fetch`.
 */
export const healthCommand = (port: number) => [
  "CMD",
  "node",
  "-e",
  `fetch("http://127.0.0.1:${port}/").then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))`,
];

/** The front end installs its dependencies and is built each time it starts (its entrypoint.sh): that takes minutes. */
const patience: Record<ContainerName, { startPeriod: number; retries: number }> = {
  web: { startPeriod: 300, retries: 10 },
  api: { startPeriod: 60, retries: 3 },
};
