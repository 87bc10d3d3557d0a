import { ownClientId } from "../../ci/report";
import { plan } from "./plans";

describe("the client with which Pulumi signs in is the one that is named", () => {
  afterEach(() => {
    delete process.env.AUTH0_CLIENT_ID;
  });

  it("by the stack's settings", () => {
    process.env.AUTH0_CLIENT_ID = "another";
    expect(ownClientId({ ...plan(), settings: { "auth0:clientId": "client-of-pulumi" } })).toBe(
      "client-of-pulumi",
    );
  });

  it("by the environment, where the settings do not name one", () => {
    expect(ownClientId(plan())).toBeUndefined();
    process.env.AUTH0_CLIENT_ID = "client-of-pulumi";
    expect(ownClientId(plan())).toBe("client-of-pulumi");
  });
});
