// Which versions of Node.js the README names, and which the packages accept.
import { readFileSync } from "node:fs";

interface LockedPackage {
  engines?: { node?: string };
  link?: boolean;
}

const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);

test("every workspace accepts Node.js 20.20 and newer", () => {
  const workspaces = Object.entries(packages).filter(([path]) => !path.includes("node_modules/"));
  const engines = workspaces.map(
    ([path]) => JSON.parse(readFileSync(`${path === "" ? "." : path}/package.json`, "utf8")).engines,
  );
  expect(engines.length).toBeGreaterThan(3);
  expect(new Set(engines.map((engine) => engine?.node))).toEqual(new Set([">=20.20"]));
});

test("the only package that requires a newer Node.js is the one about which the local cloud's page explains EBADENGINE", () => {
  const newer = Object.entries(packages).filter(([, { engines }]) =>
    /^(>=|\^)? ?v?2[1-9]/.test(engines?.node ?? ""),
  );
  // A range of several parts names 20 in one of them.
  const refusing = newer.filter(([, { engines }]) => !/(^|\|\| *)[\^~>=]*20\b/.test(engines?.node ?? ""));
  expect(refusing.map(([path]) => path)).toEqual(["node_modules/@pulumi/pulumi"]);
  expect(readFileSync("docs/how-to/local-cloud.md", "utf8")).toContain(
    "`npm ci` warns `EBADENGINE` about one package: `@pulumi/pulumi` requires Node.js 22",
  );
});
