// A zip file, not compressed: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32 } from "node:zlib";

/** @param files contents by path; the same files give the same bytes */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const described = description(name, content);
    const local = Buffer.concat([uint32(0x04034b50), described, name, content]);
    // Made by UNIX, so that the attributes are a file's mode.
    const attributes = Buffer.concat([
      uint16(0),
      uint16(0),
      uint16(0),
      uint32(0o100644 * 0x10000),
      uint32(offset),
    ]);
    directory.push(uint32(0x02014b50), uint16(0x0314), described, attributes, name);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = [
    uint32(0x06054b50),
    uint32(0),
    uint16(files.size),
    uint16(files.size),
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat([...parts, central, ...end]);
}

/** What both headers of a file have: version, flags (names are UTF-8), method, time, sizes. */
function description(name: Buffer, content: Buffer): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(0x0800),
    uint16(0),
    uint16(0),
    // 1 January 1980, the first day that there is.
    uint16(0x21),
    uint32(crc32(content)),
    uint32(content.length),
    uint32(content.length),
    uint16(name.length),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
