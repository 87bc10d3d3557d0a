// The policy pack: pulumi up --policy-pack node_modules/customers-as-code/policy --policy-pack-config policy/STACK.json
// It imports nothing from other folders, so that the engine's second process loads little.
import { PolicyPack } from "@pulumi/policy";
import { grantedScopes, protectedCustomers } from "./protected-customers";
import { publicRoutes } from "./public-routes";

new PolicyPack("customers-as-code", { policies: [protectedCustomers, grantedScopes, publicRoutes] });
