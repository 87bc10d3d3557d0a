// Which stage and which route take a request:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
import { type Created, call, Fixture } from "../../../../testing/fixture";
import { anyMethod, deployHttp, invoking } from "../../../../testing/http-fixture";

let fixture: Fixture;
let fn: Created;

beforeAll(async () => {
  fixture = await Fixture.start();
  fn = await fixture.function("export const handler = async (event) => event;", { name: "backend" });
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
});

afterAll(() => fixture.close());

/** An API with these routes, such as `GET /pets`. */
function deploy(routes: string[], stage = "$default") {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const key of routes) {
    const [method = "", path = "/$default"] = key.split(" ");
    paths[path] ??= {};
    Object.assign(paths[path] ?? {}, {
      [method === "ANY" || key === "$default" ? anyMethod : method.toLowerCase()]: invoking(fn),
    });
  }
  return deployHttp(fixture, { openapi: "3.0.1", paths }, { name: stage });
}

const routeOf = async (url: string, method = "GET") => {
  const { status, json } = await call(url, { method });
  return status === 200 ? json.routeKey : [status, json];
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
describe("the route", () => {
  let url: string;
  beforeAll(async () => {
    // The example of AWS's page.
    const routes = [
      "GET /pets/dog/1",
      "GET /pets/dog/{id}",
      "GET /pets/{proxy+}",
      "ANY /{proxy+}",
      "$default",
    ];
    ({ url } = await deploy(routes));
  });

  it.each([
    ["GET", "pets/dog/1", "GET /pets/dog/1"],
    ["GET", "pets/dog/2", "GET /pets/dog/{id}"],
    ["GET", "pets/cat/1", "GET /pets/{proxy+}"],
    ["POST", "test/5", "ANY /{proxy+}"],
    ["POST", "pets/dog/1", "ANY /{proxy+}"],
    ["GET", "pets", "ANY /{proxy+}"],
    ["GET", "", "$default"],
  ])("of %s /%s is %s", async (method, path, expected) => {
    expect(await routeOf(url + path, method)).toBe(expected);
  });

  it("of a method of its own comes before ANY", async () => {
    const { url: other } = await deploy(["ANY /pets", "GET /pets"]);
    expect(await routeOf(`${other}pets`)).toBe("GET /pets");
    expect(await routeOf(`${other}pets`, "PUT")).toBe("ANY /pets");
  });

  it("that is full comes before a greedy one with more text", async () => {
    const { url: other } = await deploy(["GET /a/{proxy+}", "GET /{x}/{y}"]);
    expect(await routeOf(`${other}a/b`)).toBe("GET /{x}/{y}");
    expect(await routeOf(`${other}a/b/c`)).toBe("GET /a/{proxy+}");
  });

  it("that is missing gives 404", async () => {
    const { url: other } = await deploy(["GET /pets"]);
    const answer = [404, { message: "Not Found" }];
    expect(await routeOf(`${other}cats`)).toEqual(answer);
    expect(await routeOf(`${other}pets`, "POST")).toEqual(answer);
    // No page says that a slash at the end is passed over.
    expect(await routeOf(`${other}pets/`)).toEqual(answer);
  });

  // "API Gateway decodes URL-encoded request parameters before passing them to your backend integration": before it looks
  // for the route, as events show in fastify/aws-lambda-fastify#169 and aws/aws-lambda-dotnet#1901.
  it("is that of the decoded path, whatever a caller hides in it", async () => {
    const { url: other } = await deploy(["GET /pets/{id}", "GET /pets/{id}/{rest+}"]);
    const found = async (path: string) => {
      const { routeKey, pathParameters, rawPath } = (await call(other + path)).json;
      return { routeKey, pathParameters, rawPath };
    };
    const below = { routeKey: "GET /pets/{id}/{rest+}", pathParameters: { id: "a", rest: "b/c d" } };
    expect(await found("pets/a%2Fb/c%20d")).toEqual({ ...below, rawPath: "/pets/a/b/c d" });
    expect(await found("pets/a%2520b")).toMatchObject({ pathParameters: { id: "a%20b" } });
    expect(await found("pets/%zz")).toMatchObject({ pathParameters: { id: "%zz" } });
    // middleapi/standard-server#93 has this.
    expect(await found("pets/a%3Fb?c")).toMatchObject({ pathParameters: { id: "a" }, rawPath: "/pets/a" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
describe("the stage", () => {
  it("that the path names comes before $default, whatever routes that has", async () => {
    const { api, url } = await deploy(["GET /pets/{id}", "GET /{id}"]);
    await fixture.create("apigatewayv2/stage", { apiId: api.id, name: "pets", autoDeploy: true });
    const stageOf = async (path: string) => {
      const { json } = await call(url + path);
      return [json.requestContext, json.rawPath];
    };
    const named = { stage: "pets", routeKey: "GET /{id}", http: { path: "/pets/dog" } };
    expect(await stageOf("pets/dog")).toEqual([expect.objectContaining({ stage: "pets" }), "/pets/dog"]);
    expect((await call(`${url}pets/dog`)).json.requestContext).toMatchObject(named);
    expect(await stageOf("dog")).toEqual([expect.objectContaining({ stage: "$default" }), "/dog"]);
  });

  it("that is missing gives 404", async () => {
    const { url } = await deploy(["GET /pets"], "v1");
    expect(await routeOf(`${url}/pets`)).toBe("GET /pets");
    expect(await routeOf(url.replace("/v1", "/v2/pets"))).toEqual([404, { message: "Not Found" }]);
  });

  it("may be asked by the host's name, as with AWS", async () => {
    const { api, url } = await deploy(["GET /pets"], "v1");
    const headers = { Host: `${api.id}.execute-api.eu-central-1.amazonaws.com` };
    const { json } = await call(`${new URL(url).origin}/v1/pets`, { headers });
    expect(json.requestContext).toMatchObject({ domainPrefix: api.id, stage: "v1" });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html
  it("deploys a changed API by itself, and serves nothing if the API's own endpoint is off", async () => {
    const { api, url } = await deploy(["GET /pets"], "v1");
    const paths = { "/cats": { get: invoking(fn) } };
    const changed = await fixture.update("apigatewayv2/api", api, {
      body: JSON.stringify({ openapi: "3.0.1", paths }),
    });
    expect(await routeOf(`${url}/cats`)).toBe("GET /cats");
    expect(await routeOf(`${url}/pets`)).toEqual([404, { message: "Not Found" }]);
    await fixture.update("apigatewayv2/api", changed, { disableExecuteApiEndpoint: true });
    expect(await routeOf(`${url}/cats`)).toEqual([404, { message: "Not Found" }]);
  });

  // It is not documented what an import does to the endpoint; nobody is to rely on its being left alone.
  it("has the API's own endpoint open again after an import that does not say that it is off", async () => {
    const servers = [
      { url: "/", "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } },
    ];
    const { api, url } = await deploy(["GET /pets"], "v1");
    const { paths } = JSON.parse(String(api.inputs.body));
    const silent = JSON.stringify({ openapi: "3.0.1", info: { description: "changed" }, paths });
    const isOff = { disableExecuteApiEndpoint: true };
    const open = await fixture.update("apigatewayv2/api", api, { ...isOff, body: silent });
    expect(await routeOf(`${url}/pets`)).toBe("GET /pets");
    const { provider } = fixture.aws;
    const diff = await provider.diff(
      "aws:apigatewayv2/api:Api",
      api.id,
      open.inputs,
      open.outputs,
      open.inputs,
    );
    expect(diff.changed).toEqual(["disableExecuteApiEndpoint"]);
    const body = JSON.stringify({ openapi: "3.0.1", servers, paths });
    await fixture.update("apigatewayv2/api", open, { body });
    expect(await routeOf(`${url}/pets`)).toEqual([404, { message: "Not Found" }]);
  });

  // https://github.com/hashicorp/terraform-provider-aws/issues/33389
  it("has an API of the document's name after an import, which another name of the program differs from", async () => {
    const { api } = await deploy(["GET /pets"], "v1");
    const { paths } = JSON.parse(String(api.inputs.body));
    const info = { title: "Pets", version: "7" };
    const body = JSON.stringify({ openapi: "3.0.1", info, paths });
    const imported = await fixture.update("apigatewayv2/api", api, { body, name: "pets-1", version: "1" });
    expect(imported.outputs).toMatchObject({ name: "Pets", version: "7" });
    const changesTo = async (changes: Record<string, unknown>) => {
      const { inputs, outputs } = imported;
      const type = "aws:apigatewayv2/api:Api";
      const to = { ...inputs, ...changes };
      return (await fixture.aws.provider.diff(type, api.id, inputs, outputs, to)).changed;
    };
    expect(await changesTo({})).toEqual(["name", "version"]);
    expect(await changesTo({ name: "Pets", version: "7" })).toEqual([]);
  });

  it("goes with its API", async () => {
    const { api, stage } = await deploy(["GET /pets"], "v1");
    await fixture.aws.provider.delete("aws:apigatewayv2/api:Api", api.id, {});
    expect(fixture.aws.account.get("aws:apigatewayv2/stage:Stage", stage.id)).toBeUndefined();
  });
});
