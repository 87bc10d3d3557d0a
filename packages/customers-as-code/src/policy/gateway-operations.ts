// The operations of an API as the program hands it to API Gateway.

export interface GatewayOperation {
  /** Such as `GET /orders`. */
  route: string;
  /** Whether it demands no token. */
  isPublic: boolean;
}

interface Body {
  paths?: Record<string, Record<string, { security?: readonly unknown[] } | undefined>>;
}

/** @param body OpenAPI document, as JSON, of a REST or an HTTP API */
export function operationsOf(body: string): GatewayOperation[] {
  const { paths = {} }: Body = JSON.parse(body);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      // API Gateway takes an operation without the key for one that anyone may call, too.
      isPublic: (operation?.security ?? []).length === 0,
    })),
  );
}
