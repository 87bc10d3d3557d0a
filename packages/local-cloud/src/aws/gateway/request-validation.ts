// Request validators: what is refused with 400 before the integration is called.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
import type Ajv from "ajv";
import type { ValidateFunction } from "ajv";
import type { RestRefusal } from "./gateway-responses";
import type { Method, RestApiDefinition } from "./rest-api-body";
import type { RestExchange } from "./rest-exchange";

/** The validators of one deployed API. */
export class RequestValidation {
  private ajv: Ajv | undefined;
  private readonly compiled = new Map<unknown, ValidateFunction>();

  constructor(private readonly definition: Pick<RestApiDefinition, "schemas">) {}

  /** Undefined where the request is as the method demands. */
  refuse(method: Method, exchange: RestExchange): RestRefusal | undefined {
    const { parameters, body } = method.validator;
    return (
      (parameters ? findMissing(method, exchange) : undefined) ??
      (body ? this.checkBody(method, exchange) : undefined)
    );
  }

  /** "If no matching content type is found, request validation is not performed." */
  private checkBody({ models }: Method, exchange: RestExchange): RestRefusal | undefined {
    // Whether AWS reads the JSON of a binary media type is not documented: the worst is assumed, that it does not.
    if (exchange.binaryMedia.includes(exchange.header("content-type"))) return undefined;
    const type = exchange.header("content-type")?.split(";")[0]?.trim().toLowerCase() || "application/json";
    const schema = models.get(type) ?? models.get("$default");
    if (schema === undefined) return undefined;
    let validate = this.compiled.get(schema);
    if (!validate) {
      // References within are those of the document.
      this.ajv ??= createAjv(this.definition);
      validate = this.ajv.compile({ $id: `${apiUri}/${this.compiled.size}`, allOf: [rebased(schema)] });
      this.compiled.set(schema, validate);
    }
    return isValid(validate, exchange.body)
      ? undefined
      : { type: "BAD_REQUEST_BODY", message: "Invalid request body" };
  }
}

/** Loaded by the first body that a method validates: most APIs never do, and the library takes as long as the rest of the gateway. */
function createAjv({ schemas }: Pick<RestApiDefinition, "schemas">): Ajv {
  const { Ajv }: typeof import("ajv") = require("ajv");
  const ajv = new Ajv({
    strict: false,
    validateFormats: false,
    // 19.99 is a multiple of 0.01, which binary fractions don't show.
    multipleOfPrecision: 9,
    code: { regExp },
  });
  return ajv.addSchema({ $id: apiUri, components: { schemas } });
}

/**
 * Patterns are those of other languages as well: what ECMAScript refuses with the flag "u", such as `\\_`, it may take without, and what
 * it cannot read, such as `(?i)`, matches everything.
 */
const regExp = Object.assign(compilePattern, { code: "new RegExp" });

function compilePattern(pattern: string, flags: string): RegExp {
  for (const tried of [flags, ""]) {
    try {
      return new RegExp(pattern, tried);
    } catch {
      // Then the next flags, or none of them.
    }
  }
  return /(?:)/;
}

const apiUri = "https://api.invalid/document";

function rebased(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${apiUri}#/`));
}

function isValid(validate: ValidateFunction, body: Buffer): boolean {
  try {
    return validate(JSON.parse(body.toString()));
  } catch {
    return false;
  }
}

/** "... are included and not blank. API Gateway only checks the existence of a parameter." */
function findMissing({ parameters }: Method, exchange: RestExchange): RestRefusal | undefined {
  const missing = [...parameters]
    .filter(([source, isRequired]) => isRequired && !exchange.source(source)?.trim())
    .map(([source]) => ({ place: source.split(".")[2] ?? "", name: source.split(".").slice(3).join(".") }))
    // Headers come first, and the query last (test_api_gateway_request_validator of localstack/localstack).
    .sort((a, b) => a.place.localeCompare(b.place))
    .map(({ name }) => name);
  if (missing.length === 0) return undefined;
  const message = `Missing required request parameters: [${missing.join(", ")}]`;
  return { type: "BAD_REQUEST_PARAMETERS", message };
}
