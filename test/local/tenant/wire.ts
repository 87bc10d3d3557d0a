import type { Row } from "./row";
export const wireRows: Row[] = [];
