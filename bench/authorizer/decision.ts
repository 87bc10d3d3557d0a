// Entry of a bundle: the decision alone, without the event around it and the line in the log.
export { Authorizer } from "../../authorizer/src/authorizer";
