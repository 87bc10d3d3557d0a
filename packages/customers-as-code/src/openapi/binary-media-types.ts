// The media types of the API whose bodies are bytes, not text: a REST API corrupts them unless they are declared.
import { asRecord, isRecord } from "../problems/record";
import { operationMethods } from "./describe-path";

/** @param document with its references followed, those within schemas aside */
export function listBinaryMediaTypes(document: unknown): string[] {
  const { paths, components } = asRecord(document);
  const schemas = asRecord(asRecord(components).schemas);
  const found = Object.values(asRecord(paths))
    .flatMap((item) => operationMethods.map((method) => asRecord(asRecord(item)[method])))
    .flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(asRecord(responses))])
    .flatMap((message) => Object.entries(asRecord(asRecord(message).content)))
    .flatMap(([mediaType, media]) => readBinaryType(mediaType, asRecord(media).schema, schemas));
  return [...new Set(found)].sort();
}

function readBinaryType(
  mediaType: string,
  schema: unknown,
  schemas: Readonly<Record<string, unknown>>,
): string[] {
  const type = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (textTypes.test(type)) return [];
  if (binaryTypes.test(type)) return [type];
  const kind = kindOf(schema, schemas);
  // Such a range covers text as well, of which functions would then get Base64.
  if (/^(\*|application)\/\*$/.test(type)) return kind === "bytes" ? ["application/octet-stream"] : [];
  return kind === "text" || !/^[\w.+-]+\/([\w.+-]+|\*)$/.test(type) ? [] : [type];
}

const textTypes = new RegExp(
  "^(text/.*|message/.*|.*[+/](json|json-seq|xml|yaml)|application/(x-www-form-urlencoded|x-yaml|json5|jsonl|" +
    "(x-)?ndjson|(x-)?javascript|ecmascript|typescript|graphql|(x-)?sql|toml|jwt|jose|rtf|x-sh|xml-dtd|(x-)?csv|" +
    "pem-certificate-chain|x-pem-file|edi(fact|-x12|-consent)|n-(triples|quads)|trig|sparql-(query|update)|" +
    "vnd\\.oai\\.openapi|vnd\\.apple\\.mpegurl))$",
);

/** Whatever their schemas say; forms of several parts may have files. */
const binaryTypes = new RegExp(
  "^((image|audio|video|font|model|multipart)/.*|.*\\+(zip|gzip|cbor|protobuf)|application/(octet-stream|pdf|" +
    "(x-)?(gzip|zip|tar|bzip2?|xz|zstd|7z-compressed|rar-compressed|protobuf|msgpack)|vnd\\.rar|java-archive|" +
    "msword|vnd\\.(ms-|openxmlformats-|oasis\\.opendocument).*|cbor|wasm|grpc.*|avro|vnd\\.apache\\.(avro|parquet).*|" +
    "vnd\\.sqlite3|pkcs.*|pkix-.*))$",
);

/** What a schema shows of bodies whose type is not known here; without one, they may be anything. */
function kindOf(
  schema: unknown,
  schemas: Readonly<Record<string, unknown>>,
  seen: readonly unknown[] = [],
): "bytes" | "text" | "unknown" {
  if (!isRecord(schema)) return "unknown";
  const { $ref, type, format } = schema;
  if (typeof $ref === "string") {
    const name = /^#\/components\/schemas\/([^/]+)$/.exec($ref)?.[1];
    const target = name === undefined ? undefined : schemas[name];
    // What is kept in another file is structured, as most of what has a name.
    return isRecord(target) && !seen.includes(target) ? kindOf(target, schemas, [...seen, target]) : "text";
  }
  if (format === "binary") return "bytes";
  const isStructured = ["properties", "items", "allOf", "oneOf", "anyOf", "additionalProperties"].some(
    (keyword) => keyword in schema,
  );
  return isStructured || type !== undefined ? "text" : "unknown";
}
