// What an HTTP API answers by itself. Its bodies cannot be changed.

export interface HttpRefusal {
  status: number;
  message: string;
  /** As the access log calls it. */
  type: string;
  headers?: Record<string, string>;
  /** Why, for the access log. */
  reason?: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
export const unauthorizedRefusal: HttpRefusal = {
  status: 401,
  message: "Unauthorized",
  type: "UNAUTHORIZED",
};
export const forbiddenRefusal: HttpRefusal = { status: 403, message: "Forbidden", type: "ACCESS_DENIED" };

export function refuseInternalError(type: string, reason: string): HttpRefusal {
  return { status: 500, message: "Internal Server Error", type, reason };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
export const notFoundRefusal: HttpRefusal = { status: 404, message: "Not Found", type: "NOT_FOUND" };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html has the sizes; the texts are HTTP's. */
export const payloadTooLargeRefusal: HttpRefusal = {
  status: 413,
  message: "Request Entity Too Large",
  type: "REQUEST_TOO_LARGE",
};
export const headersTooLargeRefusal: HttpRefusal = {
  status: 431,
  message: "Request Header Fields Too Large",
  type: "REQUEST_TOO_LARGE",
};

/** What AWS answers for a backend without an answer is not in its guide; users report this. */
export function refuseUnavailable(reason: string): HttpRefusal {
  return { status: 503, message: "Service Unavailable", type: "INTEGRATION_FAILURE", reason };
}
