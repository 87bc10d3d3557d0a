// The two AWS calls that can bring the list of suspensions. The AWS SDK would be 20 times the size of the authorizer.
import { fetchText } from "./fetch-text";
import { readJson } from "./json";
import { sign } from "./signature-v4";

/** Value of a parameter of the Systems Manager. Needs ssm:GetParameter. */
export async function readParameter(name: string): Promise<string> {
  const body = JSON.stringify({ Name: name });
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AmazonSSM.GetParameter",
  };
  const answer = readJson(await call("POST", "ssm", endpoint("SSM", "ssm"), headers, body));
  const value = member(member(answer, "Parameter"), "Value");
  if (typeof value !== "string") throw new Error(`the parameter "${name}" has no value`);
  return value;
}

/** Content of an object. Needs s3:GetObject. */
export function readS3Object(bucket: string, key: string): Promise<string> {
  const path = [bucket, ...key.split("/")].map(encodePart).join("/");
  return call("GET", "s3", endpoint("S3", "s3") + path, {}, "");
}

/** RFC 3986 to the letter, as S3 does before it checks the signature; JavaScript leaves more characters as they are. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function call(
  method: string,
  service: string,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<string> {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
  const signed = sign({ method, url, headers, body, service, region: region() }, credentials, new Date());
  return fetchText(url, { method, headers: signed }, body);
}

/** As the AWS SDKs find it: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpoint(variable: string, service: string): string {
  const { env } = process;
  const suffix = region().startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return withSlash(
    env[`AWS_ENDPOINT_URL_${variable}`] ?? env.AWS_ENDPOINT_URL ?? `https://${service}.${region()}.${suffix}`,
  );
}

/** Lambda sets it. */
function region(): string {
  return process.env.AWS_REGION ?? "us-east-1";
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
