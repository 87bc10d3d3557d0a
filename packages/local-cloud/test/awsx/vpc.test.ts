// How the local awsx lays out subnets, as awsx does by its strategy Auto.
import { planSubnets } from "../../src/awsx/vpc";

const layout = (cidr: string, zones: string[], types: string[]) =>
  planSubnets("portal", cidr, zones, types).map(
    ({ name, zone, cidrBlock }) => `${name} ${zone} ${cidrBlock}`,
  );

test("zones have equal parts of the network, and subnets of the zone", () => {
  expect(layout("10.0.0.0/16", ["a", "b"], ["Public", "Private"])).toEqual([
    "portal-public-1 a 10.0.0.0/18",
    "portal-private-1 a 10.0.64.0/18",
    "portal-public-2 b 10.0.128.0/18",
    "portal-private-2 b 10.0.192.0/18",
  ]);
});

test("parts are powers of two, so that three zones leave a quarter", () => {
  expect(layout("10.9.0.0/20", ["a", "b", "c"], ["Public"])).toEqual([
    "portal-public-1 a 10.9.0.0/22",
    "portal-public-2 b 10.9.4.0/22",
    "portal-public-3 c 10.9.8.0/22",
  ]);
});
