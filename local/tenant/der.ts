// DER, the encoding of certificates (X.690), as far as making one needs it.

const encode = (tag: number, ...contents: Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...contents: Buffer[]) => encode(0x30, ...contents);
export const set = (...contents: Buffer[]) => encode(0x31, ...contents);
export const boolean = (value: boolean) => encode(0x01, Buffer.from([value ? 0xff : 0]));
/** Of big-endian bytes whose first bit is 0. */
export const integer = (...bytes: number[]) => encode(0x02, Buffer.from(bytes));
export const bits = (content: Buffer, unused = 0) => encode(0x03, Buffer.from([unused]), content);
export const octets = (content: Buffer) => encode(0x04, content);
export const nothing = () => encode(0x05);
export const text = (value: string) => encode(0x0c, Buffer.from(value));
/** Until 2049. */
export const time = (at: Date) =>
  encode(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/\D/g, "")}Z`));
/** Something marked with a number: constructed of other things, or plain bytes. */
export const tagged = (tag: number, content: Buffer, constructed = true) =>
  encode((constructed ? 0xa0 : 0x80) | tag, content);

export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = rest.flatMap((part) => {
    const septets = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return encode(0x06, Buffer.from([40 * first + second, ...bytes]));
}
