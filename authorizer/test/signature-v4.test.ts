// AWS Signature Version 4, by the values that AWS publishes.
import { sign } from "../src/signature-v4";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const published = {
  credentials: {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  time: new Date("2013-05-24T00:00:00Z"),
  place: { service: "s3", region: "us-east-1" },
  origin: "https://examplebucket.s3.amazonaws.com",
};

describe("the published examples of S3", () => {
  const { credentials, time, place, origin } = published;
  const scope = "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

  it("have our signature for a GET of an object", () => {
    const request = { method: "GET", url: `${origin}/test.txt`, headers: { range: "bytes=0-9" }, body: "" };
    const headers = sign({ ...request, ...place }, credentials, time);
    expect(headers).toEqual({
      authorization:
        `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ` +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      host: "examplebucket.s3.amazonaws.com",
      range: "bytes=0-9",
      "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-amz-date": "20130524T000000Z",
    });
  });

  it("have our signature for a PUT with a body and an encoded key", () => {
    const headers = { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" };
    const body = "Welcome to Amazon S3.";
    const request = { method: "PUT", url: `${origin}/test%24file.text`, headers, body };
    expect(sign({ ...request, ...place }, credentials, time).authorization).toBe(
      `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, ` +
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
  });
});

describe("temporary credentials, as Lambda has them", () => {
  const request = { method: "GET", url: published.origin, headers: {}, body: "", ...published.place };

  it("sign their session token too", () => {
    const credentials = { ...published.credentials, sessionToken: "session" };
    const headers = sign(request, credentials, published.time);
    expect(headers["x-amz-security-token"]).toBe("session");
    expect(headers.authorization).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ",
    );
    const other = sign(request, { ...credentials, sessionToken: "other" }, published.time);
    expect(other.authorization).not.toBe(headers.authorization);
  });

  it.each([undefined, ""])("without a session token send none: %j", (sessionToken) => {
    const headers = sign(request, { ...published.credentials, sessionToken }, published.time);
    expect(headers).not.toHaveProperty("x-amz-security-token");
  });
});
