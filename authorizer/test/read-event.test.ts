// What the authorizer reads of an event, before it looks at the token.
import { bearerToken, readEvent } from "../src/event";
import { stageArn } from "../testing/fixture";

const tokenEvent = (methodArn: unknown) => ({ type: "TOKEN", methodArn, authorizationToken: "Bearer x" });
const read = { api: "rest", stageArn, method: "GET", path: "/orders", authorization: ["Bearer x"] };

it("is the request and all values of the header, of each kind of event", () => {
  const arn = `${stageArn}/GET/orders`;
  const headers = { Authorization: "Bearer x", Accept: "text/plain" };
  const multiValueHeaders = {
    Authorization: ["Bearer x", "Bearer y"],
    authorization: ["Bearer z"],
    Accept: ["*/*"],
  };
  expect(readEvent(tokenEvent(arn))).toEqual(read);
  expect(readEvent({ type: "REQUEST", methodArn: arn, headers })).toEqual(read);
  expect(readEvent({ type: "REQUEST", methodArn: arn, headers, multiValueHeaders })).toEqual({
    ...read,
    authorization: ["Bearer x", "Bearer y", "Bearer z"],
  });
  expect(readEvent({ type: "REQUEST", version: "1.0", methodArn: arn, headers })).toEqual(read);
  expect(readEvent({ type: "REQUEST", version: "2.0", routeArn: arn, headers })).toEqual({
    ...read,
    api: "http",
  });
});

it.each([[5], [null], [{ value: "Bearer x" }], [[5, null]]])(
  "leaves out values that are no texts: %j",
  (value) => {
    const event = { type: "REQUEST", methodArn: `${stageArn}/GET/orders`, headers: { Authorization: value } };
    expect(readEvent(event)).toEqual({ ...read, authorization: [] });
  },
);

it.each<[string, object]>([
  ["", { path: "/" }],
  ["/", { path: "/" }],
  ["/a/b/", { path: "/a/b/" }],
  ["/a\nb", { path: "/a\nb" }],
])("takes the path as it is: %j", (path, expected) => {
  expect(readEvent(tokenEvent(`${stageArn}/GET${path}`))).toEqual({ ...read, ...expected });
});

it.each([
  undefined,
  5,
  "",
  "arn",
  stageArn,
  `${stageArn}/`,
  ` ${stageArn}/GET/orders`,
  `${stageArn}/GET/orders`.replace("execute-api", "lambda"),
  `${stageArn}/GET/orders`.replace("arn:aws:", "arn::"),
  `${stageArn}/GET/orders`.replace("arn:aws:", "arn:aws:aws:"),
])("takes no other text for a request's ARN: %j", (arn) => {
  expect(readEvent(tokenEvent(arn))).toBeUndefined();
});

it.each([
  null,
  "TOKEN",
  {},
  { type: "TOKEN", methodArn: `${stageArn}/GET/orders` },
  { type: "Token", methodArn: `${stageArn}/GET/orders`, authorizationToken: "Bearer x" },
  { type: "REQUEST", version: "2.0", methodArn: `${stageArn}/GET/orders`, headers: {} },
])("is nothing for what is no authorizer's event: %j", (event) => {
  expect(readEvent(event)).toBeUndefined();
});

it("takes the token from one header only", () => {
  expect(bearerToken(["Bearer x"])).toBe("x");
  expect(bearerToken([])).toBeUndefined();
  expect(bearerToken(["Bearer x", "Bearer x"])).toBeUndefined();
});
