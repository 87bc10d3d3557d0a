// The cloud on the user's machine: an Auth0 tenant, AWS, Moesif's collector, the company's own service and the providers.
import { join } from "node:path";
import { PortTaken, startTenant, trustingFetch } from "auth0-tenant";
import type { UnknownTypes } from "./aws/aws-provider";
import { type RunningAws, startAws } from "./aws/start-aws";
import { type Backend, startBackend } from "./backend";
import { type RunningCollector, startCollector } from "./moesif/start-collector";
import { forgetTakenPorts, takenMessage } from "./port";
import { announceCloud, type CloudAddress, claimDirectory, releaseDirectory } from "./presence";

/** The version of the official provider whose resources the local one keeps. */
const awsVersion = "7.48.0";

/** What Moesif would give the company; nothing here is secret. */
const moesifApplicationId = "local-moesif-application";

/** A tenant that runs, wherever it does. */
export interface TenantOfCloud {
  domain: string;
  caFile: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

export interface CloudOptions {
  /**
   * Whether the engine can deploy to the cloud; default: true. A cloud for calls alone starts in a fraction of the time, and other
   * processes don't find it.
   */
  forEngine?: boolean;
  /** Whether the engine may ask for components of awsx, as for the Developer Portal. */
  awsx?: boolean;
  /** Whether servers may have other ports than before, if those are taken. The stack learns it at the next deployment. */
  newPorts?: boolean;
  /** What becomes of AWS resources that the product doesn't declare; default: they are refused. */
  unknownTypes?: UnknownTypes;
  /** How the tenant is started, with its state in the folder; default: in this process. */
  startTenant?(directory: string): Promise<TenantOfCloud>;
}

export interface Cloud {
  address: CloudAddress;
  aws: RunningAws;
  moesif: RunningCollector;
  /** `fetch` that trusts the tenant. */
  fetch: typeof fetch;
  close(): Promise<void>;
}

/**
 * Starts everything, with the state that the folder holds.
 * @throws where another process runs the cloud of the folder
 */
export async function startCloud(directory: string, options: CloudOptions = {}): Promise<Cloud> {
  const { forEngine = true, newPorts = false } = options;
  const start = options.startTenant ?? ((folder: string) => startLocalTenant(folder, newPorts));
  claimDirectory(directory);
  // In the reverse order of their start; whatever was started is closed, also where a later start fails.
  const closers: (() => unknown)[] = [() => releaseDirectory(directory)];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (newPorts) {
      const folders = ["moesif", "backend", "aws", join("aws", "ssm")];
      await forgetTakenPorts(folders.map((folder) => join(directory, folder)));
    }
    const tenant = await start(join(directory, "tenant"));
    closers.push(() => tenant.close());
    const moesif = await startCollector({
      directory: join(directory, "moesif"),
      accessKey: moesifApplicationId,
    });
    closers.push(() => moesif.close());
    const backend: Backend = await startBackend(join(directory, "backend"));
    closers.push(() => backend.close());
    const trusting = trustingFetch(tenant.caFile);
    const aws = await startAws({
      directory: join(directory, "aws"),
      ...(options.unknownTypes && { unknownTypes: options.unknownTypes }),
      // As the certificates of AWS's execution environment vouch for Auth0.
      lambdaEnvironment: { NODE_EXTRA_CA_CERTS: tenant.caFile },
      fetchIssuer: trusting,
      // The company's own service is behind any load balancer.
      loadBalancer: () => backend.url,
    });
    closers.push(() => aws.close());
    const providers = forEngine ? await startProviders(aws, trusting, options, closers) : {};

    const { domain, caFile, clientId, clientSecret } = tenant;
    const address: CloudAddress = {
      pid: process.pid,
      tenant: { domain, caFile, clientId, clientSecret },
      providers,
      backendUrl: backend.url,
      gatewayUrl: aws.url,
      moesif: { ingestUrl: moesif.url, applicationId: moesifApplicationId },
    };
    if (forEngine) announceCloud(directory, address);
    return { address, aws, moesif, fetch: trusting, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** They and their libraries load only when the engine needs them. @returns their ports */
async function startProviders(
  aws: RunningAws,
  trusting: typeof fetch,
  { awsx: hasAwsx = false }: CloudOptions,
  closers: (() => unknown)[],
): Promise<CloudAddress["providers"]> {
  const {
    auth0Provider,
    officialAuth0Version: auth0Version,
  }: typeof import("./auth0/auth0-provider") = require("./auth0/auth0-provider");
  const { serveProvider }: typeof import("./engine/provider-server") = require("./engine/provider-server");
  const auth0 = await serveProvider(auth0Provider({ fetch: trusting }), auth0Version);
  closers.push(() => auth0.close());
  const awsServer = await serveProvider(aws.provider, awsVersion);
  closers.push(() => awsServer.close());
  if (!hasAwsx) return { auth0: auth0.port, aws: awsServer.port };
  const { startAwsx }: typeof import("./awsx/start-awsx") = require("./awsx/start-awsx");
  const awsx = await startAwsx();
  closers.push(() => awsx.close());
  return { auth0: auth0.port, aws: awsServer.port, awsx: awsx.port };
}

async function startLocalTenant(directory: string, newPorts: boolean): Promise<TenantOfCloud> {
  try {
    return await startTenant({ directory });
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    if (!newPorts) throw new Error(takenMessage(error.port, "the Auth0 tenant"));
    return startTenant({ directory, port: 0 });
  }
}
