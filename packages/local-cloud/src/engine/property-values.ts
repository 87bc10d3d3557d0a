// Property values between the engine's wire format and plain data with asset objects and UNKNOWN in it.
import * as asset from "@pulumi/pulumi/asset";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord } from "../record";
import { type Properties, Secret, UNKNOWN } from "./provider";

// The wire format's marks (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts).
const signature = "4dabf18193072939515e22adb298388d";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The wire form of the assets that were read, which the engine compares by the hash in it. */
const wireForms = new WeakMap<object, Properties>();

/** The engine's own hash of the contents of an asset or archive that came from it. */
export function contentHash(value: unknown): unknown {
  return typeof value === "object" && value !== null ? wireForms.get(value)?.hash : undefined;
}

export function fromStruct(struct: Struct | undefined): Properties {
  const value = decode(struct?.toJavaScript() ?? {});
  return isRecord(value) ? value : {};
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(encode(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function decode(value: unknown): unknown {
  if (value === unknownValue) return UNKNOWN;
  if (Array.isArray(value)) return value.map(decode);
  if (!isRecord(value)) return value;
  switch (value[signature]) {
    case secretSignature:
      return decode(value.value);
    case assetSignature:
      return remember(decodeAsset(value), value);
    case archiveSignature:
      return remember(decodeArchive(value), value);
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
  }
}

function decodeAsset({ text, path, uri }: Properties): asset.Asset {
  if (typeof path === "string" && path !== "") return new asset.FileAsset(path);
  if (typeof uri === "string" && uri !== "") return new asset.RemoteAsset(uri);
  return new asset.StringAsset(typeof text === "string" ? text : "");
}

function decodeArchive({ assets, path, uri }: Properties): asset.Archive {
  if (typeof path === "string" && path !== "") return new asset.FileArchive(path);
  if (typeof uri === "string" && uri !== "") return new asset.RemoteArchive(uri);
  return new asset.AssetArchive(decode(assets ?? {}) as asset.AssetMap);
}

function remember<T extends object>(decoded: T, wire: Properties): T {
  wireForms.set(decoded, wire);
  return decoded;
}

function encode(value: unknown): unknown {
  if (value === UNKNOWN) return unknownValue;
  if (value instanceof Secret) return { [signature]: secretSignature, value: encode(value.value) };
  if (Array.isArray(value)) return value.map((inner) => encode(inner) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const wire = wireForms.get(value);
  if (wire) return wire;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, encode(inner)]])),
  );
}
