import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import type { Properties } from "../engine/provider";
import { privateDatabase, privateFolder } from "../private-files";

export interface StoredResource {
  /** Pulumi's type token. */
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** What AWS knows of the resource beyond its outputs, such as the API's body at the time of a deployment. */
  state: Properties;
}

type Listener = (change: { type: string; id: string; resource: StoredResource | undefined }) => void;

const defaultRegion = "eu-central-1";
const regionFile = "region";

/** A resource is written before its creation is answered, so that it outlives the process, however that ends. */
export class Account {
  readonly id = "123456789012";
  readonly partition = "aws";
  /** Where the gateway serves the stages. */
  gatewayUrl = "";
  /** How JWT authorizers reach their issuers. */
  fetchIssuer: typeof fetch = fetch;
  private readonly resources = new Map<string, Map<string, StoredResource>>();
  private readonly listeners = new Set<Listener>();

  private constructor(
    readonly directory: string,
    private currentRegion: string,
    private readonly database: RootDatabase<StoredResource, [string, string]>,
  ) {
    for (const { value } of database.getRange()) this.remember(value);
  }

  /** @param region default: the one that a deployment chose, since the ARNs of its resources have it */
  static open(directory: string, region?: string): Account {
    privateFolder(directory);
    const file = join(directory, regionFile);
    const remembered = existsSync(file) ? readFileSync(file, "utf8") : defaultRegion;
    const options = { path: join(directory, "account"), ...privateDatabase };
    return new Account(directory, region ?? remembered, open(options));
  }

  get region(): string {
    return this.currentRegion;
  }

  set region(region: string) {
    if (region !== this.currentRegion) {
      writeFileSync(join(this.directory, regionFile), region, { mode: 0o600 });
    }
    this.currentRegion = region;
  }

  get(type: string, id: string): StoredResource | undefined {
    return this.resources.get(type)?.get(id);
  }

  list(type: string): StoredResource[] {
    return [...(this.resources.get(type)?.values() ?? [])];
  }

  findByArn(type: string, arn: string): StoredResource | undefined {
    for (const resource of this.resources.get(type)?.values() ?? []) {
      if (resource.outputs.arn === arn) return resource;
    }
    return undefined;
  }

  async put(resource: StoredResource): Promise<void> {
    await this.database.put([resource.type, resource.id], resource);
    this.remember(resource);
    for (const listener of this.listeners) listener({ type: resource.type, id: resource.id, resource });
  }

  async remove(type: string, id: string): Promise<void> {
    await this.database.remove([type, id]);
    this.resources.get(type)?.delete(id);
    for (const listener of this.listeners) listener({ type, id, resource: undefined });
  }

  /** Calls the listener after every change; returns what stops that. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  arn(service: string, resource: string, { regional = true, owned = true } = {}): string {
    return `arn:${this.partition}:${service}:${regional ? this.region : ""}:${owned ? this.id : ""}:${resource}`;
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  private remember(resource: StoredResource): void {
    let ofType = this.resources.get(resource.type);
    if (!ofType) {
      ofType = new Map();
      this.resources.set(resource.type, ofType);
    }
    ofType.set(resource.id, resource);
  }
}
