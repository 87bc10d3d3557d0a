// An npm registry on localhost that serves the packages of this repository as if they were published, and redirects to npm's own
// registry for all others. So npm installs them as a company does: by name and version.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";

export interface Registry {
  /** For `npm_config_registry`. */
  url: string;
  close(): Promise<void>;
}

/** @param tarballs paths of what `npm pack` has made, in the order of their versions */
export async function startRegistry(tarballs: readonly string[]): Promise<Registry> {
  const upstream = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const files = new Map(tarballs.map((path) => [`/-/${basename(path)}`, readFileSync(path)]));
  const packages = new Map<string, Record<string, unknown>[]>();
  for (const path of tarballs) {
    const manifest: { name: string } = JSON.parse(
      execFileSync("tar", ["-xzOf", path, "package/package.json"], { encoding: "utf8" }),
    );
    const content = readFileSync(path);
    const dist = {
      tarball: `/-/${basename(path)}`,
      integrity: `sha512-${createHash("sha512").update(content).digest("base64")}`,
      shasum: createHash("sha1").update(content).digest("hex"),
    };
    packages.set(manifest.name, [...(packages.get(manifest.name) ?? []), { ...manifest, dist }]);
  }
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const file = files.get(path);
    if (file) return response.end(file);
    const versions = packages.get(decodeURIComponent(path.slice(1)));
    if (!versions) return response.writeHead(302, { location: new URL(path, upstream).href }).end();
    const { port } = server.address() as AddressInfo;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(packument(versions, `http://localhost:${port}`)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument(versions: readonly Record<string, unknown>[], url: string): unknown {
  const last = versions.at(-1);
  const published = versions.map((one) => {
    const dist = one.dist as { tarball: string };
    return [String(one.version), { ...one, dist: { ...dist, tarball: url + dist.tarball } }];
  });
  return {
    name: last?.name,
    "dist-tags": { latest: last?.version },
    versions: Object.fromEntries(published),
  };
}
