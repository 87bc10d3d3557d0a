// The hash by which the engine compares archives: SHA-256 of a tar file of their contents, in the order of their names
// (pulumi/pulumi, sdk/go/common/resource/archive/archive.go, EnsureHashWithWD and archiveTar). A pure function.
import { createHash } from "node:crypto";
import { isRecord } from "../../problems/record";

const block = 512;

/** @returns undefined if the archive has anything else than strings under short names */
export function archiveHash(assets: Readonly<Record<string, unknown>>): string | undefined {
  const hash = createHash("sha256");
  for (const name of Object.keys(assets).sort()) {
    const asset = assets[name];
    if (!isRecord(asset) || typeof asset.text !== "string" || !/^[\x21-\x7e]{1,99}$/.test(name))
      return undefined;
    const content = Buffer.from(asset.text);
    hash.update(header(name, content.length)).update(content).update(padding(content.length));
  }
  return hash.update(Buffer.alloc(2 * block)).digest("hex");
}

/** As Go's archive/tar writes it: the ustar format, with no owner and no time. */
function header(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  bytes.write(name, 0);
  bytes.write(octal(0o600, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.write("0", 156);
  bytes.write("ustar\u000000", 257);
  bytes.write(octal(0, 8), 329);
  bytes.write(octal(0, 8), 337);
  // The checksum counts its own field as spaces.
  bytes.fill(" ", 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}
