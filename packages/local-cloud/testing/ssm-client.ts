// The Systems Manager's API as the AWS CLI calls it.
import { sign } from "../../../authorizer/src/signature-v4";

export interface SsmAnswer {
  status: number;
  json: Record<string, unknown>;
}

/** @param operation such as `GetParameter` */
export async function ssm(
  url: string,
  operation: string,
  input: object,
  service = "ssm",
): Promise<SsmAnswer> {
  const request = {
    method: "POST",
    url: `${url}/`,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
    service,
    region: "eu-central-1",
  };
  const headers = sign(request, { accessKeyId: "AKIATEST", secretAccessKey: "secret" }, new Date());
  return send(url, headers, request.body);
}

export async function send(url: string, headers: Record<string, string>, body: string): Promise<SsmAnswer> {
  const response = await fetch(`${url}/`, { method: "POST", headers, body });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}
