// The policy pack: pulumi up --policy-pack node_modules/customers-as-code/policy --policy-pack-config policy/config/STACK.json
// It imports nothing from beyond this folder, so that `pulumi policy publish` can take it to Pulumi Cloud.
import { PolicyPack } from "@pulumi/policy";
import { grantedScopes, protectedCustomers } from "./protected-customers";
import { publicRoutes } from "./public-routes";

new PolicyPack("customers-as-code", { policies: [protectedCustomers, grantedScopes, publicRoutes] });
