// The versions of an installation that don't fit together, each with what to do.
import { basename } from "node:path";
import { coerce, lt, major, satisfies } from "semver";
import type { Problem } from "../problems/problem";
import { asRecord, getOwn } from "../problems/record";
import { type Installation, type InstalledPackage, localName, productName, sdkName } from "./installation";
import { explainWorkflows, fitsWorkflows } from "./workflow-versions";

export function checkInstallation(installation: Installation): Problem[] {
  const product = installation.packages.find(({ name }) => name === productName);
  return [
    ...checkDependency(installation, productName, "dependencies"),
    ...checkDependency(installation, localName, "devDependencies"),
    ...checkLockFile(installation),
    ...(product === undefined
      ? [missing(installation, productName)]
      : [
          ...checkNode(installation, product),
          ...checkPeers(installation, product),
          ...checkLocalCloud(installation, product),
          ...checkWorkflows(installation, product),
        ]),
    ...checkSdkCopies(installation),
    ...checkPulumiCli(installation),
    ...checkPlugins(installation),
  ];
}

const machine = "this computer";

/** Beside the versions in package.json, the lock file has those of everything else. */
function checkDependency(
  { manifest, packages }: Installation,
  name: string,
  section: "dependencies" | "devDependencies",
): Problem[] {
  const sections = asRecord(manifest.value);
  const found = (["dependencies", "devDependencies"] as const).find(
    (one) => getOwn(asRecord(sections[one]), name) !== undefined,
  );
  const installed = packages.find((one) => one.name === name);
  // Both packages have one version.
  const product = packages.find((one) => one.name === productName);
  if (found === undefined) {
    // A company may do without the local cloud.
    if (name !== productName) return [];
    const message = `names no version of ${name}. Add it: npm install --save-exact ${name}`;
    return [{ file: manifest.file, code: "dependency-not-exact", message }];
  }
  const place = manifest.at([found, name]);
  const wanted = String(asRecord(sections[found])[name]);
  // A folder, an archive or a commit is no range.
  if (wanted.includes(":") || wanted.includes("/")) return [];
  if (!exactVersion.test(wanted)) {
    const save = section === "devDependencies" ? "--save-dev --save-exact" : "--save-exact";
    const message = `${found}.${name}: "${wanted}" is not an exact version, so a later install may differ. Pin it: npm install ${save} ${name}@${(installed ?? product)?.version ?? "VERSION"}`;
    return [{ ...place, code: "dependency-not-exact", message }];
  }
  if (installed === undefined) {
    const message = `${found}.${name}: is not installed. Run npm ci.`;
    return name === productName ? [] : [{ ...place, code: "package-missing", message }];
  }
  if (installed.version === wanted) return [];
  const message = `${found}.${name}: is ${wanted}, and ${installed.version} is installed. Run npm ci.`;
  return [{ ...place, code: "dependency-not-installed", message }];
}

const exactVersion = /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;

function checkLockFile({ manifest: { file }, lockFile }: Installation): Problem[] {
  if (lockFile !== undefined) return [];
  const message =
    "has no lock file beside it, so that every computer may install other versions. Run npm install, and commit package-lock.json.";
  return [{ file, code: "lock-file-missing", message }];
}

function missing({ manifest: { file } }: Installation, name: string): Problem {
  return { file, code: "package-missing", message: `${name} is not installed. Run npm ci.` };
}

function checkNode({ node }: Installation, { manifest, version }: InstalledPackage): Problem[] {
  const { node: range } = asRecord(manifest.engines);
  if (typeof range !== "string" || satisfies(node, range)) return [];
  const message = `runs Node.js ${node}, and ${productName} ${version} needs ${range}. Install Node.js 22 or newer.`;
  return [{ file: machine, code: "node-unsuitable", message }];
}

/** Pulumi's packages, which the company and the product must share. */
function checkPeers(installation: Installation, { manifest, version }: InstalledPackage): Problem[] {
  const { file } = installation.manifest;
  const optional = asRecord(manifest.peerDependenciesMeta);
  return Object.entries(asRecord(manifest.peerDependencies)).flatMap(([name, range]): Problem[] => {
    const peer = installation.packages.find((one) => one.name === name);
    if (peer === undefined) {
      return asRecord(optional[name]).optional === true ? [] : [missing(installation, name)];
    }
    if (typeof range !== "string" || satisfies(peer.version, range, { includePrerelease: true })) return [];
    const message = `${name} ${peer.version} is installed, and ${productName} ${version} needs ${range}. Remove ${name} from package.json unless your own code imports it, and run npm install; or install a version that fits.`;
    return [{ file, code: "package-unsuitable", message }];
  });
}

function checkLocalCloud({ packages, manifest }: Installation, product: InstalledPackage): Problem[] {
  const local = packages.find(({ name }) => name === localName);
  if (local === undefined || local.version === product.version) return [];
  const message = `${localName} ${local.version} is installed beside ${productName} ${product.version}. Install the same version of both: npm install --save-dev --save-exact ${localName}@${product.version}`;
  return [{ file: manifest.file, code: "local-cloud-unsuitable", message }];
}

function checkWorkflows({ workflows }: Installation, { version }: InstalledPackage): Problem[] {
  return workflows.flatMap((call): Problem[] => {
    const { file, line, column } = call;
    if (call.version === undefined) {
      const message = `"${call.ref}" names no version of the workflows. Call them by the tag v${version}, or by a commit with that tag in a comment.`;
      return [{ file, line, column, code: "workflow-not-exact", message }];
    }
    if (fitsWorkflows(version, call.version)) return [];
    const message = explainWorkflows(version, call.version);
    return [{ file, line, column, code: "workflow-unsuitable", message }];
  });
}

function checkSdkCopies({ sdkCopies, manifest: { file } }: Installation): Problem[] {
  if (sdkCopies.length < 2) return [];
  const copies = sdkCopies.map(({ folder, version }) => `${version} in ${folder}`).join(", ");
  const message = `${sdkName} is installed ${sdkCopies.length} times (${copies}). Each copy registers resources for itself: install one version that fits all packages, and run npm dedupe. npm explain ${sdkName} shows who needs which.`;
  return [{ file, code: "sdk-installed-twice", message }];
}

/** The CLI and the SDK are released together. A newer CLI of the same major version runs older SDKs. */
function checkPulumiCli({ pulumiCli, packages }: Installation): Problem[] {
  const sdk = packages.find(({ name }) => name === sdkName);
  const [cli, needed] = [coerce(pulumiCli), coerce(sdk?.version)];
  if (cli === null || needed === null) return [];
  const isOlder = lt(cli, `${needed.major}.${needed.minor}.0`);
  if (!isOlder && cli.major === major(needed)) return [];
  const message = `has the Pulumi CLI ${pulumiCli}, and ${sdkName} ${needed.version} needs one of major version ${needed.major}, from ${needed.major}.${needed.minor} on. Install it: https://www.pulumi.com/docs/iac/download-install/`;
  return [{ file: machine, code: "pulumi-cli-unsuitable", message }];
}

function checkPlugins({ plugins }: Installation): Problem[] {
  return plugins.flatMap(({ name, version, onPath }): Problem[] => {
    if (onPath === undefined) return [];
    const message = `has ${basename(onPath)} on the PATH (${onPath}), which Pulumi runs instead of the plugin ${name} ${version}. Remove it from the PATH, or set PULUMI_IGNORE_AMBIENT_PLUGINS=true.`;
    return [{ file: machine, code: "plugin-on-path", message }];
  });
}
