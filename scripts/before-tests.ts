import { buildPackages } from "./build";

export default buildPackages;
